"""Whose turn it is: each sweep looks at some of many, and all of them in turn, by time alone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

Name = TypeVar("Name", bound=str)

SWEEPS_EVERY: Final = timedelta(minutes=5)
"""How often there is a sweep (`infra/events.yml`): by that, each one knows whose turn it is."""


def in_turn(names: Iterable[Name], most: int, now: datetime) -> list[Name]:
    """Return *most* of *names*, those whose turn it is at *now*: the next sweep goes on there."""
    ordered = sorted(names)
    if len(ordered) <= most:
        return ordered
    first = int(now.timestamp() // SWEEPS_EVERY.total_seconds()) * most % len(ordered)
    return [*ordered[first:], *ordered[:first]][:most]
