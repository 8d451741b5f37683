"""Look at the cards of decided versions in turn, in case the event of a change outside was lost."""

from __future__ import annotations

from itertools import chain, islice, takewhile
from typing import TYPE_CHECKING

from bot.core.registry.version import Status, arn_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.core.decide.record import RecordSummary
    from bot.core.registry.version import Arn
    from bot.flows.ports import Ledger


def decided_in_turn(ledger: Ledger, most: int) -> list[Arn]:
    """
    Return up to *most* decided versions, after those of the last sweep.

    The round goes through all records, in the order of their keys, and begins again at its end.
    """
    return list(islice(_round(ledger), most))


def _round(ledger: Ledger) -> Iterator[Arn]:
    """Yield the decided versions once each, beginning after where the last sweep got to."""
    place = ledger.sweep_place()
    rest = ledger.summaries(after=place)
    first = takewhile(lambda each: arn_key(each.arn) <= place, ledger.summaries() if place else ())
    return (each.arn for each in chain(rest, first) if _is_decided(each))


def _is_decided(summary: RecordSummary) -> bool:
    """Whether the version was decided; what is unfinished may be missing in the open records."""
    return summary.status not in {None, Status.PENDING} or summary.unfinished
