"""
What is remembered of an endpoint, as one run of a job writes it: under a lease, while it tells.

As for a version (`leased_ledger`): a write that takes the lease is refused if what is stored has
changed since it was read, so of two workers that read the same, one goes on.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.errors import Unavailable
from bot.core.votes.kept import KEPT
from bot.core.votes.lease import DURATION, LAG, Lease, seconds_until

if TYPE_CHECKING:
    from bot.core.followup.endpoints import EndpointMemory
    from bot.core.registry.version import Arn
    from bot.flows.ports import Ledger


def require_free(memory: EndpointMemory) -> None:
    """
    Raise Unavailable while nothing can be told of an endpoint.

    That is while another worker tells it, or Slack's history may not show yet what one told.
    """
    until = (memory.lease.until if memory.lease else None, memory.history_complete_at)
    if seconds := max(seconds_until(time, memory.read_at) for time in until):
        raise Unavailable(f"nothing can be told of {memory.arn} yet", seconds)


def leased(memory: EndpointMemory, owner: str) -> EndpointMemory:
    """Return *memory* with a lease of *owner*'s, and with when telling began."""
    lease = Lease(owner, memory.read_at + DURATION)
    return replace(memory, lease=lease, post_started=memory.post_started or memory.read_at)


def released(memory: EndpointMemory, *, is_told: bool) -> EndpointMemory:
    """Return *memory* without a lease; if everything *is_told*, nothing is looked for any more."""
    post_started = None if is_told else memory.post_started
    return replace(memory, lease=None, post_started=post_started, history_complete_at=None)


def is_kept_for_channel(memory: EndpointMemory) -> bool:
    """Whether what could not be told in a channel still waits for it, as a notice does."""
    begun = memory.post_started
    return begun is not None and memory.read_at - begun < KEPT


def release(arn: Arn, owner: str, ledger: Ledger) -> int:
    """
    End *owner*'s lease of *arn* after a failure.

    Return the seconds until what was posted under it can be looked for; 0 if there is no lease.
    """
    stored = ledger.get_endpoint(arn)
    if stored.lease is None or stored.lease.owner != owner:
        return 0
    complete_at = stored.read_at + LAG
    ledger.save_endpoint(replace(stored, lease=None, history_complete_at=complete_at))
    return seconds_until(complete_at, stored.read_at)
