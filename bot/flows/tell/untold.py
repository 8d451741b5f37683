"""What becomes of what a job could not tell: it is written down, and another job tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.errors import WaitsForSlot
from bot.core.jobs.messages import ReconcileVersion
from bot.flows.left_to_sweep import is_last_before_sweep, left_to_sweep, working_attempt

if TYPE_CHECKING:
    from bot.core.errors import Unavailable
    from bot.core.jobs.messages import VersionJob
    from bot.core.votes.rate_limit import Slot
    from bot.flows.ports import Ports
    from bot.flows.tell.told import Told


def hand_over_untold(job: VersionJob, told: Told, before: Slot | None, ports: Ports) -> None:
    """
    Hand what *job* could not tell over to another attempt, another job, or the sweep.

    The job of a click ends, so that the next click on its version need not wait until Slack has
    time. So does a job that needs a slot: the other jobs of its version must not wait for that.
    *before* is the slot that the version had before. Raises Unavailable for another attempt,
    LeftToSweep for the sweep.
    """
    match told.error:
        case None:
            return
        case WaitsForSlot(slot=slot) if slot == _slot_of(job):  # it came a moment too early
            raise told.error
        case WaitsForSlot(slot=slot):
            # Else a job for it is in the queue; unless an earlier attempt could not send that.
            if slot != before or working_attempt(job, ports.attempt) > 1:
                _send(ReconcileVersion(job.arn, slot=slot), f"slot.{slot.limit}.{slot.time}", ports)
        case error if isinstance(job, ReconcileVersion):
            raise _error_of(job, error, ports) from error
        case _:
            revision = told.snapshot.record.revision
            _send(ReconcileVersion(job.arn, of_click=True), f"untold.{revision}", ports)


def _slot_of(job: VersionJob) -> Slot | None:
    return job.slot if isinstance(job, ReconcileVersion) else None


def _send(job: ReconcileVersion, cause: str, ports: Ports) -> None:
    ports.queue.send(job, f"{cause}.{job.arn}")


def _error_of(job: ReconcileVersion, error: Unavailable, ports: Ports) -> Exception:
    """Return what *job* ends with: another attempt, or, after a few, the sweep."""
    is_last = is_last_before_sweep(job, error, ports.attempt)
    return left_to_sweep(error, ports.metrics) if is_last else error
