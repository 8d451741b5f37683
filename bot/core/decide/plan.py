"""A plan: what a job leads to, as data. Nothing of it has happened yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.core.decide.effect import CheckedForm
    from bot.core.decide.snapshot import Snapshot
    from bot.core.reason import Reason
    from bot.core.votes.vote import Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """
    The request as it becomes, with its audit entries and its outbox; and at most one update.

    With an *update*, the rest is decided again once the update was made.
    """

    after: Snapshot
    update: Decision | None = None
    """The change of status to make in the registry, before anybody is told anything."""
    form: CheckedForm | Reason | None = None
    """What an open form shows from now on: what the vote does now, or why it is refused."""
    refused: Reason | None = None
    """Why somebody was refused, for the metrics."""
    made: Decision | None = None
    """The decision that was proved to be made, for the metrics."""
