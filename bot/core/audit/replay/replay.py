"""
Replay the past under other rules: which decisions and refusals would have gone another way.

Each version's entries are gone through in their order, and what people clicked is clicked again,
with what was known of them then. The clicks up to a decision are a round. The next round begins
with what really came of it, for nobody knows what people would have done otherwise. What was
refused for other reasons than the rules (too late, changed evidence) stays refused, and a comment
that other rules ask for would have been written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.audit.entries import EntryKind
from bot.core.audit.replay.findings import (
    Finding,
    Instead,
    of_decision,
    of_refusal,
    of_votes,
    undecided,
)
from bot.core.audit.replay.records import Records
from bot.core.audit.replay.rounds import Round
from bot.core.rules.judge import BY_THE_RULES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from bot.core.audit.replay.past import PastEntry
    from bot.core.rules.rule import Rules


def replay(
    entries: Iterable[PastEntry], rules: Rules, today: Mapping[str, frozenset[str]]
) -> Iterator[Finding]:
    """
    Find how each decision and each refusal of *entries* would have gone under *rules*.

    *today* says who is in user groups, for those of which the past says nothing. Where votes came
    to no decision, there are findings about them in addition.
    """
    rounds: dict[str, Round] = {}
    for entry in entries:
        before = rounds.get(entry.chain, Round(Records(today)))
        rounds[entry.chain], findings = _after(before, entry, rules)
        yield from findings
    for left in rounds.values():
        yield from undecided(left, Instead.NOTHING_YET, rules)


def _after(  # noqa: PLR0911 - one return for each kind
    before: Round, entry: PastEntry, rules: Rules
) -> tuple[Round, list[Finding]]:
    """The round after *entry*, and what is found in it."""
    match entry.kind:
        case EntryKind.VOTE:
            return before.click(entry, rules), []
        case EntryKind.REFUSAL:
            return _refusal(before, entry, rules)
        case EntryKind.DECISION:
            return _decision(before, entry, rules)
        case EntryKind.WITHDRAWAL:
            return before.without({vote.by.id for vote in entry.votes}), []
        case EntryKind.VOID:
            return _void(before, entry, rules)
        case EntryKind.EXTERNAL_CHANGE:
            return before.next(), list(undecided(before, Instead.EXTERNAL_CHANGE, rules))
        case EntryKind.MISSED_CHANGE:
            return before, []  # votes that it made void have an entry of their own


def _refusal(before: Round, entry: PastEntry, rules: Rules) -> tuple[Round, list[Finding]]:
    by_the_rules = entry.reason is not None and entry.reason.code in BY_THE_RULES
    if entry.move is None or not by_the_rules:
        return before, [Finding(entry)]
    after = before.click(entry, rules)
    return after, [of_refusal(before, after, entry, entry.move, rules)]


def _decision(before: Round, entry: PastEntry, rules: Rules) -> tuple[Round, list[Finding]]:
    if entry.move is None:
        return before.next(), [Finding(entry)]
    made = before.click(entry, rules)
    findings = [of_decision(made, entry, entry.move, rules), *of_votes(made, entry.votes)]
    return made.next(), findings


def _void(before: Round, entry: PastEntry, rules: Rules) -> tuple[Round, list[Finding]]:
    """
    Votes that came to nothing, and what they would have come to.

    A decision that was void the moment it was made is none under any rules.
    """
    decided = before.lenient.decided
    if decided is None:
        return before.without({vote.by.id for vote in entry.votes}), []
    if decided.id == entry.id:
        return before.next(), list(of_votes(before, entry.votes))
    return before.next(), list(undecided(before, Instead.VOID, rules))
