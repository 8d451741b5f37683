"""The function that EventBridge calls."""

from __future__ import annotations

from functools import cached_property

from bot.adapters.aws.job_queue import SqsQueue
from bot.adapters.aws.sessions import Sessions
from bot.wiring.base import Bot


class EventBot(Bot):
    """The queues, and the sessions that their client is made with."""

    def prepare(self) -> None:
        """Make the queues. Raises Misconfigured."""
        _ = self.queue

    @cached_property
    def queue(self) -> SqsQueue:
        """The queues. Raises Misconfigured."""
        urls = self.settings.queue_urls  # first: without settings, no client can be made
        return SqsQueue(self.sessions.client("sqs"), urls)

    @cached_property
    def sessions(self) -> Sessions:
        """The boto3 sessions."""
        return Sessions(self.count_aws_error)
