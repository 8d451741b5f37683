"""
What a change of status does to production, as a sentence. True before the change and after it.

What it does is computed by `bot.core.registry.outcome`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.registry.version import Status
from bot.core.words import text

if TYPE_CHECKING:
    from bot.core.registry.outcome import Outcome


def consequence(number: int, target: Status, outcome: Outcome) -> str:
    """Say what happens to production when version *number* becomes *target*."""
    if target is Status.APPROVED:
        return _of_approval(number, outcome)
    if outcome.changes:
        return _of_removal(outcome)
    return text("outcome_unchanged", now=_unchanged(outcome))


def _of_approval(number: int, outcome: Outcome) -> str:
    if outcome.after != number:
        after = "" if outcome.after is None else outcome.after
        return text("outcome_older", now=_unchanged(outcome), number=number, after=after)
    if outcome.before is None:
        return text("outcome_first", number=number)
    return text("outcome_replaces", number=number, before=outcome.before)


def _of_removal(outcome: Outcome) -> str:
    if outcome.after is None:
        return text("outcome_none_left")
    return text("outcome_goes_back", after=outcome.after)


def _unchanged(outcome: Outcome) -> str:
    if outcome.before is None:
        return text("outcome_none")
    return text("outcome_stays", number=outcome.before)
