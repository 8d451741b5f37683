"""
Jobs that end after a few attempts, because the sweep sends another.

Else each sweep adds one more while AWS or Slack is away, or lets the bot read nothing, and
decisions wait behind all of them.
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
ATTEMPTS_WHILE_THROTTLED: Final = 12
"""Slack is there, and says when it takes more. It is fewer than make a dead letter."""


def can_be_left(job: Job, error: Unavailable | Forbidden, attempt: int) -> bool:
    """Whether *job* ends, as the sweep sent it, if its *attempt* (the first is 1) fails so."""
    is_from_sweep = isinstance(job, ReconcileVersion | ReconcileEndpoint) and job.from_sweep
    return is_from_sweep and is_last(error, attempt)


def is_last(error: Unavailable | Forbidden, attempt: int) -> bool:
    """Whether *attempt* is the last of a job that can be left to the sweep, and fails so."""
    is_throttled = isinstance(error, Throttled)
    return attempt >= (ATTEMPTS_WHILE_THROTTLED if is_throttled else ATTEMPTS_BEFORE_SWEEP)


def left_to_sweep(error: Unavailable | Forbidden, metrics: MetricSink) -> LeftToSweep:
    """Count that *error* is left to the sweep, and return that as an error to raise."""
    metrics.count("LeftToSweep")
    return LeftToSweep(f"the sweep does what is left: {error}")
