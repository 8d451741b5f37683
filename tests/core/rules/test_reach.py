"""Whom the card of a version pings, compared with the card itself."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.cards.card import card
from bot.core.registry.moves import MOVES, Move
from bot.core.rules.people import KnownPeople, LookupFailure, Members, Submitter
from bot.core.rules.reach import MOST_NAMED, pings
from bot.core.rules.rule import People, Role, Rule
from tests.core.reading import nodes
from tests.core.strategies import facts, rules
from tests.doubles.builders import ANA, BEN, CHLOE, LEADS, RISK, a_candidate, a_version

MEMBERS = {LEADS: frozenset({ANA.id, BEN.id})}
ONE_GROUP = Rule(
    patterns=("*",),
    channel="C1",
    roles=(Role(people=People(users=(ANA.id,), user_groups=(LEADS,))),),
)


def named_on_card(rule: Rule, move: Move) -> set[str]:
    """The ids of the people and user groups that a card mentions."""
    message = card(a_candidate(a_version(status=move.source)), rule, None)
    mentions = [node for block in message.blocks for node in nodes(block)]
    return {
        node.get("user_id") or node["usergroup_id"]
        for node in mentions
        if node.get("type") in ("user", "usergroup")
    }


@given(rules, st.sampled_from(MOVES), facts)
def test_a_card_pings_exactly_those_whom_it_names(
    rule: Rule, move: Move, people: KnownPeople
) -> None:
    named = pings(rule, move, replace(people, submitter=Submitter())).people

    assert {*named.users, *named.user_groups} == named_on_card(rule, move)


def test_a_card_names_and_pings_a_limited_number_of_people() -> None:
    crowd = tuple(f"U0PERSON{number:03}" for number in range(MOST_NAMED + 5))
    rule = replace(ONE_GROUP, roles=(Role(people=People(users=crowd, user_groups=(LEADS,))),))

    reached = pings(rule, MOVES[0], KnownPeople(MEMBERS))

    assert reached.people == People(users=crowd[:MOST_NAMED])
    assert reached.count == MOST_NAMED


def test_each_person_is_counted_once() -> None:
    reached = pings(ONE_GROUP, MOVES[0], KnownPeople(MEMBERS))

    assert (reached.count, reached.is_complete) == (2, True)


def test_the_submitter_is_pinged_as_well() -> None:
    people = KnownPeople(MEMBERS, submitter=Submitter(CHLOE.id, (CHLOE.id,)))

    assert pings(ONE_GROUP, MOVES[0], people).people.users == (ANA.id, CHLOE.id)
    assert pings(replace(ONE_GROUP, mention=()), MOVES[0], people).count == 0


@pytest.mark.parametrize("members", [{}, {LEADS: LookupFailure.PLAN}])
def test_a_group_that_could_not_be_looked_up_makes_the_count_a_minimum(
    members: dict[str, Members],
) -> None:
    reached = pings(ONE_GROUP, MOVES[0], KnownPeople(members))

    assert (reached.count, reached.is_complete) == (1, False)


def test_people_who_are_only_mentioned_are_pinged_as_well() -> None:
    rule = replace(ONE_GROUP, mention=(ANA.id, RISK, CHLOE.id))

    named = pings(rule, MOVES[0], KnownPeople()).people

    assert named == People(users=(ANA.id, CHLOE.id), user_groups=(RISK,))
