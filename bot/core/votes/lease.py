"""
The lease under which one worker at a time works on a version.

The queue delivers the jobs of a version one after the other, but a job comes again when its worker
hangs, and an operator can send one by hand. Whoever is going to change or tell something writes a
lease into the request first, and removes it with the last write. It ends by itself, by the store's
clock, once the worker that wrote it cannot be alive any more.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.core.wire import AwareDatetime, NonEmpty

if TYPE_CHECKING:
    from datetime import datetime

DURATION: Final = timedelta(seconds=75)
"""
Lambda ends a worker after 60 seconds (`timeout` in serverless.yml). What it did last shows within
LAG in Slack's history and in SageMaker's answers. Five seconds are to spare.
"""
LAG: Final = timedelta(seconds=10)
"""
So long at most, Slack's history is assumed not to show a message that was posted, and SageMaker's
answers an update that was made. Neither promises a time.
"""


@dataclass(frozen=True, slots=True)
class Lease:
    """Who works on a version, and until when at the latest."""

    owner: NonEmpty
    """One run of a job: another run of the same job is another owner."""
    until: AwareDatetime
    """By the store's clock."""


def seconds_until(time: datetime | None, now: datetime) -> int:
    """Return how many seconds are left until *time*, rounded up; 0 if it is over, or None."""
    return max(0, math.ceil((time - now).total_seconds())) if time else 0
