"""
The ids of jobs that are over: one that comes again does nothing.

SQS delivers a message more than once, and a dead letter that is redriven comes weeks later. So the
id of what changed something is kept for as long as its message can come back; what was refused
would only be refused once more, so of those ids the last ones are kept, in a list of their own:
however many clicks are refused, no vote is forgotten.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.core.wire import AwareDatetime, NonEmpty

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

KEPT: Final = timedelta(days=30)
"""
How long the id of a change is kept. A message stays in the job queue for 14 days at most, and
among the dead letters for 14 more (`infra/queues.yml`); two days are left for the attempts after
it was redriven.
"""
MOST_CHANGES: Final = 600
"""
So many ids of changes are kept at most: 38 KB of the 400 KB that an item of DynamoDB holds, whose
fullest row has that room (`tests/adapters/store/test_long_comments.py`). Each is the id of a form
or a button that a person pressed, or of a change outside that the bot missed, so six hundred
of them in 30 days, on one version, is a script's work; then the oldest are forgotten, and the row
can still be written.
"""
MOST_REFUSALS: Final = 500
"""
So many ids of refused clicks and checks are kept, 10 KB: one that comes again is not refused
once more, which would be told and recorded twice.
"""


@dataclass(frozen=True, slots=True)
class ProcessedIds:
    """The ids of jobs that are over, by whether they changed something."""

    changes: Mapping[NonEmpty, AwareDatetime] = field(default_factory=dict)
    """
    The ids of votes, decisions, withdrawals and missed changes, each with the time when it was
    over.
    """
    refusals: tuple[str, ...] = ()
    """The last ids of refused clicks, of checks, and of messages that are sent once."""

    def __contains__(self, id_: str) -> bool:
        return id_ in self.changes or id_ in self.refusals

    def with_changes(self, ids: Iterable[str], now: datetime) -> ProcessedIds:
        """Return these ids with *ids*, which changed something, and without what is too old."""
        changes = {**self.changes, **dict.fromkeys(ids, now)}
        recent = [(id_, time) for id_, time in changes.items() if time > now - KEPT]
        return ProcessedIds(dict(recent[-MOST_CHANGES:]), self.refusals)

    def with_refusal(self, id_: str) -> ProcessedIds:
        """Return these ids with that of a job that changed nothing."""
        return ProcessedIds(self.changes, (*self.refusals, id_)[-MOST_REFUSALS:])
