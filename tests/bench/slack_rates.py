"""
How often Slack takes calls, in the time of a simulation.

The limits are Slack's (docs.slack.dev/apis/web-api/rate-limits).
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.simulation.workers import Call

MESSAGES_AT_ONCE: Final = 3
"""
So many messages may be posted in a channel at once; after that, one a second. Slack does not say
how long its “short bursts” are; this is fewer than people report (25, PSSlack #52).
"""
PER_MINUTE: Final = 50
"""Edits, and looks at a channel's history, each (tier 3)."""
_MINUTE: Final = timedelta(minutes=1)


@dataclass
class SlackRates:
    """What Slack took lately, by *clock*; it counts what it refused."""

    clock: Callable[[], datetime]
    refused: Counter[str] = field(default_factory=Counter)
    taken: Counter[str] = field(default_factory=Counter)
    _full_at: dict[str, datetime] = field(default_factory=dict)
    """When each channel takes MESSAGES_AT_ONCE messages again."""
    _recent: dict[str, list[datetime]] = field(default_factory=lambda: defaultdict(list))

    def seconds_refused(self, call: Call) -> int:
        """Return for how many seconds Slack refuses *call*; 0 if it takes it, and counts it."""
        seconds = self._of_search(call) or self._seconds(call)
        (self.refused if seconds else self.taken)[call.name] += 1
        return seconds

    def _of_search(self, call: Call) -> int:
        """Count the look at the history, if *call* begins with one."""
        looks = call.name == "chat.find" or call.kwargs.get("since")
        return self._of_minute("history") if looks else 0

    def _seconds(self, call: Call) -> int:
        match call.name:
            case "chat.post":
                return self._of_channel(call.args[0])
            case "chat.update":
                return self._of_minute("edits")
        return 0

    def _of_channel(self, channel: str) -> int:
        now = self.clock()
        full = max(self._full_at.get(channel, now), now) + timedelta(seconds=1)
        late = full - now - timedelta(seconds=MESSAGES_AT_ONCE)
        if late <= timedelta():
            self._full_at[channel] = full
        return max(0, math.ceil(late.total_seconds()))

    def _of_minute(self, kind: str) -> int:
        now = self.clock()
        recent = [time for time in self._recent[kind] if time > now - _MINUTE]
        is_full = len(recent) >= PER_MINUTE
        self._recent[kind] = recent if is_full else [*recent, now]
        return math.ceil((recent[0] + _MINUTE - now).total_seconds()) if is_full else 0
