"""
The past under other rules: which decisions and refusals would have gone another way.

Each version's entries are gone through in their order, and what people clicked is clicked again,
on what was known of them then. The clicks up to a decision are a round. The next round begins
with what really came of it, for nobody knows what people would have done otherwise. What was
refused for other reasons than the rules (too late, a changed brief) stays refused, and a comment
that other rules ask for would have been written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.audit.entries import EntryKind
from bot.core.audit.replay.findings import (
    Ending,
    Finding,
    of_decision,
    of_refusal,
    of_votes,
    undecided,
)
from bot.core.audit.replay.memory import Memory
from bot.core.audit.replay.rounds import Round
from bot.core.rules.judge import BY_THE_RULES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from bot.core.audit.replay.past import Past
    from bot.core.rules.rule import Rules


def replay(
    entries: Iterable[Past], rules: Rules, today: Mapping[str, frozenset[str]]
) -> Iterator[Finding]:
    """
    How each decision and each refusal of *entries* would have gone under *rules*.

    *today* says who is in user groups, for those of which the past says nothing. Findings about
    votes come in addition, where votes came to no decision.
    """
    rounds: dict[str, Round] = {}
    for past in entries:
        before = rounds.get(past.chain, Round(Memory(today)))
        rounds[past.chain], findings = _after(before, past, rules)
        yield from findings
    for left in rounds.values():
        yield from undecided(left, "there is no decision so far", rules)


def _after(before: Round, past: Past, rules: Rules) -> tuple[Round, list[Finding]]:
    """The round after *past*, and what is found in it."""
    match past.kind:
        case EntryKind.VOTE:
            return before.click(past, rules), []
        case EntryKind.REFUSAL:
            return _refusal(before, past, rules)
        case EntryKind.DECISION:
            return _decision(before, past, rules)
        case EntryKind.WITHDRAWAL:
            return before.without({vote.by.id for vote in past.votes}), []
        case EntryKind.VOID:
            return _void(before, past, rules)
        case EntryKind.OUTSIDE:
            instead = "instead, the status was changed outside"
            return before.next(), list(undecided(before, instead, rules))


def _refusal(before: Round, past: Past, rules: Rules) -> tuple[Round, list[Finding]]:
    if past.move is None or past.reason is None or past.reason.code not in BY_THE_RULES:
        return before, [Finding(past, Ending.SAME)]
    after = before.click(past, rules)
    return after, [of_refusal(before, after, past, past.move, rules)]


def _decision(before: Round, past: Past, rules: Rules) -> tuple[Round, list[Finding]]:
    if past.move is None:
        return before.next(), [Finding(past, Ending.SAME)]
    made = before.click(past, rules)
    found = [of_decision(made, past, past.move, rules), *of_votes(made, past.votes)]
    return made.next(), found


def _void(before: Round, past: Past, rules: Rules) -> tuple[Round, list[Finding]]:
    """
    Votes that came to nothing, and what they would have come to.

    A decision that was void the moment it was made is none under any rules.
    """
    decided = before.hope.decided
    if decided is None:
        return before.without({vote.by.id for vote in past.votes}), []
    if decided.id == past.id:
        return before.next(), list(of_votes(before, past.votes))
    return before.next(), list(undecided(before, "instead, the votes were void", rules))
