"""May this person make this move, and are the votes enough? One test for each rule."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot.core.errors import Refused
from bot.core.reason import Reason, ReasonCode
from bot.core.registry.moves import MOVES, Move
from bot.core.rules.judge import BY_THE_RULES, Verdict, Voter, judge, progress, rule_problem
from bot.core.rules.people import (
    KnownPeople,
    LookupFailure,
    MembershipStatus,
    Person,
    Submitter,
    submitter_of,
)
from bot.core.rules.rule import People, Role, Rule, Rules
from tests.doubles.builders import ANA, BEN, CHLOE, DAN, LEADS, RISK, a_version

APPROVE, REJECT, REINSTATE, REVOKE = MOVES
PASSES = [APPROVE, REINSTATE]
STOPS = [REJECT, REVOKE]
PEOPLE = (ANA.id, BEN.id, CHLOE.id, DAN.id)
ML_LEADS = Role(name="ml-leads", people=People(user_groups=(LEADS,)))
OF_RISK = Role(name="risk", people=People(user_groups=(RISK,)))
MEMBERS = {LEADS: frozenset({ANA.id, DAN.id}), RISK: frozenset({ANA.id, BEN.id})}
EVERYBODY = dict.fromkeys(PEOPLE, MembershipStatus.MEMBER)
FACTS = KnownPeople(MEMBERS, EVERYBODY)
TWO_ROLES = Rule(patterns=("credit-*",), channel="C1", name="credit", roles=(ML_LEADS, OF_RISK))


def anybody_of(*users: str, groups: tuple[str, ...] = (), needs: int = 1) -> Rule:
    """A rule that names people, and no roles."""
    people = People(users=users, user_groups=groups)
    return Rule(
        patterns=("fraud",), channel="C1", name="fraud", roles=(Role(people=people, needs=needs),)
    )


def voter(person: Person, *, override: bool = False) -> Voter:
    return Voter(person.id, override)


def verdict(
    rule: Rule, person: Person, *voters: Voter, move: Move = APPROVE, facts: KnownPeople = FACTS
) -> Verdict:
    return judge(rule, move, person.id, voters, facts)


def refusal(
    rule: Rule, person: Person, *, move: Move = APPROVE, facts: KnownPeople = FACTS
) -> Reason:
    with pytest.raises(Refused) as refused:
        judge(rule, move, person.id, (), facts)
    assert refused.value.reason.code in BY_THE_RULES
    assert json.loads(json.dumps(refused.value.reason.stored)) == refused.value.reason.stored
    return refused.value.reason


def not_an_approver(rule: Rule, move: Move = APPROVE, **unreadable: str) -> Reason:
    able = rule.voters(move)
    params = {
        "rule": rule.name,
        "move": move.key,
        "users": list(able.users),
        "user_groups": list(able.user_groups),
        "unreadable": unreadable,
    }
    return Reason(ReasonCode.NOT_AN_APPROVER, params)


def not_a_member(move: Move, membership: str) -> Reason:
    params = {"rule": "fraud", "move": move.key, "membership": membership}
    return Reason(ReasonCode.NOT_A_MEMBER, params)


def too_few(rule: str, needed: int, able: int) -> Reason:
    return Reason(ReasonCode.TOO_FEW_PEOPLE, {"rule": rule, "needed": needed, "able": able})


def registered_by(person: Person, **fields: object) -> KnownPeople:
    return replace(FACTS, submitter=Submitter(person.name, (person.id,)), **fields)


# --- who may --------------------------------------------------------------------------------------


@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.key)
def test_one_approver_named_by_id_makes_every_move_alone(move: Move) -> None:
    assert verdict(anybody_of(BEN.id, ANA.id), ANA, move=move).granted


def test_a_member_of_any_of_the_user_groups_may_decide() -> None:
    assert verdict(anybody_of(groups=(LEADS, RISK)), BEN).granted


def test_somebody_named_by_id_needs_no_user_group_to_be_readable() -> None:
    facts = KnownPeople({LEADS: LookupFailure.PLAN}, EVERYBODY)

    assert verdict(anybody_of(ANA.id, groups=(LEADS,)), ANA, facts=facts).granted


def test_membership_of_a_group_that_the_rule_does_not_name_does_not_count() -> None:
    rule = anybody_of(groups=(LEADS,))

    assert refusal(rule, BEN) == not_an_approver(rule)


def test_a_refusal_names_all_who_may_and_the_rule() -> None:
    rule = anybody_of(ANA.id, BEN.id, groups=(LEADS,))

    refused = refusal(rule, CHLOE)

    assert refused.params["rule"] == "fraud"
    assert refused.params["users"] == [ANA.id, BEN.id]
    assert refused.params["user_groups"] == [LEADS]


@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.key)
def test_a_refusal_names_the_move(move: Move) -> None:
    assert refusal(TWO_ROLES, CHLOE, move=move).params["move"] == move.key


def test_a_refused_reject_names_those_who_have_a_veto() -> None:
    rule = replace(anybody_of(ANA.id), veto=People(users=(DAN.id,)))

    assert refusal(rule, BEN, move=REJECT).params["users"] == [ANA.id, DAN.id]
    assert refusal(rule, BEN, move=APPROVE).params["users"] == [ANA.id]


# --- the quorum -----------------------------------------------------------------------------------


def test_a_quorum_by_role_takes_one_of_each() -> None:
    first = verdict(TWO_ROLES, DAN)

    assert not first.granted
    assert first.tally.role_of(DAN.id) == "ml-leads"
    assert first.tally.waiting_for == ((OF_RISK, 1),)
    assert verdict(TWO_ROLES, BEN, voter(DAN)).granted


def test_two_leads_do_not_fill_the_role_of_risk() -> None:
    facts = KnownPeople(
        {LEADS: frozenset({DAN.id, CHLOE.id}), RISK: frozenset({BEN.id})}, EVERYBODY
    )

    assert not verdict(TWO_ROLES, CHLOE, voter(DAN), facts=facts).granted


def test_any_two_of_the_listed_people_decide_and_one_does_not() -> None:
    rule = anybody_of(ANA.id, BEN.id, CHLOE.id, needs=2)

    assert not verdict(rule, ANA).granted
    assert verdict(rule, CHLOE, voter(BEN)).granted


def test_a_person_in_both_roles_does_not_decide_alone() -> None:
    assert not verdict(TWO_ROLES, ANA).granted


def test_a_person_counts_once_however_often_they_vote() -> None:
    rule = anybody_of(ANA.id, BEN.id, needs=2)

    assert not verdict(rule, ANA, voter(ANA)).granted
    assert not progress(rule, APPROVE, [voter(ANA), voter(ANA)], FACTS).complete


@pytest.mark.parametrize(("first", "second"), [(ANA, DAN), (DAN, ANA)])
def test_a_person_counts_for_the_role_that_needs_them(first: Person, second: Person) -> None:
    counted = verdict(TWO_ROLES, second, voter(first)).tally

    assert (counted.role_of(ANA.id), counted.role_of(DAN.id)) == ("risk", "ml-leads")
    assert counted.complete


def test_the_first_voter_counts_where_one_vote_is_enough() -> None:
    assert verdict(anybody_of(ANA.id, BEN.id), ANA, voter(BEN)).tally.counted == ((BEN.id,),)


@pytest.mark.parametrize("move", STOPS, ids=lambda move: move.key)
def test_one_approver_rejects_or_revokes_alone(move: Move) -> None:
    assert verdict(TWO_ROLES, BEN, move=move).granted
    assert verdict(anybody_of(ANA.id, BEN.id, needs=2), ANA, move=move).granted


def test_a_rejection_takes_more_votes_where_the_rule_says_so() -> None:
    two = (Role(people=People(users=(ANA.id, BEN.id)), needs=2),)
    rule = replace(TWO_ROLES, moves={"reject": two})

    assert not verdict(rule, ANA, move=REJECT).granted
    assert verdict(rule, BEN, voter(ANA), move=REJECT).granted
    assert verdict(rule, ANA, move=REVOKE).granted


def test_each_move_can_have_its_own_approvers() -> None:
    rule = replace(anybody_of(ANA.id), moves={"revoke": (Role(people=People(users=(DAN.id,))),)})

    assert verdict(rule, DAN, move=REVOKE).granted
    assert refusal(rule, ANA, move=REVOKE).params["users"] == [DAN.id]
    assert refusal(rule, DAN, move=APPROVE).params["users"] == [ANA.id]


# --- votes ----------------------------------------------------------------------------------------


def test_a_vote_does_not_count_once_its_voter_may_not_vote_any_more() -> None:
    rule = anybody_of(ANA.id, BEN.id, CHLOE.id, needs=2)
    gone = KnownPeople(MEMBERS, EVERYBODY | {ANA.id: MembershipStatus.GONE})
    left = KnownPeople(MEMBERS | {LEADS: frozenset({CHLOE.id})}, EVERYBODY)

    assert not verdict(rule, BEN, voter(ANA), facts=gone).granted
    assert not verdict(TWO_ROLES, BEN, voter(DAN), facts=left).granted


# --- whoever registered the version ---------------------------------------------------------------


@pytest.mark.parametrize("move", PASSES, ids=lambda move: move.key)
def test_the_submitter_of_a_version_may_not_approve_it(move: Move) -> None:
    refused = refusal(anybody_of(ANA.id, BEN.id), ANA, move=move, facts=registered_by(ANA))

    assert refused == Reason(ReasonCode.OWN_VERSION, {"rule": "fraud", "move": move.key})


@pytest.mark.parametrize("move", STOPS, ids=lambda move: move.key)
def test_the_submitter_of_a_version_may_reject_and_revoke_it(move: Move) -> None:
    assert verdict(anybody_of(ANA.id), ANA, move=move, facts=registered_by(ANA)).granted


def test_other_people_may_approve_the_version_of_a_submitter() -> None:
    assert verdict(anybody_of(ANA.id, BEN.id), BEN, facts=registered_by(ANA)).granted


def test_the_submitter_is_in_the_metadata_else_it_is_the_creator() -> None:
    version = a_version(created_by="arn:aws:sts::1:assumed-role/ci/ana", metadata={})

    assert submitter_of(version) == version.created_by
    assert submitter_of(replace(version, metadata={"submitted-by": "ben "})) == "ben"
    assert submitter_of(replace(version, metadata={"submitted-by": " \n"})) == version.created_by
    assert submitter_of(replace(version, created_by="")) == ""


def test_a_submitter_who_is_not_in_slack_keeps_nobody_from_approving() -> None:
    facts = replace(FACTS, submitter=Submitter("training-pipeline"))

    assert verdict(anybody_of(ANA.id), ANA, facts=facts).granted


def test_a_submitter_who_could_not_be_looked_up_keeps_everybody_from_approving() -> None:
    facts = replace(FACTS, submitter=Submitter("ana@example.com", failure=LookupFailure.SCOPE))

    params = {"rule": "fraud", "move": "approve", "name": "ana@example.com", "failure": "scope"}
    refused = refusal(anybody_of(ANA.id), ANA, facts=facts)
    assert refused == Reason(ReasonCode.SUBMITTER_UNKNOWN, params)
    assert verdict(anybody_of(ANA.id), ANA, move=REJECT, facts=facts).granted


def test_the_vote_of_somebody_who_turns_out_to_be_the_submitter_does_not_count() -> None:
    rule = anybody_of(ANA.id, BEN.id, CHLOE.id, needs=2)

    assert not verdict(rule, BEN, voter(ANA), facts=registered_by(ANA)).granted


def test_a_submitter_may_approve_their_own_version_by_an_override() -> None:
    rule = replace(anybody_of(ANA.id, BEN.id), break_glass=True)
    own, other = verdict(rule, ANA, facts=registered_by(ANA)), verdict(rule, BEN)

    assert own.granted
    assert own.override
    assert not other.override
    assert not verdict(rule, ANA, move=REJECT, facts=registered_by(ANA)).override


def test_an_override_does_not_replace_the_rest_of_the_quorum() -> None:
    rule = replace(TWO_ROLES, break_glass=True)

    assert not verdict(rule, DAN, facts=registered_by(DAN)).granted
    assert verdict(rule, BEN, voter(DAN, override=True), facts=registered_by(DAN)).granted


def test_the_vote_of_a_submitter_counts_only_if_it_was_cast_as_an_override() -> None:
    rule = replace(anybody_of(ANA.id, BEN.id, needs=2), break_glass=True)

    assert not verdict(rule, BEN, voter(ANA), facts=registered_by(ANA)).granted
    assert verdict(rule, BEN, voter(ANA, override=True), facts=registered_by(ANA)).granted


def test_an_override_does_not_count_once_the_rule_does_not_allow_it_any_more() -> None:
    rule = anybody_of(ANA.id, BEN.id, CHLOE.id, needs=2)

    facts = registered_by(ANA)
    assert not verdict(rule, BEN, voter(ANA, override=True), facts=facts).granted


# --- the veto -------------------------------------------------------------------------------------


@pytest.mark.parametrize("move", STOPS, ids=lambda move: move.key)
def test_a_veto_decides_alone_however_many_votes_others_need(move: Move) -> None:
    two = (Role(people=People(users=(ANA.id, BEN.id)), needs=2),)
    rule = replace(TWO_ROLES, moves={move.key: two}, veto=People(users=(CHLOE.id,)))

    vetoed = verdict(rule, CHLOE, move=move)

    assert vetoed.veto
    assert vetoed.granted
    assert not verdict(rule, ANA, move=move).granted


@pytest.mark.parametrize("move", PASSES, ids=lambda move: move.key)
def test_a_veto_does_not_allow_to_approve_or_reinstate(move: Move) -> None:
    rule = replace(anybody_of(ANA.id), veto=People(users=(CHLOE.id,)))

    assert refusal(rule, CHLOE, move=move) == not_an_approver(rule, move)


def test_the_members_of_a_user_group_can_have_a_veto() -> None:
    rule = replace(anybody_of(CHLOE.id), veto=People(user_groups=(RISK,)))

    assert verdict(rule, BEN, move=REJECT).veto
    assert not verdict(rule, CHLOE, move=REJECT).veto


def test_a_veto_counts_where_the_quorum_cannot_be_reached() -> None:
    two = (Role(people=People(users=(ANA.id,)), needs=2),)
    rule = replace(TWO_ROLES, moves={"reject": two}, veto=People(users=(CHLOE.id,)))

    assert verdict(rule, CHLOE, move=REJECT).granted


def test_the_last_vote_of_a_quorum_is_no_veto_even_of_somebody_who_has_one() -> None:
    two = (Role(people=People(users=(ANA.id, BEN.id)), needs=2),)
    rule = replace(TWO_ROLES, moves={"reject": two}, veto=People(users=(BEN.id,)))

    last = verdict(rule, BEN, voter(ANA), move=REJECT)

    assert (last.granted, last.veto) == (True, False)


# --- what people are ------------------------------------------------------------------------------


@pytest.mark.parametrize("membership", [MembershipStatus.GUEST, MembershipStatus.STRANGER])
def test_guests_and_strangers_count_only_if_they_are_named(membership: MembershipStatus) -> None:
    facts = KnownPeople(MEMBERS, EVERYBODY | {BEN.id: membership})

    refused = refusal(anybody_of(ANA.id, groups=(RISK,)), BEN, facts=facts)

    assert refused == not_a_member(APPROVE, membership.value)
    assert verdict(anybody_of(BEN.id), BEN, facts=facts).granted


@pytest.mark.parametrize("membership", [MembershipStatus.GUEST, MembershipStatus.STRANGER])
def test_a_guest_who_is_named_for_the_veto_alone_may_not_approve(
    membership: MembershipStatus,
) -> None:
    rule = replace(anybody_of(ANA.id), veto=People(users=(BEN.id,)))
    facts = KnownPeople(MEMBERS, EVERYBODY | {BEN.id: membership})

    assert refusal(rule, BEN, facts=facts) == not_a_member(APPROVE, membership.value)
    assert verdict(rule, BEN, move=REJECT, facts=facts).veto


@pytest.mark.parametrize(
    "membership", [MembershipStatus.GONE, MembershipStatus.ROBOT, MembershipStatus.UNKNOWN]
)
@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.key)
def test_deactivated_people_bots_and_unknown_people_never_count(
    move: Move, membership: MembershipStatus
) -> None:
    rule = replace(anybody_of(ANA.id), veto=People(users=(ANA.id,)))
    facts = KnownPeople(MEMBERS, {ANA.id: membership})

    refused = refusal(rule, ANA, move=move, facts=facts)

    assert refused == not_a_member(move, membership.value)


def test_a_person_who_was_not_looked_up_in_slack_does_not_count() -> None:
    refused = refusal(anybody_of(ANA.id), ANA, facts=KnownPeople())

    assert refused == not_a_member(APPROVE, "unknown")


# --- what cannot be read --------------------------------------------------------------------------


@pytest.mark.parametrize("failure", LookupFailure)
def test_a_user_group_that_cannot_be_read_denies_and_the_refusal_says_why(
    failure: LookupFailure,
) -> None:
    rule = anybody_of(ANA.id, groups=(RISK,))

    refused = refusal(rule, BEN, facts=KnownPeople({RISK: failure}, EVERYBODY))

    assert refused == not_an_approver(rule, **{RISK: failure.value})


def test_a_user_group_that_nobody_asked_for_denies() -> None:
    rule = anybody_of(groups=(RISK,))

    refused = refusal(rule, BEN, facts=KnownPeople({}, EVERYBODY))

    assert refused == not_an_approver(rule, **{RISK: ""})


def test_only_the_unreadable_of_several_groups_is_named_as_such() -> None:
    facts = KnownPeople({LEADS: MEMBERS[LEADS], RISK: LookupFailure.PLAN}, EVERYBODY)

    refused = refusal(anybody_of(groups=(LEADS, RISK)), BEN, facts=facts)

    assert refused.params["unreadable"] == {RISK: "plan"}
    assert refused.params["user_groups"] == [LEADS, RISK]


def test_a_vote_does_not_count_while_the_group_cannot_be_read() -> None:
    facts = KnownPeople(MEMBERS | {LEADS: LookupFailure.OTHER}, EVERYBODY)

    assert not verdict(TWO_ROLES, BEN, voter(DAN), facts=facts).granted


# --- rules by which nobody may --------------------------------------------------------------------


def test_nobody_may_decide_on_a_group_that_no_rule_matches() -> None:
    rule = Rules("C0MODELS00", (anybody_of(ANA.id),)).find("rent")

    assert rule_problem(rule) == Reason(ReasonCode.NO_RULE)
    assert refusal(rule, ANA) == Reason(ReasonCode.NO_RULE)


@pytest.mark.parametrize("roles", [(), (Role(),)], ids=["no list", "an empty list"])
def test_an_empty_list_of_approvers_lets_nobody_decide(roles: tuple[Role, ...]) -> None:
    rule = replace(anybody_of(), roles=roles)

    for move in MOVES:
        assert rule_problem(rule, move) is not None
        assert refusal(rule, ANA, move=move).code in (
            ReasonCode.NO_APPROVER,
            ReasonCode.EMPTY_ROLE,
        )


def test_an_empty_role_lets_nobody_approve_a_version() -> None:
    rule = replace(TWO_ROLES, roles=(ML_LEADS, Role(name="risk")))

    empty = Reason(ReasonCode.EMPTY_ROLE, {"rule": "credit", "role": "risk"})

    assert rule_problem(rule, APPROVE) == empty
    assert refusal(rule, DAN) == empty


def test_an_empty_list_for_one_move_is_about_that_move_alone() -> None:
    rule = replace(anybody_of(ANA.id), moves={"revoke": (Role(),)})

    assert rule_problem(rule, REVOKE) is not None
    assert rule_problem(rule, APPROVE) is None
    assert rule_problem(rule) is None


def test_a_rule_that_names_somebody_for_every_move_denies_nothing() -> None:
    assert rule_problem(TWO_ROLES) is None
    assert [rule_problem(TWO_ROLES, move) for move in MOVES] == [None] * 4


def test_two_roles_that_only_one_person_can_fill_let_nobody_decide() -> None:
    facts = KnownPeople({LEADS: frozenset({ANA.id}), RISK: frozenset({ANA.id})}, EVERYBODY)

    assert refusal(TWO_ROLES, ANA, facts=facts) == too_few("credit", needed=2, able=1)
    assert verdict(TWO_ROLES, ANA, move=REJECT, facts=facts).granted


def test_a_role_that_needs_more_people_than_it_has_lets_nobody_decide() -> None:
    refused = refusal(anybody_of(ANA.id, BEN.id, needs=3), ANA)

    assert refused == too_few("fraud", needed=3, able=2)


def test_a_person_who_may_not_vote_fills_no_role() -> None:
    two = anybody_of(ANA.id, BEN.id, needs=2)
    gone = KnownPeople(MEMBERS, EVERYBODY | {ANA.id: MembershipStatus.GONE})

    assert refusal(two, BEN, facts=gone) == too_few("fraud", needed=2, able=1)
    assert refusal(two, BEN, facts=registered_by(ANA)) == too_few("fraud", needed=2, able=1)
    assert not verdict(replace(two, break_glass=True), BEN, facts=registered_by(ANA)).granted


def test_a_guest_who_is_not_named_fills_no_role() -> None:
    guest = KnownPeople(MEMBERS, EVERYBODY | {BEN.id: MembershipStatus.GUEST})
    rule = anybody_of(ANA.id, groups=(RISK,), needs=2)

    assert refusal(rule, ANA, facts=guest) == too_few("fraud", needed=2, able=1)


def test_a_quorum_is_not_called_unfillable_while_a_group_cannot_be_read() -> None:
    facts = KnownPeople({RISK: LookupFailure.OTHER}, EVERYBODY)

    assert not verdict(anybody_of(ANA.id, groups=(RISK,), needs=2), ANA, facts=facts).granted


def test_a_person_of_unknown_membership_does_not_make_a_quorum_unfillable() -> None:
    facts = KnownPeople(MEMBERS, EVERYBODY | {BEN.id: MembershipStatus.UNKNOWN})

    assert not verdict(anybody_of(ANA.id, BEN.id, needs=2), ANA, facts=facts).granted
