"""
Jobs that end after a few attempts, because the sweep sends another.

Else each sweep adds one more while AWS or Slack is away, or does not let the bot read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.core.errors import LeftToSweep, Throttled
from bot.core.jobs.messages import ReconcileEndpoint, ReconcileVersion

if TYPE_CHECKING:
    from bot.core.errors import Forbidden, Unavailable
    from bot.core.jobs.messages import Job
    from bot.flows.ports import MetricSink

ATTEMPTS_BEFORE_SWEEP: Final = 3
ATTEMPTS_BEHIND_NOBODY: Final = 12
"""
So often, if Slack is there, and says when it takes more; or if the job tells what a click led to,
since no other kind of job waits behind it. With LAST_ATTEMPT, the job would be a dead letter.
"""


def can_be_left(job: Job, error: Unavailable | Forbidden, attempt: int) -> bool:
    """Whether the sweep sends *job* again, and it ends with this *attempt* (the first is 1)."""
    is_from_sweep = isinstance(job, ReconcileVersion | ReconcileEndpoint) and job.from_sweep
    only_tells = isinstance(job, ReconcileVersion) and (job.of_click or job.slot is not None)
    return (is_from_sweep or only_tells) and is_last_before_sweep(job, error, attempt)


def is_last_before_sweep(job: Job, error: Unavailable | Forbidden, attempt: int) -> bool:
    """Whether *job*, which can be left to the sweep, ends if its *attempt* fails with *error*."""
    of_click = isinstance(job, ReconcileVersion) and job.of_click
    is_patient = of_click or isinstance(error, Throttled)
    attempt = working_attempt(job, attempt)
    return attempt >= (ATTEMPTS_BEHIND_NOBODY if is_patient else ATTEMPTS_BEFORE_SWEEP)


def working_attempt(job: Job, attempt: int) -> int:
    """Return which attempt at *job* this is, without the one at which it only began to wait."""
    waited = isinstance(job, ReconcileVersion) and job.slot is not None
    return attempt - 1 if waited else attempt


def left_to_sweep(error: Unavailable | Forbidden, metrics: MetricSink) -> LeftToSweep:
    """Count that *error* is left to the sweep, and return that as an error to raise."""
    metrics.count("LeftToSweep")
    return LeftToSweep(f"the sweep does what is left: {error}")
