"""
The bot's own rate limits: when it posts or edits what nobody waits for, so that Slack takes it.

Slack takes a message a second in a channel, and fifty edits a minute in a workspace (tier 3), with
short bursts, of which it does not say how long they may be
(docs.slack.dev/apis/web-api/rate-limits). These limits are lower: what somebody waits for needs no
slot, and finds room. A few slots may be used at once, so that a few messages do not wait.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from bot.core.errors import WaitsForSlot
from bot.core.wire import AwareDatetime, NonEmpty

EDITS: Final = "edits"
"""The name of the limit for edits, in all channels. A channel's limit is named by its id."""


@dataclass(frozen=True, slots=True)
class _Rate:
    """One slot *every* so often. It may be used up to *early* before its time."""

    every: timedelta
    early: timedelta


_MESSAGES: Final = _Rate(every=timedelta(seconds=1.1), early=timedelta(seconds=11))
_RATES: Final[Mapping[str, _Rate]] = {
    EDITS: _Rate(every=timedelta(seconds=1.5), early=timedelta(seconds=7.5)),
}


def _rate(limit: str) -> _Rate:
    return _RATES.get(limit, _MESSAGES)


@dataclass(frozen=True, slots=True)
class Slot:
    """The time at which somebody may post or edit."""

    limit: NonEmpty
    time: AwareDatetime
    """By the store's clock."""

    def time_left(self, now: datetime) -> timedelta:
        """Return how long it is until the slot may be used; not above zero if that is now."""
        return self.time - _rate(self.limit).early - now

    def require_due(self, now: datetime) -> None:
        """Raise WaitsForSlot if the slot may not be used yet."""
        if (left := self.time_left(now)) > timedelta():
            raise WaitsForSlot(self, left)


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimit:
    """One of the limits. All its slots before *next_slot_at* are reserved."""

    name: NonEmpty
    next_slot_at: AwareDatetime | None = None
    """None if no slot was ever reserved."""
    revision: int = 0
    """How often it was written; 0 if never."""
    read_at: datetime = field(compare=False)
    """The store's time when it was read. It is not stored."""

    def reserve(self) -> tuple[Slot, RateLimit]:
        """Return the next slot, and the limit with that reserved."""
        time = max(self.next_slot_at, self.read_at) if self.next_slot_at else self.read_at
        next_slot_at = time + _rate(self.name).every
        return Slot(self.name, time), replace(self, next_slot_at=next_slot_at)
