"""Who is who in Slack: its errors, the flags of people, and how long answers are cached."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk import WebClient

from bot.adapters.slack.directory import MAX_AGE, SlackDirectory
from bot.core.errors import Unavailable
from bot.core.rules.people import LookupFailure, MembershipStatus
from infra.local.server import Server
from tests.local.slack_stand_in import ANN, APPROVERS, BEN, StandIn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from _typeshed.wsgi import StartResponse, WSGIEnvironment

pytest_plugins = ["tests.local.slack_fixtures"]

BUSY = ("ratelimited", "429", "500", "503", "timeout", "refused", "internal_error", "fatal_error")
HOME = {"team_id": "T0HOME"}
GRID = {"team_id": "T0HOME", "enterprise_id": "E0HOME"}
COLLEAGUE_HERE = {"id": ANN.id, "team_id": "T0HOME", "is_restricted": False}
COLLEAGUE = {"id": ANN.id, "enterprise_user": {"enterprise_id": "E0HOME"}}
STRANGE = {"id": ANN.id, "enterprise_user": {"enterprise_id": "E0ELSEWHERE"}}

CALLS: dict[str, Callable[[SlackDirectory], object]] = {
    "usergroups.users.list": lambda directory: directory.members(APPROVERS.id),
    "users.info": lambda directory: directory.profile(ANN.id).membership,
    "auth.test": lambda directory: directory.profile(ANN.id).membership,
    "users.lookupByEmail": lambda directory: directory.with_email(ANN.email),
}
READ = {
    "usergroups.users.list": frozenset({ANN.id, BEN.id}),
    "users.info": MembershipStatus.MEMBER,
    "auth.test": MembershipStatus.MEMBER,
    "users.lookupByEmail": ANN.id,
}
UNREAD = {
    "usergroups.users.list": LookupFailure.SCOPE,
    "users.info": MembershipStatus.UNKNOWN,
    "auth.test": MembershipStatus.UNKNOWN,
    "users.lookupByEmail": LookupFailure.SCOPE,
}


class Scripted:
    """A Slack that gives each method a scripted answer, and records the calls."""

    def __init__(self) -> None:
        self.answers: dict[str, dict[str, Any]] = {}
        self.asked: list[str] = []
        self._server = Server(self._serve)
        self._server.start()
        self.stop = self._server.stop

    def __call__(self) -> WebClient:
        return WebClient("xoxb", base_url=f"{self._server.url}/api/", retry_handlers=[])

    def says(self, user: dict[str, Any], home: dict[str, Any]) -> SlackDirectory:
        """A directory of this Slack, in which anybody is *user* and the app lives at *home*."""
        self.answers = {"users.info": {"user": user}, "users.lookupByEmail": {"user": user}}
        self.answers["auth.test"] = home
        return SlackDirectory(self, lambda: 0.0)

    def _serve(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        method = environ["PATH_INFO"].rpartition("/")[2]
        self.asked.append(method)
        start("200 OK", [("Content-Type", "application/json")])
        return [json.dumps({"ok": True, **self.answers[method]}).encode()]


@pytest.fixture(scope="module")
def scripted() -> Iterator[Scripted]:
    slack = Scripted()
    yield slack
    slack.stop()


@pytest.fixture
def directory(slack: StandIn) -> SlackDirectory:
    return SlackDirectory(lambda: slack.web, slack.clock)


# --- errors ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("plan_upgrade_required", LookupFailure.PLAN),
        ("missing_scope", LookupFailure.SCOPE),
        ("not_allowed_token_type", LookupFailure.SCOPE),
        ("no_such_subteam", LookupFailure.NONE),
        ("subteam_not_found", LookupFailure.NONE),
        ("access_denied", LookupFailure.OTHER),
        ("invalid_auth", LookupFailure.OTHER),
    ],
)
def test_the_errors_of_slack_about_a_user_group_are_told_apart(
    slack: StandIn, directory: SlackDirectory, code: str, why: LookupFailure
) -> None:
    slack.faults.add("usergroups.users.list", code)

    assert directory.members(APPROVERS.id) is why


@pytest.mark.parametrize("method", ["users.info", "auth.test"])
@pytest.mark.parametrize(
    "code", ["user_not_found", "user_not_visible", "missing_scope", "invalid_auth"]
)
def test_a_person_whom_slack_does_not_describe_is_unknown(
    slack: StandIn, directory: SlackDirectory, method: str, code: str
) -> None:
    slack.faults.add(method, code)

    assert directory.profile(ANN.id).membership is MembershipStatus.UNKNOWN


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        ("users_not_found", None),
        ("missing_scope", LookupFailure.SCOPE),
        ("not_allowed_token_type", LookupFailure.OTHER),
        ("plan_upgrade_required", LookupFailure.OTHER),
        ("user_not_found", LookupFailure.OTHER),
    ],
)
def test_the_errors_of_slack_about_an_email_are_told_apart(
    slack: StandIn, directory: SlackDirectory, code: str, answer: LookupFailure | None
) -> None:
    slack.faults.add("users.lookupByEmail", code)

    assert directory.with_email(ANN.email) is answer


@pytest.mark.parametrize("method", CALLS)
def test_the_reason_of_a_failed_lookup_is_logged(
    slack: StandIn, directory: SlackDirectory, method: str, caplog: pytest.LogCaptureFixture
) -> None:
    slack.faults.add(method, "access_denied")
    CALLS[method](directory)

    (record,) = caplog.records
    assert (record.levelname, vars(record)["reason"]) == ("WARNING", "access_denied")


def test_an_email_is_not_logged(
    slack: StandIn, directory: SlackDirectory, caplog: pytest.LogCaptureFixture
) -> None:
    slack.faults.add("users.lookupByEmail", "missing_scope")
    directory.with_email(ANN.email)

    (record,) = caplog.records
    assert ANN.email not in str(vars(record))


def test_an_email_that_nobody_has_is_not_logged_as_a_failure(
    directory: SlackDirectory, caplog: pytest.LogCaptureFixture
) -> None:
    directory.with_email("nobody@example.com")

    assert caplog.records == []


# --- outages --------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", BUSY)
@pytest.mark.parametrize("method", CALLS)
def test_an_outage_is_a_reason_to_wait(
    slack: StandIn, directory: SlackDirectory, method: str, fault: str
) -> None:
    slack.faults.add(method, fault)

    with pytest.raises(Unavailable):
        CALLS[method](directory)
    assert CALLS[method](directory) == READ[method]


@pytest.mark.parametrize("method", CALLS)
def test_slack_says_how_long_to_wait(
    slack: StandIn, directory: SlackDirectory, method: str
) -> None:
    slack.faults.add(method, "ratelimited")

    with pytest.raises(Unavailable) as caught:
        CALLS[method](directory)
    assert caught.value.retry_after == 1


# --- answers that lack something ------------------------------------------------------------------


@pytest.mark.parametrize("answer", [{}, {"users": None}, {"users": "U0ANN"}])
def test_an_answer_without_members_is_not_an_empty_user_group(
    scripted: Scripted, answer: dict[str, Any]
) -> None:
    scripted.answers = {"usergroups.users.list": answer}

    assert SlackDirectory(scripted, lambda: 0.0).members("S0LEADS") is LookupFailure.OTHER


@pytest.mark.parametrize("user", [{}, {"user": None}, {"user": []}])
def test_an_answer_without_a_person_is_unknown(scripted: Scripted, user: dict[str, Any]) -> None:
    directory = scripted.says(COLLEAGUE_HERE, HOME)
    scripted.answers |= {"users.info": user, "users.lookupByEmail": user}

    assert directory.profile(ANN.id).membership is MembershipStatus.UNKNOWN
    assert directory.with_email(ANN.email) is LookupFailure.OTHER


def test_an_answer_for_an_email_without_an_id_is_a_failure(scripted: Scripted) -> None:
    assert scripted.says({"team_id": "T0HOME"}, HOME).with_email(ANN.email) is LookupFailure.OTHER


@pytest.mark.parametrize("user", [COLLEAGUE_HERE, {"id": ANN.id}, COLLEAGUE])
def test_everybody_is_unknown_while_our_own_workspace_is_unknown(
    scripted: Scripted, user: dict[str, Any]
) -> None:
    assert scripted.says(user, {}).profile(ANN.id).membership is MembershipStatus.UNKNOWN


# --- people ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("flags", "membership"),
    [
        ({}, MembershipStatus.MEMBER),
        ({"is_restricted": True}, MembershipStatus.GUEST),
        ({"is_ultra_restricted": True}, MembershipStatus.GUEST),
        ({"is_stranger": True}, MembershipStatus.STRANGER),
        ({"team_id": "T0ELSEWHERE"}, MembershipStatus.STRANGER),
        ({"team_id": "T0ELSEWHERE", "is_restricted": True}, MembershipStatus.STRANGER),
        ({"team_id": None}, MembershipStatus.STRANGER),
        ({"is_bot": True}, MembershipStatus.ROBOT),
        ({"is_workflow_bot": True}, MembershipStatus.ROBOT),
        ({"id": "USLACKBOT"}, MembershipStatus.ROBOT),
        ({"is_bot": True, "team_id": "T0ELSEWHERE"}, MembershipStatus.ROBOT),
        ({"deleted": True}, MembershipStatus.GONE),
        ({"deleted": True, "is_bot": True}, MembershipStatus.GONE),
        ({"deleted": True, "is_restricted": True}, MembershipStatus.GONE),
        ({"deleted": True, "is_stranger": True}, MembershipStatus.GONE),
    ],
)
def test_the_membership_of_a_person_follows_from_their_flags(
    scripted: Scripted, flags: dict[str, Any], membership: MembershipStatus
) -> None:
    assert scripted.says(COLLEAGUE_HERE | flags, HOME).profile(ANN.id).membership is membership


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ({"real_name": "Ann Lee"}, "Ann Lee"),
        ({"real_name": "Ann Lee", "profile": {"real_name": "Another"}}, "Ann Lee"),
        ({"profile": {"real_name": "Ann Lee"}}, "Ann Lee"),
        ({"real_name": "", "profile": {"real_name": ""}}, ""),
        ({"real_name": "Ann\n\u202eLee"}, "Ann / Lee"),
        ({"real_name": None, "profile": None}, ""),
        ({}, ""),
    ],
)
def test_the_real_name_of_a_person_is_on_one_line(
    scripted: Scripted, names: dict[str, Any], expected: str
) -> None:
    assert scripted.says(COLLEAGUE_HERE | names, HOME).profile(ANN.id).name == expected


@pytest.mark.parametrize(
    ("user", "home", "membership"),
    [
        (COLLEAGUE, GRID, MembershipStatus.MEMBER),
        (COLLEAGUE | {"team_id": "T0OTHER"}, GRID, MembershipStatus.MEMBER),
        (COLLEAGUE | {"is_restricted": True}, GRID, MembershipStatus.GUEST),
        (COLLEAGUE | {"is_stranger": True}, GRID, MembershipStatus.STRANGER),
        (COLLEAGUE, HOME, MembershipStatus.STRANGER),
        (STRANGE, GRID, MembershipStatus.STRANGER),
        (STRANGE | {"team_id": "T0ELSEWHERE"}, GRID, MembershipStatus.STRANGER),
        ({"id": ANN.id, "enterprise_user": {}}, HOME, MembershipStatus.STRANGER),
        ({"id": ANN.id, "enterprise_user": {"enterprise_id": ""}}, GRID, MembershipStatus.STRANGER),
        (
            {"id": ANN.id, "enterprise_user": {"enterprise_id": ""}},
            HOME | {"enterprise_id": ""},
            MembershipStatus.STRANGER,
        ),
    ],
)
def test_all_workspaces_of_one_grid_are_ours_and_no_others(
    scripted: Scripted, user: dict[str, Any], home: dict[str, Any], membership: MembershipStatus
) -> None:
    assert scripted.says(user, home).profile(ANN.id).membership is membership


@given(
    flags=st.fixed_dictionaries(
        {},
        optional={
            "deleted": st.booleans(),
            "is_bot": st.booleans(),
            "is_workflow_bot": st.booleans(),
            "is_stranger": st.booleans(),
            "is_restricted": st.booleans(),
            "is_ultra_restricted": st.booleans(),
        },
    ),
    team=st.sampled_from(["T0HOME", "T0ELSEWHERE", None]),
)
def test_only_a_person_of_our_workspace_without_flags_is_a_member(
    scripted: Scripted, flags: dict[str, bool], team: str | None
) -> None:
    directory = scripted.says({"id": ANN.id, "team_id": team, **flags}, HOME)
    plain = team == "T0HOME" and not any(flags.values())

    assert (directory.profile(ANN.id).membership is MembershipStatus.MEMBER) is plain


@pytest.mark.parametrize(
    "flag", [{"deleted": True}, {"is_bot": True}, {"is_workflow_bot": True}, {"id": "USLACKBOT"}]
)
def test_an_email_of_a_bot_or_a_person_who_left_belongs_to_nobody(
    scripted: Scripted, flag: dict[str, Any]
) -> None:
    assert scripted.says(COLLEAGUE_HERE | flag, HOME).with_email(ANN.email) is None


# --- the cache ------------------------------------------------------------------------------------


def move_on(slack: StandIn) -> None:
    """Everything changes at once: the approvers, who Ann is, and who has her address."""
    workspace = slack.workspace
    workspace.usergroups[APPROVERS.id] = replace(APPROVERS, users=(BEN.id,))
    workspace.users[ANN.id] = replace(ANN, guest=True, email="lee@example.com")


def read_all(directory: SlackDirectory) -> list[object]:
    return [
        directory.members(APPROVERS.id),
        directory.profile(ANN.id).membership,
        directory.with_email("ann@example.com"),
        directory.with_email("lee@example.com"),
    ]


def test_an_answer_is_cached_for_five_minutes(slack: StandIn, directory: SlackDirectory) -> None:
    before = [frozenset({ANN.id, BEN.id}), MembershipStatus.MEMBER, ANN.id, None]
    assert read_all(directory) == before
    move_on(slack)
    slack.clock.now += MAX_AGE

    assert MAX_AGE == 300
    assert read_all(directory) == before


def test_after_five_minutes_everything_is_read_anew(
    slack: StandIn, directory: SlackDirectory
) -> None:
    read_all(directory)
    move_on(slack)
    slack.clock.now += MAX_AGE + 1

    assert read_all(directory) == [frozenset({BEN.id}), MembershipStatus.GUEST, None, ANN.id]


def test_everything_is_read_anew_if_the_clock_was_set_back(
    slack: StandIn, directory: SlackDirectory
) -> None:
    """It would be kept for all the time that the clock was ahead."""
    read_all(directory)
    move_on(slack)
    slack.clock.now -= 1

    assert read_all(directory) == [frozenset({BEN.id}), MembershipStatus.GUEST, None, ANN.id]


def test_a_cached_answer_that_is_used_is_not_kept_longer(
    slack: StandIn, directory: SlackDirectory
) -> None:
    read_all(directory)
    move_on(slack)
    slack.clock.now += MAX_AGE
    read_all(directory)
    slack.clock.now += 1

    assert directory.members(APPROVERS.id) == frozenset({BEN.id})


@pytest.mark.parametrize("method", CALLS)
def test_a_failed_lookup_is_not_cached(
    slack: StandIn, directory: SlackDirectory, method: str
) -> None:
    slack.faults.add(method, "missing_scope")

    assert CALLS[method](directory) is UNREAD[method]
    assert CALLS[method](directory) == READ[method]


@pytest.mark.parametrize("method", [method for method in CALLS if method != "auth.test"])
def test_an_expired_answer_does_not_replace_a_failed_lookup(
    slack: StandIn, directory: SlackDirectory, method: str
) -> None:
    CALLS[method](directory)
    slack.clock.now += MAX_AGE + 1
    slack.faults.add(method, "missing_scope")
    slack.faults.add(method, "ratelimited")

    assert CALLS[method](directory) is UNREAD[method]
    with pytest.raises(Unavailable):
        CALLS[method](directory)


def test_each_answer_is_cached_under_its_own_key(directory: SlackDirectory) -> None:
    read_all(directory)

    assert directory.members("S0NOBODY") is LookupFailure.NONE
    assert directory.profile("U0GONE").membership is MembershipStatus.GONE
    assert directory.with_email(BEN.email) == BEN.id


def test_our_own_workspace_is_looked_up_once(scripted: Scripted) -> None:
    hours = iter(range(0, 36000, 3600))
    scripted.says(COLLEAGUE_HERE, HOME)
    scripted.asked.clear()
    directory = SlackDirectory(scripted, lambda: float(next(hours)))

    for _ in range(3):
        assert directory.profile(ANN.id).membership is MembershipStatus.MEMBER
    assert sorted(scripted.asked) == ["auth.test", "users.info", "users.info", "users.info"]


def test_every_call_reads_the_token_anew(slack: StandIn) -> None:
    base = slack.web.base_url
    workspace = slack.workspace
    directory = SlackDirectory(
        lambda: WebClient(workspace.bot_token, base_url=base, retry_handlers=[]), slack.clock
    )
    for method, call in CALLS.items():
        workspace.bot_token = f"xoxb-rotated-before-{method}"
        assert call(directory) == READ[method]
