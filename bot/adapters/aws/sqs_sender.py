"""
The line as the Slack door sees it: it puts one message there, and needs no boto3 for that.

What a message looks like stands here for both lines, so that it cannot matter which of them sent
it.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from bot.adapters.aws.sigv4_client import CallRefused
from bot.core.errors import Misconfigured
from bot.core.jobs.messages import encode, kind_of, message_group

if TYPE_CHECKING:
    from bot.adapters.aws.sigv4_client import Sigv4Client
    from bot.core.jobs.messages import Job


class SqsSender:
    """What the Slack door needs of `bot.flows.ports.Line`, kept by SQS."""

    def __init__(self, aws: Sigv4Client, url: str) -> None:
        self._aws = aws
        self._url = url

    def send(self, job: Job, key: str) -> None:
        said = {"QueueUrl": self._url, **queue_message(job, key)}
        try:
            self._aws.call("sqs", "SendMessage", said)
        except CallRefused as no:
            raise Misconfigured(f"The line {self._url} takes no message: {no}.") from None


def queue_message(job: Job, key: str) -> dict[str, str]:
    """*job* as SQS's SendMessage takes it."""
    return {
        "MessageBody": encode(job),
        "MessageGroupId": message_group(job),
        "MessageDeduplicationId": sha256(f"{kind_of(job)} {key}".encode()).hexdigest(),
    }
