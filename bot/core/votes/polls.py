"""Which votes count for a version as it is now, and how far they have come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.registry.moves import MOVES
from bot.core.rules.judge import Voter, progress

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.core.registry.moves import Move
    from bot.core.registry.version import Status
    from bot.core.rules.people import KnownPeople
    from bot.core.rules.quorum import Tally
    from bot.core.rules.rule import Rule
    from bot.core.votes.vote import Vote


@dataclass(frozen=True, slots=True)
class Poll:
    """The votes for a move that is not decided yet, and how far they fill its roles."""

    move: Move
    votes: tuple[Vote, ...]
    tally: Tally


def counting_votes(votes: Iterable[Vote], status: Status, brief_digest: str) -> tuple[Vote, ...]:
    """Those of *votes* that were cast on *status* and on the brief with *brief_digest*."""
    return tuple(
        vote for vote in votes if vote.source is status and vote.brief_digest == brief_digest
    )


def votes_on(votes: Iterable[Vote], move: Move) -> tuple[Vote, ...]:
    """Those of *votes* that are for *move*."""
    return tuple(vote for vote in votes if (vote.source, vote.target) == (move.source, move.target))


def voters_on(votes: Iterable[Vote], move: Move) -> tuple[Voter, ...]:
    """Who voted for *move*, as the rules need to know them, in the order of *votes*."""
    return tuple(Voter(vote.by.id, vote.override) for vote in votes_on(votes, move))


def polls(rule: Rule, votes: Sequence[Vote], people: KnownPeople) -> tuple[Poll, ...]:
    """One poll for each move that somebody voted for, in the order of the moves."""
    return tuple(
        Poll(move, cast, progress(rule, move, voters_on(cast, move), people))
        for move in MOVES
        if (cast := votes_on(votes, move))
    )
