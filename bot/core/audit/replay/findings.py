"""What would have gone another way under other rules, and in which sentence that is said."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from itertools import islice
from typing import TYPE_CHECKING, Final

from bot.core.audit.entries import EntryKind
from bot.core.registry.moves import between
from bot.core.rules.explain import needed
from bot.core.text import Mention, Sentence, When, listed, one_line, spoken
from bot.core.words import moves
from bot.core.words.reasons import reason_sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.core.audit.replay.past import Past
    from bot.core.audit.replay.rounds import Round
    from bot.core.registry.moves import Move
    from bot.core.rules.rule import Rules
    from bot.core.votes.vote import Vote

_MOST_GAPS: Final = 5


class Ending(Enum):
    """How something would have gone under the other rules."""

    SAME = auto()
    OTHER = auto()
    UNTOLD = auto()


@dataclass(frozen=True, slots=True)
class Finding:
    """An entry, and how what it tells of would have gone."""

    past: Past
    ending: Ending
    what: Sentence = ()

    def __str__(self) -> str:
        past = self.past
        when = past.at.isoformat(timespec="seconds")
        where = f"{past.group} version {past.version}, entry {past.number} ({when})"
        return one_line(f"{where}: {spoken(self.what)}")


def of_refusal(before: Round, after: Round, past: Past, move: Move, rules: Rules) -> Finding:
    """Whether the click that *past* refused would be allowed *after* it was made again."""
    fear, hope = (
        old.decided is None and past.id not in new.refused
        for old, new in ((before.fear, after.fear), (before.hope, after.hope))
    )
    if not hope:
        return Finding(past, Ending.SAME)
    who = Mention(past.votes[0].by.id)
    said: Sentence = (who, f" was refused to {move.key} it: “{spoken(_why(past))}” ")
    if not fear:
        gaps = _gaps(after, past, move, rules)
        return Finding(past, Ending.UNTOLD, (*said, "Whether they would be now", *gaps))
    decides = after.fear.decided and after.fear.decided.id == past.id
    now = "Now it would decide at once." if decides else "Now it would count as a vote."
    return Finding(past, Ending.OTHER, (*said, now))


def _why(past: Past) -> Sentence:
    return reason_sentence(past.reason) if past.reason else ()


def of_decision(made: Round, past: Past, move: Move, rules: Rules) -> Finding:
    """Whether the decision that *past* tells of is made in the round *made*, and by whom."""
    fear, hope = made.fear.decided, made.hope.decided
    people = _together(tuple(vote.by.id for vote in past.votes))
    said: Sentence = (moves.done(move.key), " by ", *people, ". ")
    if (fear and fear.id) != (hope and hope.id):
        gaps = _gaps(made, past, move, rules)
        return Finding(past, Ending.UNTOLD, (*said, "Whether it would be now", *gaps))
    if hope is None:
        return Finding(past, Ending.OTHER, (*said, *_not_made(made, past, move, rules)))
    if hope.id != past.votes[-1].id:
        return Finding(past, Ending.OTHER, (*said, *_earlier(made, hope)))
    voters = made.hope.voters
    if voters == made.fear.voters and len(voters) < len(past.votes):
        fewer: Sentence = ("Now fewer votes would make it: by ", *_together(voters), ".")
        return Finding(past, Ending.OTHER, (*said, *fewer, *_refusals(made, past)))
    return Finding(past, Ending.SAME)


def _together(people: tuple[str, ...]) -> Sentence:
    return listed([Mention(person) for person in people], "and")


def _not_made(made: Round, past: Past, move: Move, rules: Rules) -> Sentence:
    tally = made.tally(past, move, rules)
    more = (f" {needed(tally)}",) if tally.have else ()
    return ("Now it would not be made.", *_refusals(made, past), *more)


def _refusals(made: Round, past: Past) -> Sentence:
    """What those would be told whose vote for the decision would be refused."""
    refused = made.refusals
    told = [(vote.by.id, refused[vote.id]) for vote in past.votes if vote.id in refused]
    return tuple(
        part
        for who, why in told
        for part in (" ", Mention(who), " would be told: ", *reason_sentence(why))
    )


def _earlier(made: Round, by: Vote) -> Sentence:
    done = moves.done(between(by.source, by.target).key)
    refused = made.clicks[by.id].kind is EntryKind.REFUSAL
    click = "the click that was refused to " if refused else "the vote of "
    return (
        f"Now it would be {done} earlier: by {click}",
        Mention(by.by.id),
        ", ",
        When(by.at),
        ".",
    )


def undecided(left: Round, instead: str, rules: Rules) -> Iterator[Finding]:
    """The votes of a round without a decision that would decide; *instead* is what became of it."""
    yield from of_votes(left, ())
    fear, hope = left.fear.decided, left.hope.decided
    if hope is None or left.clicks[hope.id].kind is EntryKind.REFUSAL:
        return  # of a refusal it has been said
    past = left.clicks[hope.id]
    move = between(hope.source, hope.target)
    said: Sentence = ("the vote of ", Mention(hope.by.id), f" to {move.key} it ")
    if fear is not None and fear.id == hope.id:
        yield Finding(past, Ending.OTHER, (*said, f"would decide now; {instead}."))
    else:
        gaps = _gaps(left, past, move, rules)
        yield Finding(past, Ending.UNTOLD, (*said, "decided nothing. Whether it would now", *gaps))


def of_votes(made: Round, counted: tuple[Vote, ...]) -> Iterator[Finding]:
    """The votes of a round that would be refused, without those *counted* in its decision."""
    told = {vote.id for vote in counted}
    for id_, why in made.refusals.items():
        past = made.clicks[id_]
        if past.kind is EntryKind.VOTE and id_ not in told:
            who, move = Mention(past.votes[0].by.id), past.move.key if past.move else "change"
            said: Sentence = (
                "the vote of ",
                who,
                f" to {move} it would be refused now: ",
                *reason_sentence(why),
            )
            yield Finding(past, Ending.OTHER, said)


def _gaps(made: Round, past: Past, move: Move, rules: Rules) -> Sentence:
    """What nobody recorded, as the end of a sentence."""
    found = list(islice(made.memory.gaps(rules, rules.find(past.group), move), _MOST_GAPS))
    parts = [spoken(gap) for gap in found]
    return (" cannot be told, because nobody recorded ", *listed(parts), ".")
