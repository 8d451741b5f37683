from collections.abc import Mapping

import pytest

from bot.core.errors import NotAllowed
from bot.core.policy import COMMENT_BY_DEFAULT, Members, Rule, Rules, judge, nobody_because
from bot.core.transitions import MOVES, Move
from bot.core.words import Mention, Sentence, Team
from tests.doubles.builders import ANA, BEN, DAN, LEADS

APPROVE = MOVES[0]
RISK = "S0RISK0000"


def a_rule(*patterns: str, users: tuple[str, ...] = (), groups: tuple[str, ...] = ()) -> Rule:
    return Rule(patterns=patterns or ("*",), channel="C1", users=users, user_groups=groups)


def refusal(rule: Rule, person: str, members: Mapping[str, Members] | None = None) -> Sentence:
    with pytest.raises(NotAllowed) as refused:
        judge(rule, APPROVE, person, members or {})
    return refused.value.sentence


def test_the_first_rule_that_matches_counts() -> None:
    special, general = a_rule("fraud-eu"), a_rule("fraud-*")
    rules = Rules("C0", (special, general))

    assert rules.find("fraud-eu") is special
    assert rules.find("fraud-us") is general
    assert Rules("C0", (general, special)).find("fraud-eu") is general


@pytest.mark.parametrize(
    ("pattern", "group", "matches"),
    [
        ("fraud-*", "fraud-eu", True),
        ("fraud-*", "Fraud-EU", True),
        ("FRAUD-*", "fraud-eu", True),
        ("fraud", "fraud-eu", False),
        ("fraud-?", "fraud-1", True),
        ("fraud-?", "fraud-12", False),
        ("*", "anything", True),
    ],
)
def test_patterns_match_whole_names_without_case(
    pattern: str, group: str, *, matches: bool
) -> None:
    assert a_rule(pattern).matches(group) is matches


def test_any_of_several_patterns_will_do() -> None:
    rule = a_rule("house-prices", "rent-*")

    assert rule.matches("house-prices")
    assert rule.matches("rent-lisbon")
    assert not rule.matches("fraud")


def test_what_no_rule_matches_goes_to_the_common_channel_and_nobody_may_decide_it() -> None:
    rule = Rules("C0MODELS00", (a_rule("fraud", users=(ANA.id,)),)).find("rent")

    assert rule.channel == "C0MODELS00"
    assert rule.notify == ()
    assert nobody_because(rule) == "Nobody may decide: no rule matches this group."
    assert refusal(rule, ANA.id) == ("Nobody may decide: no rule matches this group.",)


def test_a_rule_without_approvers_lets_nobody_decide() -> None:
    why = "Nobody may decide: the rule for this group names no approver."

    assert nobody_because(a_rule()) == why
    assert refusal(a_rule(), ANA.id) == (why,)


@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.key)
def test_an_approver_named_by_id_may_make_every_move(move: Move) -> None:
    rule = a_rule(users=(BEN.id, ANA.id))

    judge(rule, move, ANA.id, {})
    assert nobody_because(rule) is None


@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.key)
def test_a_refusal_names_the_move_that_was_refused(move: Move) -> None:
    with pytest.raises(NotAllowed) as refused:
        judge(a_rule(users=(ANA.id,)), move, DAN.id, {})

    assert refused.value.sentence[0] == f"You may not {move.key} this version. "


def test_whoever_is_in_one_of_the_user_groups_may_decide() -> None:
    rule = a_rule(groups=(LEADS, RISK))

    judge(rule, APPROVE, BEN.id, {LEADS: frozenset(), RISK: frozenset({BEN.id})})


def test_an_approver_named_by_id_needs_no_user_group_to_be_readable() -> None:
    judge(a_rule(users=(ANA.id,), groups=(LEADS,)), APPROVE, ANA.id, {LEADS: None})


def test_membership_of_a_group_that_the_rule_does_not_name_counts_not() -> None:
    said = refusal(a_rule(groups=(LEADS,)), DAN.id, {LEADS: frozenset(), RISK: frozenset({DAN.id})})

    assert said == ("You may not approve this version. ", Team(LEADS), " may.")


def test_a_refusal_names_all_who_may_make_it() -> None:
    rule = a_rule(users=(ANA.id, BEN.id), groups=(LEADS,))

    said = refusal(rule, DAN.id, {LEADS: frozenset({ANA.id})})

    assert said == (
        "You may not approve this version. ",
        Mention(ANA.id),
        ", ",
        Mention(BEN.id),
        " or ",
        Team(LEADS),
        " may.",
    )


@pytest.mark.parametrize("members", [{LEADS: None}, {}], ids=["unreadable", "not asked"])
def test_a_user_group_that_cannot_be_read_denies_and_the_refusal_says_so(
    members: Mapping[str, Members],
) -> None:
    said = refusal(a_rule(users=(ANA.id,), groups=(LEADS,)), BEN.id, members)

    assert said[:4] == ("You may not approve this version. ", Mention(ANA.id), " or ", Team(LEADS))
    assert said[-3:-1] == (" Who is in ", Team(LEADS))
    assert "could not be read" in str(said[-1])


def test_only_the_unreadable_of_several_groups_is_named_as_such() -> None:
    rule = a_rule(groups=(LEADS, RISK))

    said = refusal(rule, DAN.id, {LEADS: frozenset({ANA.id}), RISK: None})

    assert said[-3:-1] == (" Who is in ", Team(RISK))


def test_a_comment_is_needed_for_all_but_approve_unless_the_rule_says_otherwise() -> None:
    assert frozenset({"reject", "reinstate", "revoke"}) == COMMENT_BY_DEFAULT
    assert a_rule().comment == COMMENT_BY_DEFAULT
    assert Rules("C0").find("fraud").comment == COMMENT_BY_DEFAULT
