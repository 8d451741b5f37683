"""
The queue as the Slack request function needs it: one message is sent, without boto3.

What a message looks like is defined here for both senders (`job_queue` is the other), so that it
cannot matter which of them sent it.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from bot.adapters.aws.sigv4_client import CallRefused
from bot.core.errors import Misconfigured
from bot.core.jobs.messages import encode, kind_of, message_group
from bot.core.jobs.queues import queue_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.adapters.aws.sigv4_client import Sigv4Client
    from bot.core.jobs.messages import Job
    from bot.core.jobs.queues import QueueName


class SqsSender:
    """The method `send` of `bot.flows.ports.JobQueue`, for the SQS queues at *urls*."""

    def __init__(self, aws: Sigv4Client, urls: Mapping[QueueName, str]) -> None:
        self._aws = aws
        self._urls = urls

    def send(self, job: Job, key: str) -> None:
        url = self._urls[queue_of(job)]
        try:
            self._aws.call("sqs", "SendMessage", {"QueueUrl": url, **queue_message(job, key)})
        except CallRefused as refusal:
            raise Misconfigured(takes_no_message(url, refusal)) from None


def takes_no_message(url: str, reason: object) -> str:
    """Say that a queue takes no message; what the reasons mean is listed in `job_queue`."""
    return f"The queue {url} takes no message: {reason}."


def queue_message(job: Job, key: str) -> dict[str, str]:
    """Return *job* as the parameters of SQS's SendMessage."""
    return {
        "MessageBody": encode(job),
        "MessageGroupId": message_group(job),
        "MessageDeduplicationId": sha256(f"{kind_of(job)} {key}".encode()).hexdigest(),
    }
