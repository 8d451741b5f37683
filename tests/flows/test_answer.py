from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import pytest

from bot.core.errors import Forbidden, Unavailable
from bot.core.jobs.messages import AnswerQuestion, ReconcileVersion
from bot.core.registry.registry_id import OWN_REGISTRY
from bot.core.registry.version import Status
from tests.doubles.builders import DAN, NOON, THERE, a_submit, a_version, an_arn, an_offer
from tests.doubles.chat import buttons

if TYPE_CHECKING:
    from bot.core.cards.messages import Message
    from bot.core.registry.registry_id import RegistryId
    from bot.core.registry.version import Arn, Version
    from tests.flows.conftest import Office


def asked(office: Office, text: str, page: int = 0) -> Message:
    """The answer to `/model-status *text*`."""
    office.do(
        AnswerQuestion(person=DAN, text=text, page=page, answer_url="https://hooks.slack.com/1")
    )
    return office.chat.answers[-1][1]


def test_alone_it_lists_the_groups_with_what_is_live_and_what_waits(office: Office) -> None:
    office.registry.add(a_version(1, Status.APPROVED))
    office.registry.add(a_version(2))
    office.registry.add(a_version(3))
    office.registry.add(a_version(1, group="prices"))

    assert asked(office, "").text == (
        "2 model package groups\n"
        "fraud\nversion 1 is live, 2 waiting\n"
        "prices\nno version is approved, 1 waiting"
    )


def test_a_group_lists_its_versions_newest_first_with_status_and_age(office: Office) -> None:
    office.registry.add(a_version(1, Status.APPROVED, created=NOON.replace(day=1)))
    office.registry.add(a_version(2, created=NOON))

    assert asked(office, "FRAUD").text == (
        "fraud: 2 versions\n"
        "Version 2\n🟡 Waiting for a decision, registered less than a minute ago\n"
        "Version 1\n🟢 Approved, and live, registered 1 day ago"
    )


def test_a_version_is_answered_with_its_card_however_it_is_named(office: Office) -> None:
    version = office.registry.add(a_version(3))
    office.do(ReconcileVersion(version.arn))

    answers = [asked(office, text) for text in ("fraud 3", "Fraud/3", "fraud v3", version.arn)]

    assert answers == [office.card(version)] * 4


def test_a_card_in_an_answer_says_who_decided(office: Office) -> None:
    version = office.registry.add(a_version())
    office.do(ReconcileVersion(version.arn))
    office.do(a_submit(an_offer(version, Status.APPROVED)))

    assert asked(office, "fraud 1") == office.card(version)


def test_pending_lists_what_waits_oldest_first(office: Office) -> None:
    office.registry.add(a_version(2, created=NOON))
    office.registry.add(a_version(1, created=NOON.replace(hour=9)))
    office.registry.add(a_version(3, Status.REJECTED))

    answer = asked(office, "pending").text

    assert answer.startswith("2 versions waiting for a decision\nfraud version 1\n")
    assert answer.index("fraud version 1") < answer.index("fraud version 2")


def test_nothing_pending_is_said(office: Office) -> None:
    assert asked(office, "pending").text == "Nothing waits for a decision."


def test_an_unknown_group_suggests_the_nearest(office: Office) -> None:
    office.registry.add(a_version(group="fraud-detector"))

    answer = asked(office, "frod-detector 2")

    assert answer.text == "There is no model package group “frod-detector”."
    assert "fraud-detector 2" in str(answer.blocks[-1])


def test_an_unknown_number_and_an_unknown_arn_are_said_to_be_unknown(office: Office) -> None:
    office.registry.add(a_version())

    assert asked(office, "fraud 9").text == "fraud has no version 9."
    assert "There is no version" in asked(office, an_arn(9)).text


def test_help_and_what_is_not_understood_say_what_can_be_asked(office: Office) -> None:
    assert "/model-status pending" in str(asked(office, "help").blocks)
    assert "do not understand “one two three”" in str(asked(office, "one two three").blocks)


def test_a_long_answer_has_pages(office: Office) -> None:
    for number in range(1, 26):
        office.registry.add(a_version(number))

    pages = [asked(office, "fraud", page) for page in range(3)]

    assert [page.text.count("Version ") for page in pages] == [10, 10, 5]
    assert buttons(pages[0]) == ["page.next"]
    assert buttons(pages[1]) == ["page.before", "page.next"]
    assert buttons(pages[2]) == ["page.before"]


def test_a_page_turns_in_place(office: Office) -> None:
    office.do(AnswerQuestion(person=DAN, text="", page=1, answer_url="https://h/1", replace=True))

    assert office.chat.answers[-1][2]


def test_the_home_shows_what_waits_and_in_which_channel(office: Office) -> None:
    office.registry.add(a_version())

    office.do(AnswerQuestion(person=DAN, text=""))

    shown = str(office.chat.homes[DAN.id]["blocks"])
    assert "fraud version 1" in shown
    assert "C0FRAUD000" in shown


def test_an_arn_that_the_bot_may_not_see_is_answered_too(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbid(arn: Arn) -> NoReturn:
        raise Forbidden(arn)

    monkeypatch.setattr(office.registry, "describe", forbid)

    assert "is not allowed to read it" in asked(office, an_arn(1)).text


# --- registries elsewhere -------------------------------------------------------------------------

ELSEWHERE = f"{THERE}/fraud"
UNHEARD = "The registry of account 222222222222 in eu-west-1 could not be read."


def test_groups_elsewhere_are_listed_by_their_whole_names(office: Office) -> None:
    office.registry.add(a_version(1, Status.APPROVED))
    office.registry.add(a_version(2, group=ELSEWHERE))

    assert asked(office, "").text == (
        "2 model package groups\n"
        "fraud\nversion 1 is live, none waiting\n"
        "222222222222/eu-west-1/fraud\nno version is approved, 1 waiting"
    )


def test_a_version_elsewhere_is_asked_for_by_its_whole_name(office: Office) -> None:
    office.registry.add(a_version(3))
    version = office.registry.add(a_version(3, group=ELSEWHERE))
    office.do(ReconcileVersion(version.arn))
    card = office.card(version)

    answers = [asked(office, text) for text in (f"{ELSEWHERE} 3", f"{ELSEWHERE}/3", version.arn)]
    assert answers == [card] * 3
    assert "222222222222/eu-west-1/fraud version 3" in card.text
    assert asked(office, ELSEWHERE).text.startswith("222222222222/eu-west-1/fraud: 1 version\n")


def test_a_bare_name_that_is_only_known_elsewhere_is_a_suggestion(office: Office) -> None:
    office.registry.add(a_version(group=ELSEWHERE))

    answer = asked(office, "fraud 1")

    assert answer.text == "There is no model package group “fraud”."
    assert buttons(answer) == [f"ask.{ELSEWHERE} 1"]


@pytest.mark.parametrize("why", [Unavailable("busy"), Forbidden("may not take the role")])
@pytest.mark.parametrize("question", ["", "pending", "rent"])
def test_a_registry_that_could_not_be_asked_is_named_and_the_rest_is_answered(
    office: Office, question: str, why: Unavailable | Forbidden
) -> None:
    office.registry.add(a_version())
    before = asked(office, question)
    office.registry.silent[THERE] = why
    answer = asked(office, question)

    assert UNHEARD not in str(before.blocks)
    assert UNHEARD in str(answer.blocks)
    assert answer.text == f"{before.text}\n{UNHEARD}"


def test_the_home_names_a_registry_that_could_not_be_asked(office: Office) -> None:
    office.registry.add(a_version())
    office.registry.silent[THERE] = Unavailable("busy")
    office.do(AnswerQuestion(person=DAN, text=""))

    shown = str(office.chat.homes[DAN.id]["blocks"])
    assert UNHEARD in shown
    assert "fraud version 1" in shown


def asked_of(office: Office, monkeypatch: pytest.MonkeyPatch) -> list[RegistryId]:
    """Which sites are asked for a listing from now on, each time again."""
    sites: list[RegistryId] = []
    having, groups = office.registry.having, office.registry.groups

    def noted_having(status: Status, site: RegistryId) -> tuple[Version, ...]:
        sites.append(site)
        return having(status, site)

    def noted_groups(site: RegistryId) -> tuple[str, ...]:
        sites.append(site)
        return groups(site)

    monkeypatch.setattr(office.registry, "having", noted_having)
    monkeypatch.setattr(office.registry, "groups", noted_groups)
    return sites


@pytest.mark.parametrize("question", ["", "pending", ELSEWHERE, f"{ELSEWHERE} 1", "rent"])
def test_a_registry_that_was_silent_once_is_not_asked_again_for_the_same_answer(
    office: Office, monkeypatch: pytest.MonkeyPatch, question: str
) -> None:
    """Each silence lasts some seconds, and the worker has few of them."""
    office.registry.silent[THERE] = Unavailable("it says nothing")
    sites = asked_of(office, monkeypatch)
    answer = asked(office, question)

    assert sites.count(THERE) == 1
    assert UNHEARD in str(answer.blocks)


@pytest.mark.parametrize(
    ("question", "site"),
    [
        ("fraud", OWN_REGISTRY),
        ("FRAUD 1", OWN_REGISTRY),
        (ELSEWHERE, THERE),
        (f"{ELSEWHERE.upper()} 1", THERE),
    ],
)
def test_a_question_about_a_group_is_asked_only_of_the_registry_that_its_name_says(
    office: Office, monkeypatch: pytest.MonkeyPatch, question: str, site: RegistryId
) -> None:
    office.registry.add(a_version())
    office.registry.add(a_version(group=ELSEWHERE))
    sites = asked_of(office, monkeypatch)
    asked(office, question)

    assert sites == [site]


def test_nothing_is_answered_without_the_bots_own_registry(office: Office) -> None:
    """It is asked again soon: the question goes back into the line."""
    office.registry.silent[OWN_REGISTRY] = Unavailable("busy")

    with pytest.raises(Unavailable):
        asked(office, "")
    assert office.chat.answers == []


def test_an_arn_at_a_site_that_is_not_looked_at_is_answered_too(office: Office) -> None:
    elsewhere = an_arn(1, "333333333333/eu-west-1/fraud")

    assert "is not allowed to read it" in asked(office, elsewhere).text
