"""
The checkpoint: once a day, the heads of all audit chains that grew, in one chain of their own.

Whoever rewrites a version's chain has to rewrite every checkpoint since as well, and a hash of a
checkpoint that somebody noted elsewhere vouches for all that was written before it.
"""

from __future__ import annotations

from datetime import UTC
from itertools import islice
from typing import TYPE_CHECKING, Final

from bot.core.audit.chain import CHECKPOINTS, ChainHead
from bot.core.audit.checkpoints import checkpoint_entry, checkpoints_in, is_last_of_day
from bot.core.errors import Stale
from bot.core.registry.version import arn_key

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.flows.ports import Ledger

MOST: Final = 500
"""How many heads one entry holds at most: it stays well below the size of an item."""


def write_checkpoint(ledger: Ledger, now: datetime, most: int = MOST) -> int:
    """
    Write down the head of each chain that grew since the last checkpoint; return how many.

    Nothing is written if today's checkpoint is complete. Where the checkpoints end is read before
    anything else: if another sweep writes meanwhile, the next entry is there already, and this one
    stops. What was left is found by the next call.
    """
    today = now.astimezone(UTC).date().isoformat()
    head = ledger.chain_head(CHECKPOINTS) or ChainHead()
    newest = next(ledger.entries(CHECKPOINTS, newest_first=True), None)
    if newest and is_last_of_day(newest, today):
        return 0
    return _append(today, head, _grown(ledger), most, ledger)


def _grown(ledger: Ledger) -> dict[str, ChainHead]:
    """Return the heads of the chains that are longer than at the last checkpoint."""
    recorded: dict[str, int] = {}
    for name, checkpoint in checkpoints_in(ledger.entries(CHECKPOINTS)):
        recorded[name] = checkpoint.head.count
    return {
        arn_key(summary.arn): summary.chain
        for summary in ledger.summaries()
        if summary.chain.count > recorded.get(arn_key(summary.arn), 0)
    }


def _append(
    day: str, head: ChainHead, grown: Mapping[str, ChainHead], most: int, ledger: Ledger
) -> int:
    """Append *grown* after *head*, *most* to an entry; one entry if there are none."""
    left, written = iter(grown.items()), 0
    more = True
    while more:
        batch = dict(islice(left, most))
        more = written + len(batch) < len(grown)
        entry, head = checkpoint_entry(head, day, batch, more=more)
        try:
            ledger.append_checkpoint(entry, head)
        except Stale:
            break
        written += len(batch)
    return written
