"""
Once a day: the ends of all audit chains that grew, gathered into one chain.

Whoever rewrites a version's chain has to rewrite every gathering since as well, and a hash of a
gathering that somebody noted outside vouches for all that was written before it.
"""

from __future__ import annotations

from datetime import UTC
from itertools import islice
from typing import TYPE_CHECKING, Final

from bot.core.audit.chain import (
    CHECKPOINTS,
    ChainHead,
    checkpoint_entry,
    checkpoints_in,
    is_last_of_day,
)
from bot.core.errors import Stale

if TYPE_CHECKING:
    from bot.flows.ports import Ports

MOST: Final = 500
"""How many ends one entry holds at most: it stays well below what an item may weigh."""


def write_checkpoint(ports: Ports, most: int = MOST) -> int:
    """
    Gather what grew since the last gathering, unless today's is done; returns how many chains.

    Where the gatherings end is read before anything else. If somebody else gathers meanwhile,
    the next entry is there already, and this one stops; what was left is found by the next call.
    """
    today = ports.now().astimezone(UTC).date().isoformat()
    end = ports.ledger.chain_head(CHECKPOINTS) or ChainHead()
    newest = next(ports.ledger.entries(CHECKPOINTS, newest_first=True), None)
    if newest and is_last_of_day(newest, today):
        return 0
    return _append(today, end, _grown(ports), most, ports)


def _grown(ports: Ports) -> dict[str, ChainHead]:
    """The ends of the chains that are longer than when they were last gathered."""
    known: dict[str, int] = {}
    for name, sighting in checkpoints_in(ports.ledger.entries(CHECKPOINTS)):
        known[name] = sighting.end.count
    return {
        row.arn: row.chain
        for row in ports.ledger.summaries()
        if row.chain.count > known.get(row.arn, 0)
    }


def _append(day: str, end: ChainHead, grown: dict[str, ChainHead], most: int, ports: Ports) -> int:
    """Gather *grown* after *end*, *most* to an entry, and in one entry if there are none."""
    left, done = iter(grown.items()), 0
    more = True
    while more:
        batch = dict(islice(left, most))
        more = done + len(batch) < len(grown)
        entry, end = checkpoint_entry(end, day, batch, more=more)
        try:
            ports.ledger.append_checkpoint(entry, end)
        except Stale:
            break
        done += len(batch)
    return done
