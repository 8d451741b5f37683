"""May this person make this move, and are the votes enough? Each rule of ours by its name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.errors import NotAllowed
from bot.core.registry.moves import MOVES, Move
from bot.core.registry.version import Status
from bot.core.rules.judge import (
    Verdict,
    judge,
    nobody_because,
    on_move,
    polls,
    progress,
    still_count,
)
from bot.core.rules.people import (
    KnownPeople,
    LookupFailure,
    MembershipStatus,
    Person,
    Submitter,
    submitter_of,
)
from bot.core.rules.rule import People, Role, Rule, Rules
from bot.core.text import Team, spoken
from bot.core.votes.vote import Vote
from tests.doubles.builders import ANA, BEN, CHLOE, DAN, LEADS, NOON, RISK, a_version

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


def a_vote(person: Person, move: Move = APPROVE, brief: str = "brief-1", **more: bool) -> Vote:
    return Vote(
        id=f"{person.id}.{move.key}",
        source=move.source,
        target=move.target,
        brief=brief,
        by=person,
        comment="",
        at=NOON,
        **more,
    )


def verdict(
    rule: Rule, person: Person, *votes: Vote, move: Move = APPROVE, facts: KnownPeople = FACTS
) -> Verdict:
    return judge(rule, move, person.id, votes, facts)


def refusal(rule: Rule, person: Person, *, move: Move = APPROVE, facts: KnownPeople = FACTS) -> str:
    with pytest.raises(NotAllowed) as refused:
        judge(rule, move, person.id, (), facts)
    return spoken(refused.value.sentence)


def registered_by(person: Person, **known: object) -> KnownPeople:
    return replace(FACTS, submitter=Submitter(person.name, person.id), **known)


# --- who may --------------------------------------------------------------------------------------


@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.key)
def test_one_approver_named_by_id_makes_every_move_alone(move: Move) -> None:
    assert verdict(anybody_of(BEN.id, ANA.id), ANA, move=move).granted


def test_whoever_is_in_one_of_the_user_groups_may_decide() -> None:
    assert verdict(anybody_of(groups=(LEADS, RISK)), BEN).granted


def test_somebody_named_by_id_needs_no_user_group_to_be_readable() -> None:
    facts = KnownPeople({LEADS: LookupFailure.PLAN}, EVERYBODY)

    assert verdict(anybody_of(ANA.id, groups=(LEADS,)), ANA, facts=facts).granted


def test_membership_of_a_group_that_the_rule_does_not_name_counts_not() -> None:
    said = refusal(anybody_of(groups=(LEADS,)), BEN)

    assert said == f"You may not approve this version. @{LEADS} may. (Rule: fraud.)"


def test_a_refusal_names_all_who_may_and_the_rule() -> None:
    rule = anybody_of(ANA.id, BEN.id, groups=(LEADS,))

    said = refusal(rule, CHLOE)

    assert said == (
        f"You may not approve this version. @{ANA.id}, @{BEN.id} or @{LEADS} may. (Rule: fraud.)"
    )


@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.key)
def test_a_refusal_names_the_move(move: Move) -> None:
    assert refusal(TWO_ROLES, CHLOE, move=move).startswith(f"You may not {move.key} this version. ")


def test_who_may_reject_by_veto_is_named_where_a_reject_is_refused() -> None:
    rule = replace(anybody_of(ANA.id), veto=People(users=(DAN.id,)))

    assert f"@{ANA.id} or @{DAN.id} may." in refusal(rule, BEN, move=REJECT)
    assert DAN.id not in refusal(rule, BEN, move=APPROVE)


# --- the quorum -----------------------------------------------------------------------------------


def test_a_quorum_by_role_takes_one_of_each() -> None:
    first = verdict(TWO_ROLES, DAN)

    assert not first.granted
    assert first.tally.role_of(DAN.id) == "ml-leads"
    assert first.tally.waiting_for == ((OF_RISK, 1),)
    assert verdict(TWO_ROLES, BEN, a_vote(DAN)).granted


def test_two_leads_are_not_a_lead_and_one_of_risk() -> None:
    facts = KnownPeople(
        {LEADS: frozenset({DAN.id, CHLOE.id}), RISK: frozenset({BEN.id})}, EVERYBODY
    )

    assert not verdict(TWO_ROLES, CHLOE, a_vote(DAN), facts=facts).granted


def test_any_two_of_these_decide_and_one_does_not() -> None:
    rule = anybody_of(ANA.id, BEN.id, CHLOE.id, needs=2)

    assert not verdict(rule, ANA).granted
    assert verdict(rule, CHLOE, a_vote(BEN)).granted


def test_a_person_in_both_roles_does_not_decide_alone() -> None:
    assert not verdict(TWO_ROLES, ANA).granted


def test_a_person_counts_once_however_often_they_vote() -> None:
    rule = anybody_of(ANA.id, BEN.id, needs=2)

    assert not verdict(rule, ANA, a_vote(ANA)).granted
    assert not progress(rule, APPROVE, [a_vote(ANA), a_vote(ANA)], FACTS).complete


@pytest.mark.parametrize(("first", "second"), [(ANA, DAN), (DAN, ANA)])
def test_a_person_counts_for_the_role_that_needs_them(first: Person, second: Person) -> None:
    counted = verdict(TWO_ROLES, second, a_vote(first)).tally

    assert (counted.role_of(ANA.id), counted.role_of(DAN.id)) == ("risk", "ml-leads")
    assert counted.complete


def test_who_voted_first_counts_where_one_would_do() -> None:
    assert verdict(anybody_of(ANA.id, BEN.id), ANA, a_vote(BEN)).tally.counted == ((BEN.id,),)


@pytest.mark.parametrize("move", STOPS, ids=lambda move: move.key)
def test_one_no_of_an_approver_decides_at_once(move: Move) -> None:
    assert verdict(TWO_ROLES, BEN, move=move).granted
    assert verdict(anybody_of(ANA.id, BEN.id, needs=2), ANA, move=move).granted


def test_a_no_takes_more_where_the_rule_asks_for_more() -> None:
    two = (Role(people=People(users=(ANA.id, BEN.id)), needs=2),)
    rule = replace(TWO_ROLES, moves={"reject": two})

    assert not verdict(rule, ANA, move=REJECT).granted
    assert verdict(rule, BEN, a_vote(ANA, REJECT), move=REJECT).granted
    assert verdict(rule, ANA, move=REVOKE).granted


def test_who_decides_can_differ_from_move_to_move() -> None:
    rule = replace(anybody_of(ANA.id), moves={"revoke": (Role(people=People(users=(DAN.id,))),)})

    assert verdict(rule, DAN, move=REVOKE).granted
    assert DAN.id in refusal(rule, ANA, move=REVOKE)
    assert ANA.id in refusal(rule, DAN, move=APPROVE)


# --- votes ----------------------------------------------------------------------------------------


def test_votes_count_for_the_move_they_were_cast_on_and_for_no_other() -> None:
    rule = anybody_of(ANA.id, BEN.id, needs=2)

    assert verdict(rule, BEN, a_vote(ANA, APPROVE), move=APPROVE).granted
    assert not verdict(rule, BEN, a_vote(ANA, APPROVE), move=REINSTATE).granted
    assert not verdict(rule, BEN, a_vote(ANA, REJECT), move=APPROVE).granted
    assert on_move([a_vote(ANA, APPROVE), a_vote(BEN, REJECT)], REJECT) == (a_vote(BEN, REJECT),)


def test_votes_count_for_the_status_and_the_brief_they_were_cast_on() -> None:
    votes = [a_vote(ANA), a_vote(BEN, REINSTATE), a_vote(DAN, brief="brief-2")]

    assert still_count(votes, Status.PENDING, "brief-1") == (votes[0],)
    assert still_count(votes, Status.REJECTED, "brief-1") == (votes[1],)
    assert still_count(votes, Status.PENDING, "brief-2") == (votes[2],)
    assert still_count(votes, Status.APPROVED, "brief-1") == ()


def test_a_vote_counts_no_more_once_its_voter_may_not_vote_any_more() -> None:
    rule = anybody_of(ANA.id, BEN.id, CHLOE.id, needs=2)
    gone = KnownPeople(MEMBERS, EVERYBODY | {ANA.id: MembershipStatus.GONE})
    left = KnownPeople(MEMBERS | {LEADS: frozenset({CHLOE.id})}, EVERYBODY)

    assert not verdict(rule, BEN, a_vote(ANA), facts=gone).granted
    assert not verdict(TWO_ROLES, BEN, a_vote(DAN), facts=left).granted


def test_polls_are_the_moves_that_somebody_voted_for() -> None:
    votes = [a_vote(DAN), a_vote(BEN, REJECT), a_vote(ANA)]

    approve, reject = polls(TWO_ROLES, votes, FACTS)

    assert (approve.move, reject.move) == (APPROVE, REJECT)
    assert approve.votes == (votes[0], votes[2])
    assert approve.tally.complete
    assert polls(TWO_ROLES, [], FACTS) == ()


# --- whoever registered the version ---------------------------------------------------------------


@pytest.mark.parametrize("move", PASSES, ids=lambda move: move.key)
def test_whoever_registered_a_version_may_not_approve_it(move: Move) -> None:
    said = refusal(anybody_of(ANA.id, BEN.id), ANA, move=move, facts=registered_by(ANA))

    assert said == f"You registered this version, so you may not {move.key} it. (Rule: fraud.)"


@pytest.mark.parametrize("move", STOPS, ids=lambda move: move.key)
def test_whoever_registered_a_version_may_stop_it(move: Move) -> None:
    assert verdict(anybody_of(ANA.id), ANA, move=move, facts=registered_by(ANA)).granted


def test_others_may_approve_what_somebody_registered() -> None:
    assert verdict(anybody_of(ANA.id, BEN.id), BEN, facts=registered_by(ANA)).granted


def test_the_submitter_is_in_the_metadata_else_it_is_the_creator() -> None:
    version = a_version(created_by="arn:aws:sts::1:assumed-role/ci/ana", metadata={})

    assert submitter_of(version) == version.created_by
    assert submitter_of(replace(version, metadata={"submitted-by": "ben "})) == "ben"
    assert submitter_of(replace(version, metadata={"submitted-by": " \n"})) == version.created_by
    assert submitter_of(replace(version, created_by="")) == ""


def test_a_submitter_whom_nobody_knows_in_slack_keeps_nobody_from_approving() -> None:
    facts = replace(FACTS, submitter=Submitter("training-pipeline"))

    assert verdict(anybody_of(ANA.id), ANA, facts=facts).granted


def test_a_submitter_who_could_not_be_found_out_keeps_everybody_from_approving() -> None:
    facts = replace(FACTS, submitter=Submitter("ana@example.com", unread=LookupFailure.SCOPE))

    assert refusal(anybody_of(ANA.id), ANA, facts=facts) == (
        "Nobody may approve this version: ana@example.com registered it, and who that is in Slack "
        "could not be found out, because the Slack app lacks the scope for it. (Rule: fraud.)"
    )
    assert verdict(anybody_of(ANA.id), ANA, move=REJECT, facts=facts).granted


def test_the_vote_of_somebody_who_turns_out_to_have_registered_it_counts_not() -> None:
    rule = anybody_of(ANA.id, BEN.id, CHLOE.id, needs=2)

    assert not verdict(rule, BEN, a_vote(ANA), facts=registered_by(ANA)).granted


def test_whoever_breaks_the_glass_approves_what_they_registered() -> None:
    rule = replace(anybody_of(ANA.id, BEN.id), break_glass=True)
    broken, whole = verdict(rule, ANA, facts=registered_by(ANA)), verdict(rule, BEN)

    assert broken.granted
    assert broken.override
    assert not whole.override
    assert not verdict(rule, ANA, move=REJECT, facts=registered_by(ANA)).override


def test_a_broken_glass_does_not_stand_for_the_rest_of_the_quorum() -> None:
    rule = replace(TWO_ROLES, break_glass=True)

    assert not verdict(rule, DAN, facts=registered_by(DAN)).granted
    assert verdict(rule, BEN, a_vote(DAN, override=True), facts=registered_by(DAN)).granted


def test_their_own_vote_counts_only_if_they_broke_the_glass_when_they_cast_it() -> None:
    rule = replace(anybody_of(ANA.id, BEN.id, needs=2), break_glass=True)

    assert not verdict(rule, BEN, a_vote(ANA), facts=registered_by(ANA)).granted
    assert verdict(rule, BEN, a_vote(ANA, override=True), facts=registered_by(ANA)).granted


def test_a_broken_glass_counts_no_more_where_the_rule_does_not_allow_it_any_more() -> None:
    rule = anybody_of(ANA.id, BEN.id, CHLOE.id, needs=2)

    facts = registered_by(ANA)
    assert not verdict(rule, BEN, a_vote(ANA, override=True), facts=facts).granted


# --- the veto -------------------------------------------------------------------------------------


@pytest.mark.parametrize("move", STOPS, ids=lambda move: move.key)
def test_a_veto_says_no_alone_however_many_a_no_takes_of_others(move: Move) -> None:
    two = (Role(people=People(users=(ANA.id, BEN.id)), needs=2),)
    rule = replace(TWO_ROLES, moves={move.key: two}, veto=People(users=(CHLOE.id,)))

    vetoed = verdict(rule, CHLOE, move=move)

    assert vetoed.veto
    assert vetoed.granted
    assert not verdict(rule, ANA, move=move).granted


@pytest.mark.parametrize("move", PASSES, ids=lambda move: move.key)
def test_a_veto_lets_nothing_pass(move: Move) -> None:
    rule = replace(anybody_of(ANA.id), veto=People(users=(CHLOE.id,)))

    assert f"@{ANA.id} may" in refusal(rule, CHLOE, move=move)


def test_a_veto_can_be_a_user_groups() -> None:
    rule = replace(anybody_of(CHLOE.id), veto=People(user_groups=(RISK,)))

    assert verdict(rule, BEN, move=REJECT).veto
    assert not verdict(rule, CHLOE, move=REJECT).veto


def test_a_veto_holds_where_nobody_else_could_ever_say_no() -> None:
    two = (Role(people=People(users=(ANA.id,)), needs=2),)
    rule = replace(TWO_ROLES, moves={"reject": two}, veto=People(users=(CHLOE.id,)))

    assert verdict(rule, CHLOE, move=REJECT).granted


# --- what people are ------------------------------------------------------------------------------


@pytest.mark.parametrize("standing", [MembershipStatus.GUEST, MembershipStatus.STRANGER])
def test_guests_and_strangers_count_only_if_they_are_named(standing: MembershipStatus) -> None:
    facts = KnownPeople(MEMBERS, EVERYBODY | {BEN.id: standing})

    said = refusal(anybody_of(ANA.id, groups=(RISK,)), BEN, facts=facts)

    assert said == f"You may not approve this version: you are {standing}. (Rule: fraud.)"
    assert verdict(anybody_of(BEN.id), BEN, facts=facts).granted


@pytest.mark.parametrize("standing", [MembershipStatus.GUEST, MembershipStatus.STRANGER])
def test_a_guest_who_is_named_for_the_veto_alone_may_not_approve(
    standing: MembershipStatus,
) -> None:
    rule = replace(anybody_of(ANA.id), veto=People(users=(BEN.id,)))
    facts = KnownPeople(MEMBERS, EVERYBODY | {BEN.id: standing})

    said = refusal(rule, BEN, facts=facts)

    assert said == f"You may not approve this version: you are {standing}. (Rule: fraud.)"
    assert verdict(rule, BEN, move=REJECT, facts=facts).veto


@pytest.mark.parametrize(
    ("standing", "why"),
    [
        (MembershipStatus.GONE, "deactivated in Slack"),
        (MembershipStatus.ROBOT, "an app and no person"),
        (MembershipStatus.UNKNOWN, "somebody of whom Slack would not say who they are"),
    ],
)
@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.key)
def test_the_deactivated_and_the_unknown_never_count(
    move: Move, standing: MembershipStatus, why: str
) -> None:
    rule = replace(anybody_of(ANA.id), veto=People(users=(ANA.id,)))
    facts = KnownPeople(MEMBERS, {ANA.id: standing})

    said = refusal(rule, ANA, move=move, facts=facts)

    assert said == f"You may not {move.key} this version: you are {why}. (Rule: fraud.)"


def test_somebody_whom_nobody_asked_slack_about_does_not_count() -> None:
    assert "Slack would not say" in refusal(anybody_of(ANA.id), ANA, facts=KnownPeople())


# --- what cannot be read --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reason", "why"),
    [
        (LookupFailure.PLAN, ", because user groups need a paid plan of Slack."),
        (LookupFailure.SCOPE, ", because the Slack app lacks the scope for it."),
        (LookupFailure.NONE, ", because there is no such user group."),
        (LookupFailure.OTHER, ", because Slack would not say."),
    ],
)
def test_a_user_group_that_cannot_be_read_denies_and_the_refusal_says_why(
    reason: LookupFailure, why: str
) -> None:
    rule = anybody_of(ANA.id, groups=(RISK,))

    said = refusal(rule, BEN, facts=KnownPeople({RISK: reason}, EVERYBODY))

    assert said == (
        f"You may not approve this version. @{ANA.id} or @{RISK} may. Nobody counts as a member "
        f"of @{RISK}, which could not be read{why} (Rule: fraud.)"
    )


def test_a_user_group_that_nobody_asked_for_denies() -> None:
    said = refusal(anybody_of(groups=(RISK,)), BEN, facts=KnownPeople({}, EVERYBODY))

    assert f"Nobody counts as a member of @{RISK}, which could not be read." in said


def test_only_the_unreadable_of_several_groups_is_named_as_such() -> None:
    facts = KnownPeople({LEADS: MEMBERS[LEADS], RISK: LookupFailure.PLAN}, EVERYBODY)

    said = refusal(anybody_of(groups=(LEADS, RISK)), BEN, facts=facts)

    assert f"Nobody counts as a member of @{RISK}, which" in said
    assert Team(LEADS).id in said.split(" may.")[0]


def test_a_vote_counts_no_more_once_the_group_cannot_be_read() -> None:
    facts = KnownPeople(MEMBERS | {LEADS: LookupFailure.OTHER}, EVERYBODY)

    assert not verdict(TWO_ROLES, BEN, a_vote(DAN), facts=facts).granted


# --- rules by which nobody may --------------------------------------------------------------------


def test_what_no_rule_matches_nobody_may_decide() -> None:
    rule = Rules("C0MODELS00", (anybody_of(ANA.id),)).find("rent")

    assert nobody_because(rule) == "Nobody may decide: no rule matches this group."
    assert refusal(rule, ANA) == "Nobody may decide: no rule matches this group."


@pytest.mark.parametrize("roles", [(), (Role(),)], ids=["no list", "an empty list"])
def test_an_empty_list_of_approvers_lets_nobody_decide(roles: tuple[Role, ...]) -> None:
    rule = replace(anybody_of(), roles=roles)

    for move in MOVES:
        assert nobody_because(rule, move) is not None
        assert refusal(rule, ANA, move=move).startswith("Nobody may decide: the rule for")


def test_an_empty_role_lets_nobody_pass_a_version() -> None:
    rule = replace(TWO_ROLES, roles=(ML_LEADS, Role(name="risk")))

    said = "Nobody may decide: the rule for this group names nobody for the role risk."

    assert nobody_because(rule, APPROVE) == said
    assert refusal(rule, DAN) == f"{said} (Rule: credit.)"


def test_an_empty_list_for_one_move_is_about_that_move_alone() -> None:
    rule = replace(anybody_of(ANA.id), moves={"revoke": (Role(),)})

    assert nobody_because(rule, REVOKE) is not None
    assert nobody_because(rule, APPROVE) is None
    assert nobody_because(rule) is None


def test_a_rule_that_names_somebody_for_every_move_denies_nothing() -> None:
    assert nobody_because(TWO_ROLES) is None
    assert [nobody_because(TWO_ROLES, move) for move in MOVES] == [None] * 4


def test_two_roles_that_only_one_person_can_fill_let_nobody_decide() -> None:
    facts = KnownPeople({LEADS: frozenset({ANA.id}), RISK: frozenset({ANA.id})}, EVERYBODY)

    assert refusal(TWO_ROLES, ANA, facts=facts) == (
        "Nobody may decide: the rule for this group needs 2 people for this move, and only "
        "1 person can fill its roles. (Rule: credit.)"
    )
    assert verdict(TWO_ROLES, ANA, move=REJECT, facts=facts).granted


def test_a_role_that_needs_more_people_than_it_has_lets_nobody_decide() -> None:
    assert "needs 3 people for this move, and only 2 people can" in refusal(
        anybody_of(ANA.id, BEN.id, needs=3), ANA
    )


def test_whoever_is_known_to_be_out_fills_no_role() -> None:
    two = anybody_of(ANA.id, BEN.id, needs=2)
    gone = KnownPeople(MEMBERS, EVERYBODY | {ANA.id: MembershipStatus.GONE})

    assert "only 1 person can fill" in refusal(two, BEN, facts=gone)
    assert "only 1 person can fill" in refusal(two, BEN, facts=registered_by(ANA))
    assert not verdict(replace(two, break_glass=True), BEN, facts=registered_by(ANA)).granted


def test_a_guest_who_is_not_named_fills_no_role() -> None:
    guest = KnownPeople(MEMBERS, EVERYBODY | {BEN.id: MembershipStatus.GUEST})
    rule = anybody_of(ANA.id, groups=(RISK,), needs=2)

    assert "only 1 person can fill" in refusal(rule, ANA, facts=guest)


def test_a_quorum_is_not_called_unfillable_while_a_group_cannot_be_read() -> None:
    facts = KnownPeople({RISK: LookupFailure.OTHER}, EVERYBODY)

    assert not verdict(anybody_of(ANA.id, groups=(RISK,), needs=2), ANA, facts=facts).granted


def test_somebody_of_whom_slack_will_not_say_who_they_are_does_not_make_it_unfillable() -> None:
    facts = KnownPeople(MEMBERS, EVERYBODY | {BEN.id: MembershipStatus.UNKNOWN})

    assert not verdict(anybody_of(ANA.id, BEN.id, needs=2), ANA, facts=facts).granted


def test_a_refusal_of_a_rule_without_a_name_names_none() -> None:
    assert "(Rule" not in refusal(replace(TWO_ROLES, name=""), CHLOE)
