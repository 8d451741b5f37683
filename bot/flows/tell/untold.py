"""What becomes of what a job could not tell: it is written down, and another job tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.jobs.messages import ReconcileVersion
from bot.flows.left_to_sweep import is_last_before_sweep, left_to_sweep

if TYPE_CHECKING:
    from bot.core.errors import Unavailable
    from bot.core.jobs.messages import VersionJob
    from bot.flows.ports import Ports
    from bot.flows.tell.told import Told


def hand_over_untold(job: VersionJob, told: Told, ports: Ports) -> None:
    """
    Hand what *job* could not tell over to another attempt, another job, or the sweep.

    The job of a click ends, so that the next click on its version need not wait until Slack has
    time; another job tells the rest. Raises Unavailable for another attempt, LeftToSweep for the
    sweep.
    """
    if told.error is None:
        return
    if isinstance(job, ReconcileVersion):
        raise _error_of(told.error, ports) from told.error
    record = told.snapshot.record
    ports.queue.send(
        ReconcileVersion(job.arn, of_click=True), f"untold.{job.arn}.{record.revision}"
    )


def _error_of(error: Unavailable, ports: Ports) -> Exception:
    """Return what the job ends with: another attempt, or, after a few, the sweep."""
    return (
        left_to_sweep(error, ports.metrics) if is_last_before_sweep(error, ports.attempt) else error
    )
