"""What the rules say about one person and one move, line by line."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import Refused
from bot.core.registry.moves import MOVES, Move
from bot.core.rules.explain import Attempt, explain
from bot.core.rules.judge import judge
from bot.core.rules.people import KnownPeople, LookupFailure, MembershipStatus, Submitter
from bot.core.rules.rule import People, Role, Rule, Rules
from bot.core.text import plain_text
from bot.core.words.explanations import explanation_lines
from tests.core.votes.test_any_order_of_votes import knowledge, users
from tests.core.votes.test_any_order_of_votes import rules as any_rule
from tests.doubles.builders import ANA, BEN, CHLOE, DAN, LEADS, RELEASES, RISK

APPROVE, REJECT, REINSTATE, REVOKE = MOVES
MEMBERS = {LEADS: frozenset({ANA.id, DAN.id}), RISK: frozenset({ANA.id, BEN.id})}
FACTS = KnownPeople(
    MEMBERS, dict.fromkeys((ANA.id, BEN.id, CHLOE.id, DAN.id), MembershipStatus.MEMBER)
)
ML_LEADS = Role(name="ml-leads", people=People(user_groups=(LEADS,)))
OF_RISK = Role(name="risk", people=People(user_groups=(RISK,)))
CREDIT = Rule(
    patterns=("loans", "credit-*"),
    channel="C0CREDIT00",
    name="credit",
    roles=(ML_LEADS, OF_RISK),
    notify=(RELEASES,),
)


def lines(
    rule: Rule,
    person: str = DAN.id,
    move: Move = APPROVE,
    facts: KnownPeople = FACTS,
    group: str = "credit-eu",
) -> tuple[str, ...]:
    explanation = explain(Rules("C0MODELS00", (rule,)), Attempt(group, person, move), facts)
    return tuple(map(plain_text, explanation_lines(explanation)))


def any_of(*users: str, needs: int = 1, **more: Any) -> Rule:
    people = Role(people=People(users=users), needs=needs)
    return replace(CREDIT, roles=(people,), **more)


def one(explanation: tuple[str, ...], beginning: str) -> str:
    """The one line with this *beginning*."""
    (line,) = (line for line in explanation if line.startswith(beginning))
    return line


def test_an_explanation_has_a_line_for_each_consequence_of_a_rule() -> None:
    rule = replace(CREDIT, veto=People(users=(CHLOE.id,)))

    assert lines(rule) == (
        "Rule: credit, whose pattern credit-* matches credit-eu.",
        "Channel: #C0CREDIT00.",
        f"@{DAN.id} may approve a version of credit-eu.",
        "It counts for ml-leads. 1 more is needed: risk.",
        f"Could vote next: a member of @{RISK} (@{ANA.id} or @{BEN.id}).",
        "No comment is needed.",
        "Whoever registered it may not approve it.",
        f"Can veto: @{CHLOE.id}.",
        f"The card pings 4 people: @{CHLOE.id}, @{LEADS} and @{RISK}.",
        f"The decision is told in the card's thread and #{RELEASES}.",
    )


def test_a_refusal_is_explained_in_the_words_that_slack_shows() -> None:
    explanation = lines(CREDIT, CHLOE.id)

    assert f"@{CHLOE.id} may not approve a version of credit-eu." in explanation
    assert one(explanation, "They would be told: ").endswith(
        f"You may not approve this version. @{LEADS} or @{RISK} may. (Rule: credit.)"
    )


def test_an_explanation_without_a_matching_rule_names_the_common_channel() -> None:
    explanation = lines(CREDIT, group="rent")

    assert explanation[:2] == ("Rule: none matches rent.", "Channel: #C0MODELS00.")
    assert one(explanation, "They would be told: ").endswith("no rule matches this group.")
    assert "The card pings nobody." in explanation
    assert "The decision is told in the card's thread." in explanation


@pytest.mark.parametrize("group", ["Loans", "credit-eu"])
def test_an_explanation_names_the_pattern_that_matches(group: str) -> None:
    pattern = {"Loans": "loans", "credit-eu": "credit-*"}[group]

    assert lines(CREDIT, group=group)[0].endswith(f"whose pattern {pattern} matches {group}.")


# --- what a vote would do -------------------------------------------------------------------------


def test_one_vote_that_is_enough_decides_at_once() -> None:
    assert "It decides at once." in lines(any_of(DAN.id))
    assert "It decides at once." in lines(CREDIT, move=REJECT)


def test_a_veto_decides_at_once() -> None:
    two = {"reject": (Role(people=People(users=(ANA.id, BEN.id)), needs=2),)}
    rule = replace(CREDIT, veto=People(users=(CHLOE.id,)), moves=two)

    assert "It decides at once, as a veto." in lines(rule, CHLOE.id, REJECT)


def test_after_one_vote_of_two_one_more_is_needed() -> None:
    explanation = lines(any_of(ANA.id, BEN.id, DAN.id, needs=2))

    assert "It counts. 1 more is needed." in explanation
    assert f"Could vote next: @{ANA.id} or @{BEN.id}." in explanation


def test_an_explanation_says_how_many_of_each_role_are_needed() -> None:
    roles = (ML_LEADS, replace(OF_RISK, needs=2), Role(name="legal", people=People(users=("U1",))))

    explanation = lines(replace(CREDIT, roles=roles))

    assert "It counts for ml-leads. 3 more are needed: 2 of risk and legal." in explanation


def test_people_who_let_the_first_voter_fill_another_role_could_vote_next_as_well() -> None:
    rule = replace(
        CREDIT, roles=(replace(ML_LEADS, people=People(users=(ANA.id, DAN.id))), OF_RISK)
    )

    explanation = lines(rule, ANA.id)

    assert "It counts for ml-leads. 1 more is needed: risk." in explanation
    assert f"Could vote next: @{DAN.id} or a member of @{RISK} (@{BEN.id})." in explanation


def test_people_who_may_not_vote_are_not_listed_as_next_voters() -> None:
    rule = any_of(ANA.id, BEN.id, CHLOE.id, DAN.id, needs=2)
    facts = KnownPeople(
        MEMBERS, {**FACTS.memberships, ANA.id: MembershipStatus.GONE}, Submitter(BEN.id, (BEN.id,))
    )

    assert one(lines(rule, facts=facts), "Could vote next: ") == f"Could vote next: @{CHLOE.id}."


def test_the_submitter_is_not_counted_among_the_members_of_a_group() -> None:
    facts = replace(FACTS, submitter=Submitter(BEN.id, (BEN.id,)))

    assert f"Could vote next: a member of @{RISK} (@{ANA.id})." in lines(CREDIT, facts=facts)
    with_override = replace(CREDIT, break_glass=True)
    both = f"Could vote next: a member of @{RISK} (@{ANA.id} or @{BEN.id})."
    assert both in lines(with_override, facts=facts)


def test_a_large_group_is_counted_and_an_unreadable_group_is_only_named() -> None:
    crowd = frozenset(f"U{number}" for number in range(30))
    large, unread = ({LEADS: MEMBERS[LEADS], RISK: each} for each in (crowd, LookupFailure.PLAN))

    assert f"Could vote next: a member of @{RISK} (30 people)." in lines(
        CREDIT, facts=replace(FACTS, members=large)
    )
    assert f"Could vote next: a member of @{RISK}." in lines(
        CREDIT, facts=replace(FACTS, members=unread)
    )


def test_an_explanation_says_if_nobody_could_vote_next() -> None:
    facts = replace(
        FACTS, memberships={DAN.id: MembershipStatus.MEMBER, ANA.id: MembershipStatus.UNKNOWN}
    )

    assert "Nobody else could vote." in lines(any_of(ANA.id, DAN.id, needs=2), facts=facts)


# --- what else there is to know -------------------------------------------------------------------


@pytest.mark.parametrize(("move", "needed"), [(APPROVE, "No"), (REJECT, "A"), (REVOKE, "A")])
def test_an_explanation_says_whether_a_comment_is_needed(move: Move, needed: str) -> None:
    assert f"{needed} comment is needed." in lines(any_of(DAN.id), move=move)


def test_an_override_needs_a_reason_that_everybody_sees() -> None:
    rule = any_of(DAN.id, break_glass=True)
    facts = replace(FACTS, submitter=Submitter(DAN.id, (DAN.id,)))

    explanation = lines(rule, facts=facts)

    assert one(
        explanation, "This is an emergency override, as they registered it: a reason is needed"
    )
    assert one(explanation, "Whoever registered it may approve it, as an emergency override")


def test_self_approval_is_mentioned_only_where_something_is_approved() -> None:
    assert not [line for line in lines(CREDIT, move=REJECT) if line.startswith("Whoever")]


@pytest.mark.parametrize(
    ("failure", "why"),
    [
        (LookupFailure.PLAN, ", because user groups need a paid plan of Slack"),
        (LookupFailure.SCOPE, ", because the Slack app lacks the scope for it"),
    ],
)
def test_an_unreadable_group_is_named_with_the_reason(failure: LookupFailure, why: str) -> None:
    members = {LEADS: MEMBERS[LEADS], RISK: failure}
    explanation = lines(CREDIT, facts=replace(FACTS, members=members))

    assert one(explanation, "Nobody counts as a member of ") == (
        f"Nobody counts as a member of @{RISK}: who is in it could not be read{why}."
    )
    assert one(explanation, "The card pings ").startswith("The card pings at least 2 people: ")


# --- whom the card pings --------------------------------------------------------------------------


def test_each_person_is_counted_once_however_often_they_are_named() -> None:
    people = People(users=(ANA.id, DAN.id), user_groups=(LEADS, RISK))
    rule = replace(CREDIT, roles=(Role(people=people),))

    assert one(lines(rule), "The card pings ").startswith("The card pings 3 people: ")


@pytest.mark.parametrize(
    ("mention", "expected"),
    [
        ((), "The card pings nobody."),
        ((RISK,), f"The card pings 2 people: @{RISK}."),
        ((DAN.id,), f"The card pings 1 person: @{DAN.id}."),
    ],
)
def test_only_those_whom_the_rule_mentions_are_pinged(
    mention: tuple[str, ...], expected: str
) -> None:
    people = People(users=(DAN.id,), user_groups=(RISK,))
    rule = replace(CREDIT, roles=(Role(people=people),), mention=mention)

    assert one(lines(rule), "The card pings ") == expected
    assert f"@{DAN.id} may approve a version of credit-eu." in lines(rule)


def test_the_submitter_is_pinged_as_well_unless_the_rule_says_whom_to_ping() -> None:
    """The card names them where the metadata have their Slack id."""
    facts = replace(FACTS, submitter=Submitter(CHLOE.id, (CHLOE.id,)))

    assert one(lines(any_of(DAN.id), facts=facts), "The card pings ") == (
        f"The card pings 2 people: @{DAN.id} and @{CHLOE.id}."
    )
    assert one(lines(any_of(DAN.id, CHLOE.id), facts=facts), "The card pings ") == (
        f"The card pings 2 people: @{DAN.id} and @{CHLOE.id}."
    )
    assert one(lines(any_of(DAN.id, mention=(DAN.id,)), facts=facts), "The card pings ") == (
        f"The card pings 1 person: @{DAN.id}."
    )


def test_a_rule_without_approvers_pings_nobody() -> None:
    assert "The card pings nobody." in lines(replace(CREDIT, roles=(Role(name="risk"),)))


def test_an_empty_list_for_one_move_is_reported_and_affects_no_other() -> None:
    rule = any_of(DAN.id, moves={"reject": ()})

    assert "names no approver" in one(lines(rule, move=REJECT), "They would be told: ")
    assert "It decides at once." in lines(rule)


def test_all_channels_that_are_notified_are_named() -> None:
    rule = replace(CREDIT, notify=(RELEASES, "C0RISK0000"))

    assert f"The decision is told in the card's thread and #{RELEASES} and #C0RISK0000." in lines(
        rule
    )


@given(any_rule, knowledge, users, st.sampled_from(MOVES))
def test_an_explanation_allows_what_the_bot_would_allow(
    rule: Rule, facts: KnownPeople, person: str, move: Move
) -> None:
    try:
        judge(rule, move, person, (), facts)
        reason = None
    except Refused as refused:
        reason = refused.reason

    explanation = explain(Rules("C0", (rule,)), Attempt("fraud", person, move), facts)

    assert explanation.reason == reason
    assert explanation.allowed is (reason is None)
    assert all(map(plain_text, explanation_lines(explanation)))


def test_who_is_in_a_group_that_was_not_looked_up_is_unknown() -> None:
    explanation = lines(CREDIT, facts=replace(FACTS, members={LEADS: MEMBERS[LEADS]}))

    assert one(explanation, "Who is in ") == f"Who is in @{RISK} is unknown."
    assert not [line for line in explanation if line.startswith("Nobody counts")]
