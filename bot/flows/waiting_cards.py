"""Have the cards of the versions of a group updated that wait for a decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.jobs.messages import ReconcileVersion
from bot.core.registry.version import Status

if TYPE_CHECKING:
    from bot.core.jobs.messages import UpdateWaitingCards
    from bot.flows.ports import JobQueue, Registry


def update_waiting_cards(job: UpdateWaitingCards, registry: Registry, queue: JobQueue) -> None:
    """Send a job for each version that waits in the group. Raises Forbidden, Unavailable."""
    waiting = registry.versions(job.group, status=Status.PENDING)
    queue.send_all(
        (ReconcileVersion(version.arn), f"{job.cause}.{version.arn}") for version in waiting
    )
