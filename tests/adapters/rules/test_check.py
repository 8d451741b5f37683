"""Problems of a rules file: each is named with its line, and nobody may decide by it."""

from __future__ import annotations

import re
from itertools import permutations
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.rules import read
from bot.adapters.rules.check import problems
from bot.core.errors import Misconfigured, Refused, Unavailable
from bot.core.reason import ReasonCode
from bot.core.registry.moves import MOVES
from bot.core.rules.judge import judge
from bot.core.rules.people import KnownPeople, LookupFailure, MembershipStatus, Profile
from bot.core.words.reasons import lookup_failure
from tests.adapters.rules.test_loader import FULL, GOOD
from tests.doubles.directory import FakeDirectory

if TYPE_CHECKING:
    from bot.core.rules.people import Members
    from bot.core.rules.rule import Role

APPROVE, REJECT = MOVES[:2]
ANA, BEN, CHLOE, DAN = "U0ANA00000", "U0BEN00000", "U0CHLOE000", "U0DAN00000"
LEADS, RISK, LEGAL = "S0MLLEADS0", "S0RISK0000", "S0LEGAL000"
TEAMS: dict[str, Members] = {
    LEADS: frozenset({ANA, BEN}),
    RISK: frozenset({CHLOE, DAN}),
    LEGAL: frozenset({"U0EVE00000"}),
}


def one_rule(approvers: str, *more: str) -> str:
    """A file with one rule; its approvers begin on the fourth line."""
    head = ["channel: C0MODELS00", "rules:", "  - groups: x", f"    approvers: {approvers}"]
    return "\n".join([*head, *(f"    {line}" for line in more)])


def problems_of(text: str, directory: FakeDirectory | None = None) -> list[str]:
    return [str(problem) for problem in problems(text, directory)]


def refusal(text: str) -> str | None:
    """Why the bot does not start with *text*; None if it does."""
    try:
        read(text, "rules.yml")
    except Misconfigured as error:
        return str(error)
    return None


# --- from the file alone --------------------------------------------------------------------------


@pytest.mark.parametrize("text", [GOOD, FULL])
def test_a_good_file_has_no_problems(text: str) -> None:
    assert problems_of(text) == []
    assert problems_of(text, FakeDirectory(groups=TEAMS)) == []


def test_all_problems_are_named_at_once_by_line() -> None:
    text = """\
channel: models
rules:
  - groups: fraud_*
    aprovers: {users: [ana]}
    notify: [C0RELEASES, C0RELEASES]
  - groups: x-*
    approvers:
      - role: one
        users: [U0ANA00000, ben]
        needs: 0
      - role: two
    comment: [aprove]
  - groups: x-1
    approvers: {}
"""
    names = "names are letters, digits and hyphens, elsewhere with account/region/ before"

    assert problems_of(text) == [
        "line 1: `models` stands where the id of a channel, such as C0MODELS00, belongs",
        f"line 3: warning: `fraud_*` matches no group: {names}",
        "line 4: unknown key `aprovers`: did you mean `approvers`?",
        "line 5: `C0RELEASES` is twice in this list",
        "line 9: `ben` stands where the id of a person, such as U0ANA00000, belongs",
        "line 10: `0` stands where a whole number from 1 to 20 belongs",
        "line 12: `aprove` stands where a move (approve, reject, reinstate, revoke) belongs",
        "line 13: warning: `x-1` is never used: `x-*` (line 6) matches all of it",
        "line 14: no approver is named here, so nobody may decide",
    ]


def listing(*rules: str) -> str:
    """A file of rules for these groups, each on a line of its own from the third."""
    lines = [f"  - {{groups: {groups}, approvers: {{users: [{ANA}]}}}}" for groups in rules]
    return "\n".join(["channel: C0MODELS00", "rules:", *lines])


SHADOWED = {
    "by a wider pattern": (["'fraud-*'", "fraud-eu"], 4, "`fraud-eu`", "`fraud-*` (line 3)"),
    "by all": (["'*'", "'fraud-*'"], 4, "`fraud-*`", "`*` (line 3)"),
    "by the same": (["fraud", "rent", "fraud"], 5, "`fraud`", "`fraud` (line 3)"),
    "by the same in another case": (["fraud", "FRAUD"], 4, "`FRAUD`", "`fraud` (line 3)"),
    "in its own rule": (["['fraud-*', fraud-eu]"], 3, "`fraud-eu`", "`fraud-*` (line 3)"),
    "by the first that is enough": (["'a*'", "'ab*'", "abc"], 5, "`abc`", "`a*` (line 3)"),
}


@pytest.mark.parametrize(("rules", "line", "pattern", "by"), SHADOWED.values(), ids=SHADOWED)
def test_a_pattern_that_an_earlier_one_matches_all_of_is_a_warning(
    rules: list[str], line: int, pattern: str, by: str
) -> None:
    warning = f"line {line}: warning: {pattern} is never used: {by} matches all of it"

    assert warning in problems_of(listing(*rules))
    assert all(problem.is_warning for problem in problems(listing(*rules)))


def test_a_problem_names_the_line_of_the_pattern_and_not_of_its_list() -> None:
    text = GOOD.replace("      - rent-*", "      - rent-*\n      - fraud-eu")

    assert problems_of(text) == [
        "line 16: warning: `fraud-eu` is never used: `fraud-*` (line 5) matches all of it"
    ]


def test_a_pattern_that_still_matches_some_names_is_no_problem() -> None:
    assert problems_of(listing("fraud-eu", "'fraud-*'", "'*-eu'", "'*'")) == []


def test_a_file_that_is_not_yaml_has_one_problem() -> None:
    assert problems_of("rules: [") == [
        "line 1: expected the node content, but found '<stream end>'"
    ]


def test_a_file_that_contains_itself_is_a_problem() -> None:
    assert problems_of("rules: &all [*all]") == ["line 1: found unconstructable recursive node"]


def test_a_file_that_is_nested_too_deep_is_a_problem() -> None:
    assert problems_of("[" * 5000) == ["line 1: it is nested too deep"]


def test_a_yaml_alias_is_read_in_both_places() -> None:
    text = one_rule(f"&ours {{users: [{ANA}]}}", "moves: {reject: {approvers: *ours}}")
    (rule,) = read(text, "rules.yml").rules

    assert problems_of(text) == []
    assert rule.moves["reject"] == rule.roles


def test_aliases_of_aliases_are_checked_in_a_short_time() -> None:
    lines = [f"  - &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 30)]
    text = "\n".join(["channel: C0MODELS00", "rules:", "  - &l0 x", *lines])

    assert len(problems_of(text)) == 30


def test_a_quote_from_the_file_is_short_and_on_one_line() -> None:
    name = "x" * 200
    text = one_rule(f"{{users: [{ANA}]}}", f'"a\\n\\u2028[2J{name}": b')
    (only,) = problems_of(text)

    assert only.startswith("line 5: unknown key `a\\n\\u2028[2Jxxx")
    assert len(only) < 250


def test_every_duplicate_key_is_named() -> None:
    assert problems_of("rules: []\nrules: []\nchannel: x\nchannel: y\n") == [
        "line 2: `rules` is there twice",
        "line 4: `channel` is there twice",
    ]


@given(
    cut=st.integers(0, len(FULL)),
    end=st.integers(0, len(FULL)),
    new=st.sampled_from(["", " ", "\n", ":", "- ", "[", "}", '"', "&a", "*a", "# ", "x", "~", "%"]),
)
def test_a_file_is_refused_for_one_of_its_problems_or_for_none(
    cut: int, end: int, new: str
) -> None:
    text = FULL[: min(cut, end)] + new + FULL[max(cut, end) :]
    named = [f"rules.yml, {each}" for each in problems(text) if not each.is_warning]

    assert refusal(text) in [None, *named]


@pytest.mark.parametrize("nobody", ["{}", "[]", "{users: [], user_groups: []}", "{needs: 2}"])
def test_an_empty_approver_list_is_named(nobody: str) -> None:
    assert problems_of(one_rule(nobody)) == [
        "line 4: no approver is named here, so nobody may decide"
    ]


def test_an_empty_role_is_named() -> None:
    text = one_rule("", "  - role: one", f"    users: [{ANA}]", "  - role: two", "    needs: 2")

    assert problems_of(text) == ["line 7: nobody is in the role two"]


def test_an_empty_approver_list_of_a_move_is_named() -> None:
    text = one_rule(f"{{users: [{ANA}]}}", "moves:", "  revoke: {approvers: {needs: 1}}")

    assert problems_of(text) == ["line 6: no approver is named here, so nobody may decide"]


def test_an_empty_veto_list_is_no_problem() -> None:
    assert problems_of(one_rule(f"{{users: [{ANA}]}}", "veto: {users: []}")) == []


def test_more_people_needed_than_named_is_a_problem() -> None:
    text = one_rule("", f"  users: [{ANA}, {BEN}]", "  needs: 3")

    assert problems_of(text) == ["line 6: this takes 3 people, and there are only 2"]


def test_more_people_needed_for_a_move_than_named_is_a_problem() -> None:
    move = f"  reject: {{approvers: [{{role: a, users: [{ANA}], needs: 2}}]}}"
    text = one_rule(f"{{users: [{ANA}]}}", "moves:", move)

    assert problems_of(text) == ["line 6: this takes 2 people, and there is only 1"]


def test_two_roles_that_only_one_person_can_fill_are_a_problem() -> None:
    text = one_rule(f"[{{role: a, users: [{ANA}]}}, {{role: b, users: [{ANA}]}}]")
    problem = "together these roles take 2 people, and there is only 1: nobody counts for two roles"

    assert problems_of(text) == [f"line 4: {problem}"]


def test_a_user_group_is_taken_to_have_everybody_it_needs_if_slack_is_not_asked() -> None:
    team = f"user_groups: [{LEADS}]"

    assert problems_of(one_rule(f"{{{team}, needs: 20}}")) == []
    assert problems_of(one_rule(f"[{{role: a, {team}}}, {{role: b, {team}, needs: 3}}]")) == []
    assert problems_of(
        one_rule(f"[{{role: a, {team}}}, {{role: b, users: [{ANA}], needs: 2}}]")
    ) == ["line 4: this takes 2 people, and there is only 1"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (one_rule(f"{{users: [{ANA}, {BEN}, {ANA}]}}"), 4),
        (one_rule(f"{{user_groups: [{LEADS}, {LEADS}]}}"), 4),
        (one_rule(f"{{users: [{ANA}]}}", f"veto: {{users: [{ANA}, {ANA}]}}"), 5),
        (one_rule(f"{{users: [{ANA}]}}", "", "mention:", f"  - {ANA}", f"  - {ANA}"), 8),
        (one_rule(f"{{users: [{ANA}]}}", "notify: [C0RELEASES, C0RELEASES]"), 5),
    ],
    ids=["users", "user groups", "veto", "mention", "notify"],
)
def test_a_duplicate_in_a_list_is_a_problem(text: str, line: int) -> None:
    (only,) = problems_of(text)

    assert only.startswith(f"line {line}: ")
    assert only.endswith(" is twice in this list")


def test_the_same_person_in_two_lists_is_no_problem() -> None:
    text = one_rule(f"{{users: [{ANA}]}}", f"veto: {{users: [{ANA}]}}", f"mention: [{ANA}]")

    assert problems_of(text) == []


# --- and from Slack -------------------------------------------------------------------------------


@pytest.mark.parametrize("why", LookupFailure)
def test_a_user_group_that_cannot_be_read_is_named_with_the_reason(why: LookupFailure) -> None:
    text = one_rule(f"{{user_groups: [{LEADS}]}}")

    assert problems_of(text, FakeDirectory(groups={LEADS: why})) == [
        f"line 4: `{LEADS}` cannot be read: {lookup_failure(why)}"
    ]


def test_a_missing_paid_plan_and_a_missing_scope_are_different_problems() -> None:
    text = one_rule(f"{{user_groups: [{LEADS}, {RISK}]}}")
    directory = FakeDirectory(groups={LEADS: LookupFailure.PLAN, RISK: LookupFailure.SCOPE})

    assert problems_of(text, directory) == [
        f"line 4: `{LEADS}` cannot be read: user groups need a paid plan of Slack",
        f"line 4: `{RISK}` cannot be read: the Slack app lacks the scope for it",
    ]


@pytest.mark.parametrize(
    ("membership", "what"),
    [
        (MembershipStatus.GONE, "is deactivated in Slack"),
        (MembershipStatus.ROBOT, "is an app and no person"),
        (MembershipStatus.UNKNOWN, "is somebody of whom Slack did not say who they are"),
    ],
)
def test_a_person_whose_vote_can_never_count_is_named(
    membership: MembershipStatus, what: str
) -> None:
    text = one_rule(f"{{users: [{ANA}, {BEN}]}}")

    assert problems_of(text, FakeDirectory(memberships={BEN: membership})) == [
        f"line 4: `{BEN}` {what}"
    ]


@pytest.mark.parametrize(
    "membership", [MembershipStatus.MEMBER, MembershipStatus.GUEST, MembershipStatus.STRANGER]
)
def test_a_member_guest_or_stranger_named_in_the_file_is_no_problem(
    membership: MembershipStatus,
) -> None:
    text = one_rule(f"{{users: [{ANA}]}}")

    assert problems_of(text, FakeDirectory(memberships={ANA: membership})) == []


def test_everybody_who_is_named_in_the_file_is_looked_up() -> None:
    nobody = FakeDirectory(
        groups={LEADS: frozenset({ANA}), RISK: frozenset({"U0FRAN0000", "U0GUS00000"})},
        memberships=dict.fromkeys((ANA, BEN, CHLOE, DAN, "U0EVE00000"), MembershipStatus.GONE),
    )
    lines = {problem.line for problem in problems(FULL, nobody)}

    # The people of the registry, those of a role, of each of the moves, of the veto, those pinged.
    assert {3, 4, 14, 18, 22, 23, 24} <= lines
    assert f"line 23: `{LEGAL}` cannot be read: there is no such user group" in problems_of(
        FULL, nobody
    )


def test_a_user_group_that_is_pinged_must_exist() -> None:
    text = one_rule(f"{{users: [{ANA}]}}", f"mention: [{RISK}]")

    assert problems_of(text, FakeDirectory()) == [
        f"line 5: `{RISK}` cannot be read: there is no such user group"
    ]


def test_a_user_group_with_too_few_people_is_a_problem() -> None:
    text = one_rule("", f"  user_groups: [{LEADS}]", "  needs: 3")
    directory = FakeDirectory(groups=TEAMS)

    assert problems_of(text, directory) == ["line 6: this takes 3 people, and there are only 2"]


def test_an_empty_user_group_is_a_problem() -> None:
    directory = FakeDirectory(groups={LEADS: frozenset()})

    assert problems_of(one_rule(f"{{user_groups: [{LEADS}]}}"), directory) == [
        "line 4: this takes 1 person, and there is nobody"
    ]


@pytest.mark.parametrize(
    "membership", [each for each in MembershipStatus if each is not MembershipStatus.MEMBER]
)
def test_only_members_fill_a_role_through_a_user_group(membership: MembershipStatus) -> None:
    text = one_rule(f"{{user_groups: [{LEADS}], needs: 2}}")
    directory = FakeDirectory(groups=TEAMS, memberships={ANA: membership})

    assert problems_of(text, directory) == ["line 4: this takes 2 people, and there is only 1"]


def test_two_user_groups_of_one_person_cannot_fill_two_roles() -> None:
    roles = [f"{{role: {team}, user_groups: [{team}]}}" for team in (LEADS, RISK)]
    directory = FakeDirectory(groups={LEADS: frozenset({ANA}), RISK: frozenset({ANA})})

    (only,) = problems_of(one_rule(f"[{', '.join(roles)}]"), directory)

    assert only.startswith("line 4: together these roles take 2 people, and there is only 1")


def test_a_group_that_cannot_be_read_is_not_also_called_too_small() -> None:
    text = one_rule(f"{{user_groups: [{LEADS}], needs: 5}}")

    assert len(problems_of(text, FakeDirectory())) == 1


class CountingDirectory(FakeDirectory):
    """A directory that counts how often it is asked who somebody is."""

    asked = 0

    def profile(self, person: str) -> Profile:
        self.asked += 1
        return super().profile(person)


def test_only_as_many_members_of_a_large_user_group_as_needed_are_looked_up() -> None:
    everybody = frozenset(f"U{number:09}" for number in range(500))
    directory = CountingDirectory(groups={LEADS: everybody})

    assert problems_of(one_rule(f"{{user_groups: [{LEADS}], needs: 3}}"), directory) == []
    assert directory.asked == 3


class Busy(FakeDirectory):
    def profile(self, person: str) -> Profile:
        raise Unavailable(f"nobody says who {person} is")


def test_a_busy_slack_is_not_a_problem_of_the_file() -> None:
    with pytest.raises(Unavailable):
        problems(GOOD, Busy())


# --- a problem is a refusal -----------------------------------------------------------------------

PEOPLE = [ANA, BEN, CHLOE]
NOBODY_CAN = re.compile("this takes|these roles take|nobody is in the role")
role_specs = st.tuples(
    st.lists(st.sampled_from(PEOPLE), max_size=3, unique=True),
    st.lists(st.sampled_from([LEADS, RISK]), max_size=2, unique=True),
    st.integers(1, 3),
)
teams = st.frozensets(st.sampled_from(PEOPLE))
memberships = st.dictionaries(st.sampled_from(PEOPLE), st.sampled_from(MembershipStatus))
# Without robots, for none of them clicks, and without those of whom nobody knows who they are.
KNOWN = [
    MembershipStatus.MEMBER,
    MembershipStatus.GUEST,
    MembershipStatus.STRANGER,
    MembershipStatus.GONE,
]
known_memberships = st.dictionaries(st.sampled_from(PEOPLE), st.sampled_from(KNOWN))


def a_role(number: int, users: list[str], groups: list[str], needs: int) -> str:
    lists = f"users: [{', '.join(users)}], user_groups: [{', '.join(groups)}]"
    return f"{{role: r{number}, {lists}, needs: {needs}}}"


def can_be_filled(roles: tuple[Role, ...], directory: FakeDirectory) -> bool:
    """Whether people can fill these roles, by trying every order of everybody."""
    named = {person for role in roles for person in role.people.users}
    counting = [
        person
        for person in PEOPLE
        if directory.profile(person).membership is MembershipStatus.MEMBER
        or (
            person in named
            and directory.profile(person).membership
            in {MembershipStatus.GUEST, MembershipStatus.STRANGER}
        )
    ]
    places = [role for role in roles for _ in range(role.needs)]

    def is_in(person: str, role: Role) -> bool:
        groups = [directory.groups[group] for group in role.people.user_groups]
        members = [each for each in groups if not isinstance(each, LookupFailure)]
        return person in role.people.users or any(person in each for each in members)

    return any(
        all(is_in(person, role) for person, role in zip(order, places, strict=True))
        for order in permutations(counting, len(places))
    )


@given(st.lists(role_specs, min_size=1, max_size=3), teams, teams, memberships)
def test_roles_are_a_problem_exactly_if_nobody_can_fill_them(
    roles: list[tuple[list[str], list[str], int]],
    leads: frozenset[str],
    risk: frozenset[str],
    statuses: dict[str, MembershipStatus],
) -> None:
    text = one_rule(f"[{', '.join(a_role(n, *role) for n, role in enumerate(roles))}]")
    directory = FakeDirectory(groups={LEADS: leads, RISK: risk}, memberships=statuses)
    (rule,) = read(text, "rules.yml").rules
    unfillable = [line for line in problems_of(text, directory) if NOBODY_CAN.search(line)]

    assert bool(unfillable) is not can_be_filled(rule.roles, directory)


@given(
    st.lists(role_specs, min_size=1, max_size=3),
    teams,
    teams,
    known_memberships,
    st.sampled_from(PEOPLE),
)
def test_a_vote_is_refused_for_nobody_exactly_if_nobody_can_fill_the_roles(
    roles: list[tuple[list[str], list[str], int]],
    leads: frozenset[str],
    risk: frozenset[str],
    statuses: dict[str, MembershipStatus],
    person: str,
) -> None:
    text = one_rule(f"[{', '.join(a_role(n, *role) for n, role in enumerate(roles))}]")
    directory = FakeDirectory(groups={LEADS: leads, RISK: risk}, memberships=statuses)
    (rule,) = read(text, "rules.yml").rules
    facts = KnownPeople(
        members=directory.groups,
        memberships={each: directory.profile(each).membership for each in PEOPLE},
    )
    try:
        judge(rule, APPROVE, person, [], facts)
        refusal = None
    except Refused as refused:
        refusal = refused.reason.code

    for_nobody = {ReasonCode.NO_APPROVER, ReasonCode.EMPTY_ROLE, ReasonCode.TOO_FEW_PEOPLE}
    if can_be_filled(rule.roles, directory):
        assert refusal not in for_nobody
    else:
        assert refusal is not None


@pytest.mark.parametrize(
    ("text", "directory"),
    [
        (one_rule("{}"), FakeDirectory()),
        (one_rule(f"[{{role: a, users: [{ANA}]}}, {{role: b}}]"), FakeDirectory()),
        (one_rule(f"{{users: [{ANA}], needs: 2}}"), FakeDirectory()),
        (
            one_rule(f"[{{role: a, users: [{ANA}]}}, {{role: b, users: [{ANA}]}}]"),
            FakeDirectory(),
        ),
        (one_rule(f"{{user_groups: [{LEADS}]}}"), FakeDirectory()),
        (
            one_rule(f"{{user_groups: [{LEADS}]}}"),
            FakeDirectory(groups={LEADS: LookupFailure.PLAN}),
        ),
        (
            one_rule(f"{{user_groups: [{LEADS}]}}"),
            FakeDirectory(groups={LEADS: LookupFailure.SCOPE}),
        ),
        (one_rule(f"{{users: [{ANA}]}}"), FakeDirectory(memberships={ANA: MembershipStatus.GONE})),
        (
            one_rule(f"{{users: [{ANA}]}}"),
            FakeDirectory(memberships={ANA: MembershipStatus.UNKNOWN}),
        ),
    ],
    ids=[
        *("an empty list", "an empty role", "too many needed", "one person for two roles"),
        *("an unknown group", "no paid plan", "no scope", "somebody deactivated", "nobody known"),
    ],
)
def test_a_vote_under_a_rule_with_a_problem_is_refused(text: str, directory: FakeDirectory) -> None:
    (rule,) = read(text, "rules.yml").rules
    groups = {LEADS: directory.members(LEADS)}

    assert problems_of(text, directory)
    for person in (ANA, BEN):
        facts = KnownPeople(
            members=groups, memberships={person: directory.profile(person).membership}
        )
        with pytest.raises(Refused):
            judge(rule, APPROVE, person, [], facts)
