"""The function that EventBridge calls."""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property
from typing import Self

from bot.adapters.aws.job_queue import SqsQueue
from bot.adapters.aws.sessions import Sessions
from bot.core.errors import Misconfigured
from bot.wiring.base import Bot


class EventBot(Bot):
    """The queue, and the sessions that its client is made with."""

    def prepared(self) -> Self:
        """Make the queue, if it can be made: if not, its first use says what is missing."""
        with suppress(Misconfigured):
            _ = self.queue
        return self

    @cached_property
    def queue(self) -> SqsQueue:
        """The queue. Raises Misconfigured."""
        url = self.settings.queue_url
        return SqsQueue(self.sessions.client("sqs"), url)

    @cached_property
    def sessions(self) -> Sessions:
        """The boto3 sessions."""
        return Sessions(self.count_aws_error)
