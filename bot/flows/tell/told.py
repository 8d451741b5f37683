"""What telling people led to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.core.decide.snapshot import Snapshot
    from bot.core.errors import Unavailable


@dataclass(frozen=True, slots=True)
class Told:
    """The snapshot as it is after telling, and what kept the bot from telling everything."""

    snapshot: Snapshot
    error: Unavailable | None = None
    unclear: bool = False
    """Whether the answer of Slack was lost: the message may be there."""
