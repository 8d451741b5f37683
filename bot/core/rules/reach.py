"""Work out whom the card of a version pings: Slack notifies everybody whom a message names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.core.registry.moves import moves_from, moves_of
from bot.core.registry.version import Status
from bot.core.rules.judge import rule_problem
from bot.core.rules.people import SUBMITTED_BY, ids_in
from bot.core.rules.rule import People

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.core.registry.moves import Move
    from bot.core.registry.version import DescribedVersion
    from bot.core.rules.people import KnownPeople
    from bot.core.rules.rule import Rule

MOST_NAMED: Final = 20
"""A card mentions at most this many people and user groups in one place."""
MOST_LOOKED_UP: Final = 10
"""Of so many people whom a card names without a mention, the names are looked up in Slack."""


@dataclass(frozen=True, slots=True)
class Pings:
    """Whom a card mentions, and how many people that are, each counted once."""

    people: People
    count: int
    is_complete: bool
    """Whether every user group could be looked up; if not, *count* is the least it can be."""


def pinged(people: People, rule: Rule) -> People:
    """Those of *people* whom a card mentions, if it names them at all."""
    return pinged_of(people, rule.mention)


def pinged_of(people: People, mention: tuple[str, ...] | None) -> People:
    """Those of *people* whom a rule with *mention* lets a card mention."""
    return People(
        users=tuple(user for user in people.users if is_pinged(user, mention)),
        user_groups=tuple(group for group in people.user_groups if is_pinged(group, mention)),
    )


def is_pinged(id_: str, mention: tuple[str, ...] | None) -> bool:
    """Whether a rule with *mention* lets the person or user group *id_* be mentioned."""
    return mention is None or id_ in mention


def named_only(rule: Rule, version: DescribedVersion) -> tuple[str, ...]:
    """Return the first users whom the card of *version* names, and *rule* lets nobody mention."""
    if rule.mention is None or rule_problem(rule):
        return ()
    moves = [move for move in moves_of(version) if not rule_problem(rule, move)]
    users = [user for move in moves for user in rule.voters(move).users]
    shown = dict.fromkeys([*ids_in(version.metadata.get(SUBMITTED_BY, "")), *users])
    return tuple(id_ for id_ in shown if not is_pinged(id_, rule.mention))[:MOST_LOOKED_UP]


def watchers(rule: Rule) -> People:
    """Those whom a card pings although they may not decide anything under *rule*."""
    deciders = {*rule.everybody.users, *rule.everybody.user_groups}
    others = [id_ for id_ in rule.mention or () if id_ not in deciders]
    return People(
        users=tuple(id_ for id_ in others if not id_.startswith("S")),
        user_groups=tuple(id_ for id_ in others if id_.startswith("S")),
    )


def pings(rule: Rule, move: Move, people: KnownPeople) -> Pings:
    """
    Work out whom the card of a version pings while *move* is open.

    Who registered the version is one of them where the metadata have their Slack id, as the card
    then shows it as a mention; that is how *people* came to know it.
    """
    mentioned = People()
    for part in _parts_of_card(rule, move):
        mentioned |= part
    mentioned |= pinged(People(users=people.submitter.ids), rule)
    groups = [people.members.get(group) for group in mentioned.user_groups]
    members = [group for group in groups if isinstance(group, frozenset)]
    everyone = frozenset(mentioned.users).union(*members)
    return Pings(mentioned, len(everyone), len(members) == len(groups))


def _parts_of_card(rule: Rule, move: Move) -> Iterator[People]:
    """Who is mentioned in each part of the card, as `bot.core.cards.deciding` shows them."""
    if rule_problem(rule):
        return
    moves = [each for each in moves_from(move.source) if not rule_problem(rule, each)]
    for each in moves:
        for role in rule.roles_for(each):
            yield _first(pinged(role.people, rule))
    if any(each.target is Status.REJECTED for each in moves):
        yield _first(pinged(rule.veto, rule))
    if moves:
        yield _first(watchers(rule))


def _first(people: People) -> People:
    """As many of *people* as a card names in one place."""
    users = people.users[:MOST_NAMED]
    return People(users=users, user_groups=people.user_groups[: MOST_NAMED - len(users)])
