"""The function that EventBridge calls."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from bot.adapters.aws.job_queue import SqsQueue
from bot.adapters.aws.sessions import Sessions
from bot.wiring.base import Bot


class EventBot(Bot):
    """The queue, and the sessions that its client is made with."""

    def prepare(self) -> None:
        """Make the queue. Raises Misconfigured."""
        _ = self.queue

    @cached_property
    def queue(self) -> SqsQueue:
        """The queue. Raises Misconfigured."""
        url = self.settings.queue_url  # first: without settings, no client can be made
        return SqsQueue(self._sqs, url)

    @cached_property
    def _sqs(self) -> Any:
        return self.sessions.client("sqs")

    @cached_property
    def sessions(self) -> Sessions:
        """The boto3 sessions."""
        return Sessions(self.count_aws_error)
