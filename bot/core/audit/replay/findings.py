"""What would have gone another way under other rules, as values; the words are elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from itertools import islice
from typing import TYPE_CHECKING, Final

from bot.core.audit.entries import EntryKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.core.audit.replay.past import PastEntry
    from bot.core.audit.replay.records import Gap
    from bot.core.audit.replay.rounds import Round
    from bot.core.reason import Reason
    from bot.core.registry.moves import Move
    from bot.core.rules.quorum import Tally
    from bot.core.rules.rule import Rules
    from bot.core.votes.vote import Vote

_MOST_GAPS: Final = 5


class Ending(Enum):
    """How something would have gone under the other rules."""

    SAME = auto()
    OTHER = auto()
    UNKNOWN = auto()


class Instead(Enum):
    """What became of votes that came to no decision."""

    NOTHING_YET = auto()
    EXTERNAL_CHANGE = auto()
    VOID = auto()


@dataclass(frozen=True, slots=True)
class RefusedVoter:
    """Somebody whose vote would be refused, and why."""

    person: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class ClickAllowed:
    """A click that was refused would be allowed."""

    decides: bool
    """Whether it would decide at once."""


@dataclass(frozen=True, slots=True)
class DecisionNotMade:
    """A decision would not be made: votes are refused, or more are needed."""

    refused: tuple[RefusedVoter, ...]
    tally: Tally


@dataclass(frozen=True, slots=True)
class DecisionEarlier:
    """A decision would be made earlier, by *vote*."""

    vote: Vote
    was_refused: bool
    """Whether that vote was refused at the time."""


@dataclass(frozen=True, slots=True)
class DecisionByFewer:
    """Fewer votes would make the decision: those of *voters*."""

    voters: tuple[str, ...]
    refused: tuple[RefusedVoter, ...]


@dataclass(frozen=True, slots=True)
class VoteRefused:
    """A vote that came to no decision would be refused."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class VoteDecides:
    """A vote would decide, though it came to nothing."""

    vote: Vote
    instead: Instead


@dataclass(frozen=True, slots=True)
class Unknown:
    """It cannot be told how it would have gone, as nobody recorded what it depends on."""

    gaps: tuple[Gap, ...]


Difference = (
    ClickAllowed
    | DecisionNotMade
    | DecisionEarlier
    | DecisionByFewer
    | VoteRefused
    | VoteDecides
    | Unknown
)


@dataclass(frozen=True, slots=True)
class Finding:
    """An entry, and what would be different about it; None if nothing would."""

    entry: PastEntry
    difference: Difference | None = None

    @property
    def ending(self) -> Ending:
        """Whether it would have gone the same way, another way, or nobody can tell."""
        if self.difference is None:
            return Ending.SAME
        return Ending.UNKNOWN if isinstance(self.difference, Unknown) else Ending.OTHER


def of_refusal(before: Round, after: Round, entry: PastEntry, move: Move, rules: Rules) -> Finding:
    """Whether the click that *entry* refused would be allowed: it was replayed in *after*."""
    strict, lenient = (
        old.decided is None and entry.id not in new.refusals
        for old, new in ((before.strict, after.strict), (before.lenient, after.lenient))
    )
    if not lenient:
        return Finding(entry)
    if not strict:
        return Finding(entry, _unknown(after, entry, move, rules))
    decided = after.strict.decided
    return Finding(entry, ClickAllowed(decides=decided is not None and decided.id == entry.id))


def of_decision(made: Round, entry: PastEntry, move: Move, rules: Rules) -> Finding:
    """Whether the decision that *entry* tells of is made in the round *made*, and by whom."""
    strict, lenient = made.strict.decided, made.lenient.decided
    if (strict and strict.id) != (lenient and lenient.id):
        return Finding(entry, _unknown(made, entry, move, rules))
    refused = _refused_voters(made, entry)
    if lenient is None:
        return Finding(entry, DecisionNotMade(refused, made.tally(entry, move, rules)))
    if lenient.id != entry.votes[-1].id:
        was_refused = made.clicks[lenient.id].kind is EntryKind.REFUSAL
        return Finding(entry, DecisionEarlier(lenient, was_refused))
    voters = made.lenient.voters
    if voters == made.strict.voters and len(voters) < len(entry.votes):
        return Finding(entry, DecisionByFewer(voters, refused))
    return Finding(entry)


def of_votes(made: Round, counted: tuple[Vote, ...]) -> Iterator[Finding]:
    """The votes of a round that would be refused, without those *counted* in its decision."""
    counted_ids = {vote.id for vote in counted}
    for id_, reason in made.refusals.items():
        entry = made.clicks[id_]
        if entry.kind is EntryKind.VOTE and id_ not in counted_ids:
            yield Finding(entry, VoteRefused(reason))


def undecided(left: Round, instead: Instead, rules: Rules) -> Iterator[Finding]:
    """The votes of a round without a decision that would be refused, or would decide."""
    yield from of_votes(left, ())
    strict, lenient = left.strict.decided, left.lenient.decided
    if lenient is None or left.clicks[lenient.id].kind is EntryKind.REFUSAL:
        return  # a refusal has its own finding
    entry = left.clicks[lenient.id]
    if strict is not None and strict.id == lenient.id:
        yield Finding(entry, VoteDecides(lenient, instead))
    elif entry.move:
        yield Finding(entry, _unknown(left, entry, entry.move, rules))


def _refused_voters(made: Round, entry: PastEntry) -> tuple[RefusedVoter, ...]:
    """Those whose votes for the decision would be refused."""
    refusals = made.refusals
    return tuple(
        RefusedVoter(vote.by.id, refusals[vote.id]) for vote in entry.votes if vote.id in refusals
    )


def _unknown(made: Round, entry: PastEntry, move: Move, rules: Rules) -> Unknown:
    gaps = made.records.gaps(rules, rules.find(entry.group), move)
    return Unknown(tuple(islice(gaps, _MOST_GAPS)))
