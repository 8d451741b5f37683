"""What becomes of what a job could not tell: it is written down, and another job tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.jobs.messages import ReconcileVersion
from bot.flows.left_to_sweep import is_last, left_to_sweep

if TYPE_CHECKING:
    from bot.core.errors import Unavailable
    from bot.core.jobs.messages import VersionJob
    from bot.flows.ports import Ports
    from bot.flows.tell.told import Told


def leave_untold(job: VersionJob, told: Told, ports: Ports) -> None:
    """
    Leave what *job* could not tell to another attempt, another job, or the sweep.

    A job that a person waits for is done with that: the next click on its version must not wait
    until Slack has time. Raises Unavailable for another attempt, LeftToSweep for the sweep.
    """
    if told.error is None:
        return
    if isinstance(job, ReconcileVersion):
        raise _failed(told.error, ports) from told.error
    record = told.snapshot.record
    ports.queue.send(
        ReconcileVersion(job.arn, of_click=True), f"untold.{job.arn}.{record.revision}"
    )


def _failed(error: Unavailable, ports: Ports) -> Exception:
    """Return what the job fails with: after a few attempts it does not, as the sweep sends one."""
    return left_to_sweep(error, ports.metrics) if is_last(error, ports.attempt) else error
