"""A history under some rules, replayed under others: what would differ."""

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


def history(under: Rules, *voters: Person, **fields: Any) -> Trail:
    """A history in which *voters* wanted to approve, one after the other."""
    trail = Trail(under, MEMBERS, **fields)
    for voter in voters:
        trail.click(voter)
    return trail


def differences(trail: Trail, under: Rules, **today: frozenset[str]) -> list[Finding]:
    """What would differ, or may differ."""
    findings = replay(trail.past, replace(under, digest="now"), today)
    return [finding for finding in findings if finding.ending is not Ending.SAME]


def difference(trail: Trail, under: Rules, **today: frozenset[str]) -> str:
    """The one thing that would differ."""
    (finding,) = differences(trail, under, **today)
    assert finding.ending is Ending.OTHER
    return finding_line(finding).partition("): ")[2]


def unknown(trail: Trail, under: Rules, **today: frozenset[str]) -> str:
    """The one thing of which this is unknown."""
    (finding,) = differences(trail, under, **today)
    assert finding.ending is Ending.UNKNOWN
    return finding_line(finding).partition("): ")[2]


# --- decisions ------------------------------------------------------------------------------------


def test_nothing_differs_under_the_same_rules() -> None:
    trail = history(TWO_ROLES, CHLOE, DAN)
    trail.withdraw(DAN)
    trail.click(ANA)
    trail.change_evidence("0.91")
    trail.click(ANA)
    trail.click(BEN)

    findings = list(replay(trail.past, TWO_ROLES, {}))

    assert [finding.entry.kind for finding in findings] == [EntryKind.REFUSAL, EntryKind.DECISION]
    assert {finding.ending for finding in findings} == {Ending.SAME}


def test_a_finding_names_its_version_its_entry_and_its_time() -> None:
    (finding,) = differences(history(ANY_ONE, ANA), ANY_TWO)

    assert finding_line(finding).startswith(
        "fraud version 1, entry 2 (2026-03-02T12:00:00+00:00): "
    )


def test_a_decision_that_would_not_be_made_is_named_with_the_missing_votes() -> None:
    assert difference(history(ANY_ONE, ANA), ANY_TWO) == (
        f"approved by @{ANA.id}. Now it would not be made. 1 more is needed."
    )
    assert difference(history(rules(ML_LEADS), DAN), TWO_ROLES) == (
        f"approved by @{DAN.id}. Now it would not be made. 1 more is needed: risk."
    )


def test_a_decision_by_somebody_who_may_not_decide_now_is_named_with_the_refusal() -> None:
    assert difference(history(ANY_ONE, ANA), any_of(BEN)) == (
        f"approved by @{ANA.id}. Now it would not be made. @{ANA.id} would be told: "
        f"You may not approve this version. @{BEN.id} may. (Rule: fraud.)"
    )


def test_a_decision_that_an_earlier_vote_would_make_is_named_with_that_vote() -> None:
    trail = history(ANY_TWO, ANA, BEN)

    assert difference(trail, ANY_ONE) == (
        f"approved by @{ANA.id} and @{BEN.id}. Now it would be approved earlier: by the vote of "
        f"@{ANA.id}, 2026-03-02T12:00:00+00:00."
    )


def test_a_decision_that_fewer_votes_would_make_is_named_with_those() -> None:
    trail = history(ANY_TWO, ANA, BEN)

    assert difference(trail, any_of(BEN, DAN)) == (
        f"approved by @{ANA.id} and @{BEN.id}. Now fewer votes would make it: by @{BEN.id}. "
        f"@{ANA.id} would be told: You may not approve this version. @{BEN.id} or @{DAN.id} may. "
        "(Rule: fraud.)"
    )


def test_a_rejection_that_takes_more_votes_now_differs() -> None:
    two = Role(people=People(users=(ANA.id, BEN.id)), needs=2)
    trail = history(ANY_ONE)
    trail.click(ANA, Status.REJECTED)

    assert difference(trail, replace_rule(ANY_ONE, moves={"reject": (two,)})) == (
        f"rejected by @{ANA.id}. Now it would not be made. 1 more is needed."
    )


def test_a_decision_by_veto_differs_where_the_rules_have_no_veto() -> None:
    two = Role(people=People(users=(ANA.id, BEN.id)), needs=2)
    without = replace_rule(ANY_ONE, moves={"reject": (two,)})
    with_veto = replace_rule(without, veto=People(users=(CHLOE.id,)))
    trail = history(with_veto)
    trail.click(CHLOE, Status.REJECTED)

    assert differences(trail, with_veto) == []
    assert "Now it would not be made." in difference(trail, without)


def replace_rule(under: Rules, **changes: Any) -> Rules:
    return replace(under, rules=(replace(under.rules[0], **changes),))


def test_a_decision_differs_where_no_rule_matches_its_group_any_more() -> None:
    trail = history(ANY_ONE, ANA)

    assert "Nobody may decide: no rule matches this group." in difference(trail, Rules("C0"))


def test_decisions_one_after_the_other_are_each_judged_by_themselves() -> None:
    trail = history(ANY_ONE, ANA)
    trail.click(BEN, Status.REJECTED)
    trail.click(DAN)

    findings = differences(trail, ANY_TWO)

    assert [finding.entry.number for finding in findings] == [2, 6]


def test_votes_on_one_version_do_not_count_for_another() -> None:
    one, two = history(ANY_ONE, ANA), history(ANY_ONE, version=a_version(2))
    two.click(BEN)
    mixed = [each for pair in zip(one.past, two.past, strict=True) for each in pair]

    endings = [each.ending for each in replay(mixed, ANY_TWO, {})]

    assert endings == [Ending.OTHER, Ending.OTHER]


def test_a_decision_is_judged_by_its_votes_even_if_the_export_begins_after_them() -> None:
    trail = history(ANY_TWO, ANA, BEN)
    exported = trail.past[2:]

    assert [entry.kind for entry in exported] == [EntryKind.DECISION]
    (finding,) = replay(exported, ANY_TWO, {})
    assert finding.ending is Ending.UNKNOWN
    assert f"what @{ANA.id} was in Slack" in finding_line(finding)


# --- refusals -------------------------------------------------------------------------------------


def test_a_refused_click_that_would_be_allowed_now_is_named_with_the_refusal() -> None:
    trail = history(any_of(ANA), BEN)

    assert difference(trail, ANY_TWO) == (
        f"@{BEN.id} was refused to approve it: “You may not approve this version. @{ANA.id} may. "
        "(Rule: fraud.)” Now it would count as a vote."
    )
    assert difference(trail, ANY_ONE).endswith("” Now it would decide at once.")


def test_a_click_that_both_rules_refuse_does_not_differ() -> None:
    assert differences(history(any_of(ANA), CHLOE), ANY_ONE) == []


def test_a_refused_click_that_would_count_now_makes_a_later_decision_earlier() -> None:
    trail = history(any_of(ANA, BEN, needs=2), ANA, DAN, BEN)

    refused, decided = map(finding_line, differences(trail, ANY_TWO))

    assert refused.endswith("Now it would decide at once.")
    assert f"by the click that was refused to @{DAN.id}" in decided


def test_a_refusal_that_did_not_depend_on_the_rules_stays_a_refusal() -> None:
    trail = history(ANY_ONE)
    trail.refused(ANA, Status.APPROVED, Reason(ReasonCode.STATUS_CHANGED))
    trail.refused(ANA, Status.APPROVED, Reason(ReasonCode.BRIEF_CHANGED))

    assert [each.ending for each in replay(trail.past, ANY_ONE, {})] == [Ending.SAME] * 2


def test_a_click_refused_after_what_would_have_been_the_decision_stays_refused() -> None:
    trail = history(any_of(ANA, BEN, needs=2), ANA, DAN)

    (finding,) = differences(trail, ANY_ONE)

    assert finding.entry.kind is EntryKind.VOTE
    assert "would decide now; there is no decision so far." in finding_line(finding)


# --- votes ----------------------------------------------------------------------------------------


def test_a_vote_that_would_be_refused_now_is_named_though_nothing_is_decided() -> None:
    assert difference(history(ANY_TWO, ANA), any_of(BEN, DAN, needs=2)) == (
        f"the vote of @{ANA.id} to approve it would be refused now: You may not approve this "
        f"version. @{BEN.id} or @{DAN.id} may. (Rule: fraud.)"
    )


def test_a_vote_that_would_decide_now_is_named_though_nothing_came_of_it() -> None:
    trail = history(ANY_TWO, ANA)

    assert difference(trail, ANY_ONE) == (
        f"the vote of @{ANA.id} to approve it would decide now; there is no decision so far."
    )


def test_a_withdrawn_vote_does_not_count() -> None:
    trail = history(any_of(ANA, BEN, DAN, needs=3), ANA)
    trail.withdraw(ANA)
    trail.click(BEN)

    assert differences(trail, ANY_TWO) == []


def test_what_somebody_was_before_a_decision_says_nothing_of_them_afterwards() -> None:
    trail = history(ANY_ONE, BEN)
    trail.change_outside(Status.PENDING)
    trail.refused(BEN, Status.APPROVED, Reason(ReasonCode.NO_RULE))

    (finding,) = differences(trail, ANY_ONE)

    assert finding.ending is Ending.UNKNOWN


def test_a_vote_that_would_have_decided_is_withdrawn_too_late() -> None:
    trail = history(ANY_TWO, ANA)
    trail.withdraw(ANA)

    assert f"the vote of @{ANA.id} to approve it would decide now" in difference(trail, ANY_ONE)


def test_a_vote_that_was_changed_counts_for_what_it_was_changed_to() -> None:
    three = any_of(ANA, BEN, DAN, needs=3)
    no_by_two = (Role(people=three.rules[0].approvers, needs=2),)
    trail = history(replace_rule(three, moves={"reject": no_by_two}), ANA)
    trail.click(ANA, Status.REJECTED)
    trail.click(BEN)

    assert differences(trail, replace_rule(ANY_TWO, moves={"reject": no_by_two})) == []


def test_votes_on_an_earlier_brief_or_status_do_not_count() -> None:
    trail = history(any_of(ANA, BEN, DAN, needs=3), ANA)
    trail.change_evidence("0.5")
    trail.click(BEN)
    trail.change_outside(Status.REJECTED)
    trail.click(DAN)

    assert differences(trail, ANY_TWO) == []


def test_a_version_that_was_registered_as_approved_has_a_history_that_can_be_read() -> None:
    trail = Trail(ANY_TWO)
    trail.change_outside(Status.APPROVED, created=True)

    assert [past.kind for past in trail.past] == [EntryKind.EXTERNAL_CHANGE]
    assert differences(trail, ANY_TWO) == []


def test_votes_still_count_after_a_change_that_was_missed_while_an_earlier_decision_was_made() -> (
    None
):
    trail = history(ANY_TWO, ANA, BEN)
    trail.change_outside(Status.PENDING)
    trail.click(ANA)
    trail.change_unseen(Status.REJECTED)
    trail.click(DAN)

    assert differences(trail, ANY_TWO) == []


def test_votes_that_were_void_stay_void_though_the_brief_changes_back() -> None:
    trail = history(any_of(ANA, BEN, DAN, needs=3), ANA)
    trail.change_evidence("0.5")
    trail.change_evidence("0.94")
    trail.click(BEN)

    assert differences(trail, ANY_TWO) == []


def test_votes_on_different_briefs_do_not_add_up_where_the_trail_skips_the_change() -> None:
    trail = history(any_of(ANA, BEN, DAN, needs=3), ANA)
    trail.change_evidence("0.5")
    trail.click(BEN)
    votes = [past for past in trail.past if past.kind is EntryKind.VOTE]

    assert [each.ending for each in replay(votes, ANY_TWO, {})] == []


def test_votes_that_would_have_decided_are_named_with_what_happened_instead() -> None:
    void, outside = history(ANY_TWO, ANA), history(ANY_TWO, ANA)
    void.change_evidence("0.5")
    outside.change_outside(Status.REJECTED)

    assert difference(void, ANY_ONE).endswith("would decide now; instead, the votes were void.")
    assert difference(outside, ANY_ONE).endswith("now; instead, the status was changed outside.")


def test_a_decision_that_was_void_is_void_under_any_rules() -> None:
    trail = history(ANY_ONE)
    trail.click(ANA)
    vote, decision = trail.past
    void = replace(decision, kind=EntryKind.VOID)

    assert list(replay([vote, void], ANY_ONE, {})) == []


# --- whoever registered the version ---------------------------------------------------------------


def test_self_approval_differs_where_the_rules_allow_no_override() -> None:
    with_override = replace_rule(ANY_ONE, break_glass=True)
    trail = history(with_override, ANA, submitter=Submitter(ANA.id, (ANA.id,)))

    assert differences(trail, with_override) == []
    assert "You registered this version, so you may not approve it." in difference(trail, ANY_ONE)


def test_a_refused_self_approval_differs_where_the_rules_allow_an_override() -> None:
    trail = history(ANY_ONE, ANA, submitter=Submitter(ANA.id, (ANA.id,)))

    assert difference(trail, replace_rule(ANY_ONE, break_glass=True)).endswith("decide at once.")


def test_a_vote_that_would_be_an_override_counts_with_the_others() -> None:
    trail = history(ANY_TWO, ANA, BEN, submitter=Submitter("ana-studio"))
    with_override = replace_rule(replace(ANY_TWO, people={"ana-studio": ANA.id}), break_glass=True)

    assert differences(trail, with_override) == []


def test_a_submitter_who_could_not_be_looked_up_stays_unknown() -> None:
    asking = replace(ANY_ONE, by_email=True)
    trail = history(
        asking, ANA, submitter=Submitter("ana@example.com", failure=LookupFailure.SCOPE)
    )

    (finding,) = replay(trail.past, asking, {})

    assert finding.ending is Ending.SAME


@pytest.mark.parametrize("name", ["Ana-Studio", "arn:aws:sts::1:assumed-role/ci/ana-studio"])
def test_a_submitter_whom_the_rules_list_now_is_identified_now(name: str) -> None:
    trail = history(ANY_ONE, ANA, submitter=Submitter(name))

    assert differences(trail, ANY_ONE) == []
    listing = replace(ANY_ONE, people={"ana-studio": ANA.id})
    assert "You registered this version" in difference(trail, listing)


def test_a_word_that_looks_like_an_id_identifies_nobody_in_a_replay() -> None:
    by = Submitter("assumed-role/WebTeam2024Role/ana@example.com", ("WEBTEAM2024ROLE",))
    trail = history(ANY_ONE, ANA, submitter=by)
    listing = replace(ANY_ONE, people={"ana@example.com": ANA.id}, by_email=True)

    assert "You registered this version" in difference(trail, listing)


def test_each_of_several_submitters_may_not_approve_in_a_replay() -> None:
    trail = history(ANY_ONE, ANA, submitter=Submitter(f"{ANA.id} {BEN.id}"))

    assert f"{ANA.id} {BEN.id} registered this version. That may mean you" in difference(
        trail, ANY_ONE
    )


def test_a_submitter_found_by_email_is_nobody_where_the_rules_do_not_look_by_email() -> None:
    asking = replace(ANY_ONE, by_email=True)
    trail = history(asking, ANA, submitter=Submitter("ana@example.com", (ANA.id,)))

    assert differences(trail, asking) == []
    assert difference(trail, ANY_ONE).endswith("Now it would decide at once.")


def test_a_submitter_whom_nobody_looked_up_makes_the_result_unknown() -> None:
    trail = history(ANY_ONE, ANA, submitter=Submitter("ana@example.com"))

    assert unknown(trail, replace(ANY_ONE, by_email=True)) == (
        f"approved by @{ANA.id}. Whether it would be now cannot be told, because nobody recorded "
        "who registered it."
    )


# --- what was not recorded ------------------------------------------------------------------------


def test_unrecorded_membership_makes_the_result_of_a_decision_unknown() -> None:
    trail = history(ANY_ONE, ANA)

    assert unknown(trail, rules(ML_LEADS)) == (
        f"approved by @{ANA.id}. Whether it would be now cannot be told, because nobody recorded "
        f"whether @{ANA.id} was in @{LEADS}."
    )


def test_unrecorded_membership_makes_the_result_of_a_refusal_unknown() -> None:
    trail = history(any_of(ANA), BEN)

    assert unknown(trail, rules(OF_RISK)).endswith(
        "Whether they would be now cannot be told, because nobody recorded whether "
        f"@{BEN.id} was in @{RISK}."
    )


def test_unrecorded_membership_makes_the_result_of_a_vote_unknown() -> None:
    assert unknown(history(ANY_TWO, ANA), rules(ML_LEADS)).startswith(
        f"the vote of @{ANA.id} to approve it decided nothing. Whether it would now cannot be told"
    )


def test_unrecorded_membership_is_taken_from_today() -> None:
    trail = history(ANY_ONE, ANA)

    assert differences(trail, rules(ML_LEADS), **{LEADS: frozenset({ANA.id})}) == []
    assert "You may not" in difference(trail, rules(ML_LEADS), **{LEADS: frozenset({DAN.id})})


def test_recorded_membership_outweighs_that_of_today() -> None:
    trail = history(rules(ML_LEADS), ANA)

    assert differences(trail, rules(ML_LEADS), **{LEADS: frozenset({BEN.id})}) == []
    outsider = history(rules(ML_LEADS), BEN)
    assert differences(outsider, rules(ML_LEADS), **{LEADS: frozenset({BEN.id})}) == []


def test_unrecorded_membership_that_makes_no_difference_is_not_needed() -> None:
    trail = history(ANY_ONE, ANA)
    people = People(users=(ANA.id,), user_groups=(LEADS,))

    assert differences(trail, rules(Role(people=people))) == []


def test_a_group_is_not_too_small_because_few_of_its_members_were_recorded() -> None:
    trail = history(rules(ML_LEADS), ANA)

    assert difference(trail, rules(replace(ML_LEADS, needs=2))).endswith(
        "1 more is needed: ml-leads."
    )


def test_a_group_that_is_too_small_today_lets_nobody_decide() -> None:
    trail = history(rules(ML_LEADS), ANA)

    text = difference(trail, rules(replace(ML_LEADS, needs=2)), **{LEADS: frozenset({ANA.id})})

    assert "and only 1 person can fill its roles." in text


def test_a_refusal_because_of_a_small_group_is_unknown_unless_its_members_are_known() -> None:
    trail = Trail(rules(replace(ML_LEADS, needs=2)), {LEADS: frozenset({ANA.id})})
    trail.click(ANA)

    assert f"nobody recorded who else was in @{LEADS}" in unknown(trail, trail.rules)
    assert differences(trail, trail.rules, **{LEADS: frozenset({ANA.id})}) == []
    assert "would count as a vote" in difference(trail, trail.rules, **{LEADS: frozenset({BEN.id})})


@pytest.mark.parametrize(
    ("too_few", "today", "gaps"),
    [
        (True, {}, [Gap(GapKind.OTHERS_IN_GROUP, user_group=LEADS)]),
        (True, {LEADS: frozenset({BEN.id})}, []),
        (False, {}, []),
    ],
)
def test_other_members_of_a_group_are_missing_only_if_they_matter_and_are_unknown(
    too_few: bool, today: dict[str, frozenset[str]], gaps: list[Gap]
) -> None:
    under = rules(ML_LEADS)
    records = Records(
        today=today, submitter=Submitter("ana", (ANA.id,)), had_too_few_people=too_few
    )

    missing = records.gaps(under, under.find("fraud"), APPROVE)

    assert list(missing) == gaps


def test_a_group_that_was_recorded_as_unreadable_denies_in_the_replay() -> None:
    trail = history(rules(ML_LEADS))
    trail.members = {LEADS: LookupFailure.PLAN}
    trail.click(ANA)

    assert differences(trail, rules(ML_LEADS), **{LEADS: frozenset({ANA.id})}) == []


def test_a_person_who_was_recorded_as_a_guest_is_one_in_the_replay() -> None:
    trail = history(rules(ML_LEADS), ANA, memberships={ANA.id: MembershipStatus.GUEST})

    assert differences(trail, rules(ML_LEADS)) == []
    assert difference(trail, ANY_ONE).endswith("Now it would decide at once.")


# --- random histories -----------------------------------------------------------------------------

people = st.sampled_from([Person(user, user.lower()) for user in USERS])
targets = st.sampled_from(Status)
actions = st.one_of(
    st.tuples(st.just("click"), people, targets),
    st.tuples(st.just("click"), people, st.just(Status.APPROVED)),
    st.tuples(st.just("withdraw"), people, targets),
    st.tuples(st.just("evidence"), people, targets),
    st.tuples(st.just("outside"), people, targets),
    st.tuples(st.just("unseen"), people, targets),
)


def any_history(
    rule: Rule, knowledge: KnownPeople, actions: list[tuple[str, Person, Status]]
) -> Trail:
    name = knowledge.submitter.name
    named = {name.lower(): id_ for id_ in knowledge.submitter.ids[:1]}
    under = Rules("C0", (rule,), people=named, digest="then")
    submitter = Submitter(name, under.slack_ids(name))
    trail = Trail(under, knowledge.members, knowledge.memberships, submitter)
    for action, person, target in actions:
        status = trail.version.status
        match action:
            case "click" if target not in (status, Status.PENDING):
                trail.click(person, target)
            case "withdraw" if any(vote.by.id == person.id for vote in trail.votes):
                trail.withdraw(person)
            case "evidence":
                trail.change_evidence(f"{len(trail.past)}")
            case "outside" if target is not status:
                trail.change_outside(target)
            case "unseen" if trail.decisions:
                trail.change_unseen(target)
    return trail


@given(any_rule, knowledge, st.lists(actions, max_size=12))
def test_no_history_differs_under_its_own_rules(
    rule: Rule, knowledge: KnownPeople, actions: list[tuple[str, Person, Status]]
) -> None:
    trail = any_history(rule, knowledge, actions)
    today = {team: read for team, read in knowledge.members.items() if isinstance(read, frozenset)}

    findings = list(replay(trail.past, trail.rules, today))
    unsure = list(replay(trail.past, trail.rules, {}))

    assert [finding_line(each) for each in findings if each.ending is not Ending.SAME] == []
    assert [finding_line(each) for each in unsure if each.ending is Ending.OTHER] == []
    counted = [each for each in trail.past if each.kind in (EntryKind.DECISION, EntryKind.REFUSAL)]
    assert [each.entry for each in findings] == counted


@given(any_rule, any_rule, knowledge, st.lists(actions, max_size=12))
def test_each_decision_and_refusal_is_replayed_once_under_any_rules(
    rule: Rule, other: Rule, knowledge: KnownPeople, actions: list[tuple[str, Person, Status]]
) -> None:
    trail = any_history(rule, knowledge, actions)

    findings = list(replay(trail.past, Rules("C0", (other,), digest="now"), {}))

    counted = [each for each in trail.past if each.kind in (EntryKind.DECISION, EntryKind.REFUSAL)]
    assert [each.entry for each in findings if each.entry.kind is not EntryKind.VOTE] == counted
    assert all(map(finding_line, findings))
