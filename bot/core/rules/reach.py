"""
Whom a version reaches under a rule: how many people its card pings, which channels hear of it.

Whom the card names is for `cards.deciding`, which is asked here as the card asks it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.cards.deciding import who_may
from bot.core.registry.moves import leaving
from bot.core.rules.judge import nobody_because
from bot.core.text import Channel, Mention, Sentence, Team, listed, many

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.core.registry.moves import Move
    from bot.core.rules.people import KnownPeople
    from bot.core.rules.rule import Rule


def pings(rule: Rule, move: Move, facts: KnownPeople) -> Sentence:
    """
    How many people the card of a version pings while *move* is open, each counted once.

    Whoever registered the version is one of them: where its metadata have their Slack id, which
    is how *facts* came to know it, the card names them by it.
    """
    named = [] if nobody_because(rule) else _mentioned(who_may(rule, leaving(move.source)))
    if rule.mention is None and facts.submitter.id:
        named = list(dict.fromkeys([*named, Mention(facts.submitter.id)]))
    if not named:
        return ("The card pings nobody.",)
    people, all_read = _reached(named, facts)
    least = "" if all_read else "at least "
    return (f"The card pings {least}{many(len(people), 'person')}: ", *listed(named, "and"), ".")


def channels(rule: Rule) -> Sentence:
    """Where a decision is told."""
    named = [Channel(channel) for channel in rule.notify]
    others = (" and ", *listed(named, "and")) if named else ()
    return ("The decision is told in the card's thread", *others, ".")


def _mentioned(sentences: Iterable[Sentence]) -> list[Mention | Team]:
    """The people and user groups in *sentences*, each once."""
    parts = dict.fromkeys(part for sentence in sentences for part in sentence)
    return [part for part in parts if isinstance(part, (Mention, Team))]


def _reached(named: Iterable[Mention | Team], facts: KnownPeople) -> tuple[set[str], bool]:
    """The people who are *named* or in a group that is, and whether every group could be read."""
    people, all_read = set[str](), True
    for part in named:
        members = facts.members.get(part.id) if isinstance(part, Team) else frozenset({part.id})
        if isinstance(members, frozenset):
            people |= members
        else:
            all_read = False
    return people, all_read
