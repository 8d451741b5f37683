"""
Where a message is.

A file of its own: every job names a message, and whoever only sends jobs needs nothing else of
what is stored.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.wire import NonEmpty


@dataclass(frozen=True, slots=True)
class MessageRef:
    """Where a message is: its channel and Slack's timestamp."""

    channel: NonEmpty
    ts: NonEmpty
