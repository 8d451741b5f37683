"""The past, lived under some rules and tried under others: what would have gone another way."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.audit.entries import EntryKind
from bot.core.audit.replay.findings import Ending, Finding
from bot.core.audit.replay.records import Gap, GapKind, Records
from bot.core.audit.replay.replay import replay
from bot.core.reason import Reason, ReasonCode
from bot.core.registry.moves import MOVES
from bot.core.registry.version import Status
from bot.core.rules.people import KnownPeople, LookupFailure, MembershipStatus, Person, Submitter
from bot.core.rules.rule import People, Role, Rule, Rules
from bot.core.words.findings import finding_line
from tests.core.trail import Trail
from tests.core.votes.test_any_order_of_votes import USERS, knowledge
from tests.core.votes.test_any_order_of_votes import rules as any_rule
from tests.doubles.builders import ANA, BEN, CHLOE, DAN, LEADS, RISK, a_version

MEMBERS = {LEADS: frozenset({ANA.id, DAN.id}), RISK: frozenset({BEN.id})}
ML_LEADS = Role(name="ml-leads", people=People(user_groups=(LEADS,)))
OF_RISK = Role(name="risk", people=People(user_groups=(RISK,)))


def rules(*roles: Role, people: dict[str, str] | None = None, **more: Any) -> Rules:
    rule = Rule(patterns=("fraud",), channel="C1", name="fraud", roles=roles, **more)
    return Rules("C0", (rule,), people=people or {}, digest="then")


def any_of(*who: Person, needs: int = 1, **more: Any) -> Rules:
    people = People(users=tuple(person.id for person in who))
    return rules(Role(people=people, needs=needs), **more)


ANY_ONE = any_of(ANA, BEN, DAN)
ANY_TWO = any_of(ANA, BEN, DAN, needs=2)
APPROVE = MOVES[0]
TWO_ROLES = rules(ML_LEADS, OF_RISK)


def lived(under: Rules, *voters: Person, **known: Any) -> Trail:
    """A past in which *voters* wanted to approve, one after the other."""
    trail = Trail(under, MEMBERS, **known)
    for voter in voters:
        trail.click(voter)
    return trail


def tried(trail: Trail, under: Rules, **today: frozenset[str]) -> list[Finding]:
    """What would have gone another way, or cannot be told."""
    found = replay(trail.past, replace(under, digest="now"), today)
    return [each for each in found if each.ending is not Ending.SAME]


def said(trail: Trail, under: Rules, **today: frozenset[str]) -> str:
    """The one thing that would have gone another way."""
    (found,) = tried(trail, under, **today)
    assert found.ending is Ending.OTHER
    return finding_line(found).partition("): ")[2]


def untold(trail: Trail, under: Rules, **today: frozenset[str]) -> str:
    """The one thing that cannot be told."""
    (found,) = tried(trail, under, **today)
    assert found.ending is Ending.UNKNOWN
    return finding_line(found).partition("): ")[2]


# --- decisions ------------------------------------------------------------------------------------


def test_under_the_same_rules_everything_goes_the_same_way() -> None:
    trail = lived(TWO_ROLES, CHLOE, DAN)
    trail.withdraw(DAN)
    trail.click(ANA)
    trail.change_evidence("0.91")
    trail.click(ANA)
    trail.click(BEN)

    found = list(replay(trail.past, TWO_ROLES, {}))

    assert [each.entry.kind for each in found] == [EntryKind.REFUSAL, EntryKind.DECISION]
    assert {each.ending for each in found} == {Ending.SAME}


def test_a_finding_says_where_it_stands() -> None:
    (found,) = tried(lived(ANY_ONE, ANA), ANY_TWO)

    assert finding_line(found).startswith("fraud version 1, entry 2 (2026-03-02T12:00:00+00:00): ")


def test_a_decision_that_would_not_be_made_is_named_with_what_it_would_wait_for() -> None:
    assert said(lived(ANY_ONE, ANA), ANY_TWO) == (
        f"approved by @{ANA.id}. Now it would not be made. 1 more is needed."
    )
    assert said(lived(rules(ML_LEADS), DAN), TWO_ROLES) == (
        f"approved by @{DAN.id}. Now it would not be made. 1 more is needed: risk."
    )


def test_a_decision_by_somebody_who_may_no_more_is_named_with_what_they_would_be_told() -> None:
    assert said(lived(ANY_ONE, ANA), any_of(BEN)) == (
        f"approved by @{ANA.id}. Now it would not be made. @{ANA.id} would be told: "
        f"You may not approve this version. @{BEN.id} may. (Rule: fraud.)"
    )


def test_a_decision_that_an_earlier_vote_would_make_is_named_with_that_vote() -> None:
    trail = lived(ANY_TWO, ANA, BEN)

    assert said(trail, ANY_ONE) == (
        f"approved by @{ANA.id} and @{BEN.id}. Now it would be approved earlier: by the vote of "
        f"@{ANA.id}, 2026-03-02T12:00:00+00:00."
    )


def test_a_decision_that_fewer_votes_would_make_is_named_with_those() -> None:
    trail = lived(ANY_TWO, ANA, BEN)

    assert said(trail, any_of(BEN, DAN)) == (
        f"approved by @{ANA.id} and @{BEN.id}. Now fewer votes would make it: by @{BEN.id}. "
        f"@{ANA.id} would be told: You may not approve this version. @{BEN.id} or @{DAN.id} may. "
        "(Rule: fraud.)"
    )


def test_a_no_that_takes_more_now_is_another_way() -> None:
    two = Role(people=People(users=(ANA.id, BEN.id)), needs=2)
    trail = lived(ANY_ONE)
    trail.click(ANA, Status.REJECTED)

    assert said(trail, replace_rule(ANY_ONE, moves={"reject": (two,)})) == (
        f"rejected by @{ANA.id}. Now it would not be made. 1 more is needed."
    )


def test_a_veto_given_or_taken_away_is_another_way() -> None:
    two = Role(people=People(users=(ANA.id, BEN.id)), needs=2)
    without = replace_rule(ANY_ONE, moves={"reject": (two,)})
    with_veto = replace_rule(without, veto=People(users=(CHLOE.id,)))
    trail = lived(with_veto)
    trail.click(CHLOE, Status.REJECTED)

    assert tried(trail, with_veto) == []
    assert "Now it would not be made." in said(trail, without)


def replace_rule(under: Rules, **changes: Any) -> Rules:
    return replace(under, rules=(replace(under.rules[0], **changes),))


def test_a_group_that_no_rule_matches_any_more_is_another_way() -> None:
    trail = lived(ANY_ONE, ANA)

    assert "Nobody may decide: no rule matches this group." in said(trail, Rules("C0"))


def test_decisions_one_after_the_other_are_each_judged_by_themselves() -> None:
    trail = lived(ANY_ONE, ANA)
    trail.click(BEN, Status.REJECTED)
    trail.click(DAN)

    found = tried(trail, ANY_TWO)

    assert [each.entry.number for each in found] == [2, 6]


def test_versions_do_not_mix() -> None:
    one, two = lived(ANY_ONE, ANA), lived(ANY_ONE, version=a_version(2))
    two.click(BEN)
    mixed = [each for pair in zip(one.past, two.past, strict=True) for each in pair]

    found = [each.ending for each in replay(mixed, ANY_TWO, {})]

    assert found == [Ending.OTHER, Ending.OTHER]


def test_a_decision_whose_votes_lie_before_the_export_rests_on_them_all_the_same() -> None:
    trail = lived(ANY_TWO, ANA, BEN)
    exported = trail.past[2:]

    assert [each.kind for each in exported] == [EntryKind.DECISION]
    (found,) = replay(exported, ANY_TWO, {})
    assert found.ending is Ending.UNKNOWN
    assert f"what @{ANA.id} was in Slack" in finding_line(found)


# --- refusals -------------------------------------------------------------------------------------


def test_a_click_refused_then_and_allowed_now_is_named_with_what_was_said() -> None:
    trail = lived(any_of(ANA), BEN)

    assert said(trail, ANY_TWO) == (
        f"@{BEN.id} was refused to approve it: “You may not approve this version. @{ANA.id} may. "
        "(Rule: fraud.)” Now it would count as a vote."
    )
    assert said(trail, ANY_ONE).endswith("” Now it would decide at once.")


def test_a_click_refused_then_and_refused_now_is_no_other_way() -> None:
    assert tried(lived(any_of(ANA), CHLOE), ANY_ONE) == []


def test_a_refused_click_that_would_count_now_makes_later_decisions_earlier() -> None:
    trail = lived(any_of(ANA, BEN, needs=2), ANA, DAN, BEN)

    refused, decided = map(finding_line, tried(trail, ANY_TWO))

    assert refused.endswith("Now it would decide at once.")
    assert f"by the click that was refused to @{DAN.id}" in decided


def test_what_was_refused_for_other_reasons_than_the_rules_stays_refused() -> None:
    trail = lived(ANY_ONE)
    trail.refused(ANA, Status.APPROVED, Reason(ReasonCode.LATE))
    trail.refused(ANA, Status.APPROVED, Reason(ReasonCode.BRIEF_CHANGED))

    assert [each.ending for each in replay(trail.past, ANY_ONE, {})] == [Ending.SAME] * 2


def test_a_click_refused_after_what_would_have_been_the_decision_stays_refused() -> None:
    trail = lived(any_of(ANA, BEN, needs=2), ANA, DAN)

    (found,) = tried(trail, ANY_ONE)

    assert found.entry.kind is EntryKind.VOTE
    assert "would decide now; there is no decision so far." in finding_line(found)


# --- votes ----------------------------------------------------------------------------------------


def test_a_vote_that_would_be_refused_now_is_named_though_nothing_is_decided() -> None:
    assert said(lived(ANY_TWO, ANA), any_of(BEN, DAN, needs=2)) == (
        f"the vote of @{ANA.id} to approve it would be refused now: You may not approve this "
        f"version. @{BEN.id} or @{DAN.id} may. (Rule: fraud.)"
    )


def test_a_vote_that_would_decide_now_is_named_though_nothing_came_of_it() -> None:
    trail = lived(ANY_TWO, ANA)

    assert said(trail, ANY_ONE) == (
        f"the vote of @{ANA.id} to approve it would decide now; there is no decision so far."
    )


def test_a_vote_that_was_taken_back_counts_no_more() -> None:
    trail = lived(any_of(ANA, BEN, DAN, needs=3), ANA)
    trail.withdraw(ANA)
    trail.click(BEN)

    assert tried(trail, ANY_TWO) == []


def test_a_vote_that_would_have_decided_is_taken_back_too_late() -> None:
    trail = lived(ANY_TWO, ANA)
    trail.withdraw(ANA)

    assert f"the vote of @{ANA.id} to approve it would decide now" in said(trail, ANY_ONE)


def test_a_vote_that_was_changed_counts_for_what_it_was_changed_to() -> None:
    three = any_of(ANA, BEN, DAN, needs=3)
    no_by_two = (Role(people=three.rules[0].approvers, needs=2),)
    trail = lived(replace_rule(three, moves={"reject": no_by_two}), ANA)
    trail.click(ANA, Status.REJECTED)
    trail.click(BEN)

    assert tried(trail, replace_rule(ANY_TWO, moves={"reject": no_by_two})) == []


def test_votes_on_what_is_no_longer_so_count_no_more() -> None:
    trail = lived(any_of(ANA, BEN, DAN, needs=3), ANA)
    trail.change_evidence("0.5")
    trail.click(BEN)
    trail.change_outside(Status.REJECTED)
    trail.click(DAN)

    assert tried(trail, ANY_TWO) == []


def test_votes_that_were_void_stay_void_though_the_brief_changes_back() -> None:
    trail = lived(any_of(ANA, BEN, DAN, needs=3), ANA)
    trail.change_evidence("0.5")
    trail.change_evidence("0.94")
    trail.click(BEN)

    assert tried(trail, ANY_TWO) == []


def test_votes_on_different_briefs_do_not_add_up_where_the_trail_skips_the_change() -> None:
    trail = lived(any_of(ANA, BEN, DAN, needs=3), ANA)
    trail.change_evidence("0.5")
    trail.click(BEN)
    votes = [past for past in trail.past if past.kind is EntryKind.VOTE]

    assert [each.ending for each in replay(votes, ANY_TWO, {})] == []


def test_what_became_of_votes_that_would_have_decided_is_told() -> None:
    void, outside = lived(ANY_TWO, ANA), lived(ANY_TWO, ANA)
    void.change_evidence("0.5")
    outside.change_outside(Status.REJECTED)

    assert said(void, ANY_ONE).endswith("would decide now; instead, the votes were void.")
    assert said(outside, ANY_ONE).endswith("now; instead, the status was changed outside.")


def test_a_decision_that_was_void_is_void_under_any_rules() -> None:
    trail = lived(ANY_ONE)
    trail.click(ANA)
    vote, decision = trail.past
    void = replace(decision, kind=EntryKind.VOID)

    assert list(replay([vote, void], ANY_ONE, {})) == []


# --- whoever registered the version ---------------------------------------------------------------


def test_self_approval_is_another_way_once_the_glass_may_not_be_broken() -> None:
    breakable = replace_rule(ANY_ONE, break_glass=True)
    trail = lived(breakable, ANA, submitter=Submitter(ANA.id, ANA.id))

    assert tried(trail, breakable) == []
    assert "You registered this version, so you may not approve it." in said(trail, ANY_ONE)


def test_a_refused_self_approval_is_another_way_where_the_glass_may_be_broken() -> None:
    trail = lived(ANY_ONE, ANA, submitter=Submitter(ANA.id, ANA.id))

    assert said(trail, replace_rule(ANY_ONE, break_glass=True)).endswith("decide at once.")


def test_a_vote_that_breaks_the_glass_now_counts_with_the_others() -> None:
    trail = lived(ANY_TWO, ANA, BEN, submitter=Submitter("ana-studio"))
    breakable = replace_rule(replace(ANY_TWO, people={"ana-studio": ANA.id}), break_glass=True)

    assert tried(trail, breakable) == []


def test_a_submitter_whom_slack_did_not_tell_stays_untold() -> None:
    asking = replace(ANY_ONE, by_email=True)
    trail = lived(asking, ANA, submitter=Submitter("ana@example.com", failure=LookupFailure.SCOPE))

    (found,) = replay(trail.past, asking, {})

    assert found.ending is Ending.SAME


@pytest.mark.parametrize("name", ["Ana-Studio", "arn:aws:sts::1:assumed-role/ci/ana-studio"])
def test_a_submitter_whom_the_rules_list_now_is_known_now(name: str) -> None:
    trail = lived(ANY_ONE, ANA, submitter=Submitter(name))

    assert tried(trail, ANY_ONE) == []
    listing = replace(ANY_ONE, people={"ana-studio": ANA.id})
    assert "You registered this version" in said(trail, listing)


def test_a_submitter_found_by_email_then_is_nobody_where_it_is_not_looked_for() -> None:
    asking = replace(ANY_ONE, by_email=True)
    trail = lived(asking, ANA, submitter=Submitter("ana@example.com", ANA.id))

    assert tried(trail, asking) == []
    assert said(trail, ANY_ONE).endswith("Now it would decide at once.")


def test_a_submitter_for_whom_nobody_asked_slack_cannot_be_told() -> None:
    trail = lived(ANY_ONE, ANA, submitter=Submitter("ana@example.com"))

    assert untold(trail, replace(ANY_ONE, by_email=True)) == (
        f"approved by @{ANA.id}. Whether it would be now cannot be told, because nobody recorded "
        "who registered it."
    )


# --- what nobody recorded -------------------------------------------------------------------------


def test_membership_that_nobody_recorded_cannot_be_told() -> None:
    trail = lived(ANY_ONE, ANA)

    assert untold(trail, rules(ML_LEADS)) == (
        f"approved by @{ANA.id}. Whether it would be now cannot be told, because nobody recorded "
        f"whether @{ANA.id} was in @{LEADS}."
    )


def test_a_refusal_that_hangs_on_what_nobody_recorded_cannot_be_told() -> None:
    trail = lived(any_of(ANA), BEN)

    assert untold(trail, rules(OF_RISK)).endswith(
        "Whether they would be now cannot be told, because nobody recorded whether "
        f"@{BEN.id} was in @{RISK}."
    )


def test_a_vote_that_may_decide_now_cannot_be_told_either() -> None:
    assert untold(lived(ANY_TWO, ANA), rules(ML_LEADS)).startswith(
        f"the vote of @{ANA.id} to approve it decided nothing. Whether it would now cannot be told"
    )


def test_what_nobody_recorded_is_taken_from_today() -> None:
    trail = lived(ANY_ONE, ANA)

    assert tried(trail, rules(ML_LEADS), **{LEADS: frozenset({ANA.id})}) == []
    assert "You may not" in said(trail, rules(ML_LEADS), **{LEADS: frozenset({DAN.id})})


def test_what_was_recorded_outweighs_what_is_so_today() -> None:
    trail = lived(rules(ML_LEADS), ANA)

    assert tried(trail, rules(ML_LEADS), **{LEADS: frozenset({BEN.id})}) == []
    outsider = lived(rules(ML_LEADS), BEN)
    assert tried(outsider, rules(ML_LEADS), **{LEADS: frozenset({BEN.id})}) == []


def test_what_matters_for_nothing_need_not_be_known() -> None:
    trail = lived(ANY_ONE, ANA)
    people = People(users=(ANA.id,), user_groups=(LEADS,))

    assert tried(trail, rules(Role(people=people))) == []


def test_that_few_were_heard_of_does_not_make_a_group_too_small() -> None:
    trail = lived(rules(ML_LEADS), ANA)

    assert said(trail, rules(replace(ML_LEADS, needs=2))).endswith("1 more is needed: ml-leads.")


def test_a_group_that_is_too_small_today_lets_nobody_decide() -> None:
    trail = lived(rules(ML_LEADS), ANA)

    what = said(trail, rules(replace(ML_LEADS, needs=2)), **{LEADS: frozenset({ANA.id})})

    assert "and only 1 person can fill its roles." in what


def test_a_refusal_because_a_group_was_too_small_cannot_be_told_unless_it_is_known() -> None:
    trail = Trail(rules(replace(ML_LEADS, needs=2)), {LEADS: frozenset({ANA.id})})
    trail.click(ANA)

    assert f"nobody recorded who else was in @{LEADS}" in untold(trail, trail.rules)
    assert tried(trail, trail.rules, **{LEADS: frozenset({ANA.id})}) == []
    assert "would count as a vote" in said(trail, trail.rules, **{LEADS: frozenset({BEN.id})})


@pytest.mark.parametrize(
    ("too_few", "today", "gaps"),
    [
        (True, {}, [Gap(GapKind.OTHERS_IN_GROUP, user_group=LEADS)]),
        (True, {LEADS: frozenset({BEN.id})}, []),
        (False, {}, []),
    ],
)
def test_who_else_was_in_a_group_is_missing_only_if_it_mattered_and_nobody_can_tell(
    too_few: bool, today: dict[str, frozenset[str]], gaps: list[Gap]
) -> None:
    under = rules(ML_LEADS)
    records = Records(today=today, submitter=Submitter("ana", ANA.id), had_too_few_people=too_few)

    found = records.gaps(under, under.find("fraud"), APPROVE)

    assert list(found) == gaps


def test_a_group_that_could_not_be_read_then_denies_in_the_replay() -> None:
    trail = lived(rules(ML_LEADS))
    trail.members = {LEADS: LookupFailure.PLAN}
    trail.click(ANA)

    assert tried(trail, rules(ML_LEADS), **{LEADS: frozenset({ANA.id})}) == []


def test_whoever_was_a_guest_then_is_one_in_the_replay() -> None:
    trail = lived(rules(ML_LEADS), ANA, memberships={ANA.id: MembershipStatus.GUEST})

    assert tried(trail, rules(ML_LEADS)) == []
    assert said(trail, ANY_ONE).endswith("Now it would decide at once.")


# --- by chance ------------------------------------------------------------------------------------

people = st.sampled_from([Person(user, user.lower()) for user in USERS])
targets = st.sampled_from(Status)
doings = st.one_of(
    st.tuples(st.just("click"), people, targets),
    st.tuples(st.just("click"), people, st.just(Status.APPROVED)),
    st.tuples(st.just("withdraw"), people, targets),
    st.tuples(st.just("evidence"), people, targets),
    st.tuples(st.just("outside"), people, targets),
)


def any_past(rule: Rule, known: KnownPeople, done: list[tuple[str, Person, Status]]) -> Trail:
    named = {known.submitter.name: known.submitter.id} if known.submitter.id else {}
    under = Rules("C0", (rule,), people=named, digest="then")
    trail = Trail(under, known.members, known.memberships, known.submitter)
    for what, person, target in done:
        status = trail.version.status
        match what:
            case "click" if target not in (status, Status.PENDING):
                trail.click(person, target)
            case "withdraw" if any(vote.by.id == person.id for vote in trail.votes):
                trail.withdraw(person)
            case "evidence":
                trail.change_evidence(f"{len(trail.past)}")
            case "outside" if target is not status:
                trail.change_outside(target)
    return trail


@given(any_rule, knowledge, st.lists(doings, max_size=12))
def test_no_past_goes_another_way_under_its_own_rules(
    rule: Rule, known: KnownPeople, done: list[tuple[str, Person, Status]]
) -> None:
    trail = any_past(rule, known, done)
    today = {team: read for team, read in known.members.items() if isinstance(read, frozenset)}

    found = list(replay(trail.past, trail.rules, today))
    unsure = list(replay(trail.past, trail.rules, {}))

    assert [finding_line(each) for each in found if each.ending is not Ending.SAME] == []
    assert [finding_line(each) for each in unsure if each.ending is Ending.OTHER] == []
    counted = [each for each in trail.past if each.kind in (EntryKind.DECISION, EntryKind.REFUSAL)]
    assert [each.entry for each in found] == counted


@given(any_rule, any_rule, knowledge, st.lists(doings, max_size=12))
def test_under_any_rules_each_decision_and_refusal_is_found_once(
    rule: Rule, other: Rule, known: KnownPeople, done: list[tuple[str, Person, Status]]
) -> None:
    trail = any_past(rule, known, done)

    found = list(replay(trail.past, Rules("C0", (other,), digest="now"), {}))

    counted = [each for each in trail.past if each.kind in (EntryKind.DECISION, EntryKind.REFUSAL)]
    assert [each.entry for each in found if each.entry.kind is not EntryKind.VOTE] == counted
    assert all(map(finding_line, found))
