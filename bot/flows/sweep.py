"""
Time passes: find the versions whose card may be stale, and put each in its line.

Events can be lost (EventBridge delivers SageMaker's on best effort), people delete messages,
functions crash. One listing of all that waits, held against what the ledger remembers, shows
every card that is missing, has spent buttons, or has a change that was never carried through.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final

from bot.core.errands import Announce
from bot.core.model import Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.core.model import Arn
    from bot.flows.ports import Ports, Row

SAMPLE: Final = 50
"""How many decided cards are looked at each time; each time others."""


def sweep(at: Ports) -> int:
    """Announce whatever may be stale; returns how many versions that were."""
    moment = at.now().isoformat()
    waiting = {version.arn for version in at.registry.having(Status.PENDING)}
    rows = list(at.ledger.rows())
    stale = dict.fromkeys([*_stale(waiting, rows), *_sample(rows, moment)])
    at.line.send_all((Announce(arn), f"{moment}.{arn}") for arn in stale)
    return len(stale)


def _stale(waiting: set[Arn], rows: Sequence[Row]) -> Iterator[Arn]:
    """What waits without a card, is drawn as waiting and does not, or was left half done."""
    drawn_as_waiting = {row.arn for row in rows if row.status is Status.PENDING}
    yield from sorted(waiting ^ drawn_as_waiting)
    yield from (row.arn for row in rows if row.open)


def _sample(rows: Sequence[Row], moment: str) -> list[Arn]:
    """Some cards of decided versions, in case the event of a change outside was lost."""
    decided = [row.arn for row in rows if row.status in (Status.APPROVED, Status.REJECTED)]
    return sorted(decided, key=lambda arn: sha256(f"{moment}{arn}".encode()).digest())[:SAMPLE]
