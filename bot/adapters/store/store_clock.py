"""
The store's clock: the time at which DynamoDB answered.

Each answer has it in its header `Date`, to the second (developer guide, Programming.LowLevelAPI).
Workers run on machines whose clocks may differ; what they compare is by this one.
"""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any


def time_of(answer: dict[str, Any]) -> datetime:
    """Return the time of *answer* in UTC, to the second."""
    try:
        text = answer["ResponseMetadata"]["HTTPHeaders"]["date"]
        return parsedate_to_datetime(text).replace(tzinfo=UTC)
    except (KeyError, ValueError):
        # A proxy may have taken the header away. Lambda keeps the clocks of its machines by NTP:
        # theirs is the next best, and no reason to stop deciding.
        return datetime.now(UTC).replace(microsecond=0)
