"""Metrics in memory, held to the same contract as CloudWatch's (tests/adapters)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import timedelta


@dataclass
class FakeMetrics:
    """`bot.flows.ports.MetricSink` in memory."""

    counted: Counter[str] = field(default_factory=Counter)
    """How many of each name; of a kind, under such a name as "Refused reason=not_ready", too."""
    times: dict[str, list[float]] = field(default_factory=dict)
    """The seconds that each name took."""

    def count(self, name: str, many: int = 1, **kind: str) -> None:
        self.counted[name] += many
        for key, value in kind.items():
            self.counted[f"{name} {key}={value}"] += many

    def measure(self, name: str, time: timedelta) -> None:
        self.times.setdefault(name, []).append(max(0.0, time.total_seconds()))
