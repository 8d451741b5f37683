"""What a rule says: which one counts, whose votes each move takes, and who is who in it."""

from dataclasses import replace

import pytest

from bot.core.registry.moves import MOVES, Move, move_between
from bot.core.registry.version import Status
from bot.core.rules.rule import COMMENT_BY_DEFAULT, UNNAMED_ROLE, People, Role, Rule, Rules
from bot.core.text import Mention, Team
from tests.doubles.builders import ANA, BEN, CHLOE, DAN, LEADS, RISK

APPROVE, REJECT, REINSTATE, REVOKE = MOVES
ML_LEADS = Role(name="ml-leads", people=People(users=(ANA.id,), user_groups=(LEADS,)))
OF_RISK = Role(name="risk", people=People(users=(BEN.id,), user_groups=(RISK,)))


def a_rule(*patterns: str, roles: tuple[Role, ...] = (ML_LEADS, OF_RISK)) -> Rule:
    return Rule(patterns=patterns or ("*",), channel="C1", roles=roles)


def test_the_first_rule_that_matches_counts() -> None:
    special, general = a_rule("fraud-eu"), a_rule("fraud-*")
    rules = Rules("C0", (special, general))

    assert rules.find("fraud-eu") is special
    assert rules.find("fraud-us") is general
    assert Rules("C0", (general, special)).find("fraud-eu") is general


def test_a_rule_matches_by_any_of_its_patterns() -> None:
    rule = a_rule("house-prices", "rent-*")

    assert rule.matches("house-prices")
    assert rule.matches("Rent-Lisbon")
    assert not rule.matches("fraud")


def test_a_group_without_a_rule_goes_to_the_common_channel_and_names_nobody() -> None:
    rule = Rules("C0MODELS00", (a_rule("fraud"),)).find("rent")

    assert rule.channel == "C0MODELS00"
    assert rule.notify == ()
    assert not rule.everybody
    assert rule.comment == COMMENT_BY_DEFAULT


@pytest.mark.parametrize("move", [APPROVE, REINSTATE], ids=lambda move: move.key)
def test_approve_and_reinstate_take_every_role(move: Move) -> None:
    assert a_rule().roles_for(move) == (ML_LEADS, OF_RISK)


@pytest.mark.parametrize("move", [REJECT, REVOKE], ids=lambda move: move.key)
def test_reject_and_revoke_take_one_approver_of_any_role(move: Move) -> None:
    (role,) = a_rule().roles_for(move)

    assert role.name == UNNAMED_ROLE
    assert role.needs == 1
    assert role.people == People(users=(ANA.id, BEN.id), user_groups=(LEADS, RISK))


def test_a_quorum_of_two_for_approve_is_none_for_reject() -> None:
    two = Role(people=People(users=(ANA.id, BEN.id)), needs=2)

    assert a_rule(roles=(two,)).roles_for(APPROVE)[0].needs == 2
    assert a_rule(roles=(two,)).roles_for(REJECT)[0].needs == 1


@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.key)
def test_a_move_has_roles_of_its_own_where_the_rule_says_so(move: Move) -> None:
    own = (Role(people=People(users=(DAN.id,)), needs=2),)
    rule = replace(a_rule(), moves={move.key: own})

    assert [each for each in MOVES if rule.roles_for(each) == own] == [move]


def test_a_rule_without_roles_gives_none_to_any_move() -> None:
    assert {a_rule(roles=()).roles_for(move) for move in MOVES} == {()}


def test_a_veto_gives_a_vote_on_reject_and_revoke_only() -> None:
    rule = replace(a_rule(), veto=People(users=(DAN.id,)))

    assert [move for move in MOVES if DAN.id in rule.voters(move).users] == [REJECT, REVOKE]


def test_everybody_is_all_approvers_and_vetoers_of_a_rule_each_once() -> None:
    special = {"revoke": (Role(people=People(users=(CHLOE.id, ANA.id))),)}
    rule = replace(a_rule(), moves=special, veto=People(users=(DAN.id,), user_groups=(RISK,)))

    assert rule.approvers == People(users=(ANA.id, BEN.id), user_groups=(LEADS, RISK))
    assert rule.everybody.users == (ANA.id, BEN.id, CHLOE.id, DAN.id)
    assert rule.everybody.user_groups == (LEADS, RISK)


def test_users_and_user_groups_are_each_mentioned_in_their_way() -> None:
    assert ML_LEADS.people.mentions == (Mention(ANA.id), Team(LEADS))
    assert not People()
    assert People(user_groups=(LEADS,))


def test_a_comment_is_needed_for_all_moves_but_approve_unless_the_rule_says_otherwise() -> None:
    assert frozenset({"reject", "reinstate", "revoke"}) == COMMENT_BY_DEFAULT
    assert a_rule().comment == COMMENT_BY_DEFAULT


def test_the_digest_changes_with_whatever_a_rule_says() -> None:
    rule = replace(a_rule(), name="fraud")
    others = [
        replace(rule, name="rent"),
        replace(rule, channel="C2"),
        replace(rule, roles=(ML_LEADS,)),
        replace(rule, roles=(ML_LEADS, replace(OF_RISK, needs=2))),
        replace(rule, moves={"reject": (OF_RISK,)}),
        replace(rule, veto=People(users=(DAN.id,))),
        replace(rule, mention=()),
        replace(rule, break_glass=True),
        replace(rule, notify=("C2",)),
        replace(rule, comment=frozenset({"approve"})),
    ]

    assert len({each.digest for each in (rule, *others)}) == len(others) + 1


def test_the_digest_does_not_depend_on_the_order_in_which_moves_were_written() -> None:
    moves = {"reject": (OF_RISK,), "approve": (ML_LEADS,)}
    backwards = dict(reversed(moves.items()))

    assert replace(a_rule(), moves=moves).digest == replace(a_rule(), moves=backwards).digest


def test_the_digest_is_made_of_values_and_begins_with_the_version_of_its_format() -> None:
    """It is stored: renaming a class or a field must not change it."""
    rule = replace(a_rule(), name="fraud", mention=(LEADS,), moves={"reject": (OF_RISK,)})

    assert rule.digest == "r1.7eb76dcdb281f58ad132827689408e17"
    assert replace(rule, patterns=("other",)).digest == rule.digest


def test_the_moves_of_a_rule_have_the_keys_of_the_table() -> None:
    assert move_between(Status.APPROVED, Status.REJECTED).key == "revoke"
    assert {move.key for move in MOVES} == {"approve", "reject", "reinstate", "revoke"}
