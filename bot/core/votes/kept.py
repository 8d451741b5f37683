"""
What stays in the outbox although Slack refuses it: what is for a channel that may come back.

A channel is archived, or the bot is removed from it; a day later somebody notices, and invites the
bot again. Until then the notices wait, and hold nothing up.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.core.votes.outbox import Notice

KEPT: Final = timedelta(days=7)
"""So long after it was written down, a notice is no news, and whoever looks at the card knows."""
MOST_VOTES: Final = 100
"""
So many votes the notices hold that are kept, at about 1 KB each: the newest are. The item of
DynamoDB has room for them (`tests/adapters/store/test_long_comments.py`: there, the outbox holds
120 votes).
"""


def is_kept(notice: Notice, outbox: Sequence[Notice], now: datetime) -> bool:
    """Whether *notice* of *outbox* waits until its channel is there for the bot again."""
    newer = outbox[outbox.index(notice) :]
    return now - notice.at < KEPT and sum(map(_votes_in, newer)) <= MOST_VOTES


def _votes_in(notice: Notice) -> int:
    """How many votes *notice* holds; one at least, as every notice takes some room."""
    decided = notice.decision.votes if notice.decision else ()
    return max(1, len(notice.votes) + len(decided))
