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

if TYPE_CHECKING:
    from bot.adapters.aws.sigv4_client import Sigv4Client
    from bot.core.jobs.messages import Job


class SqsSender:
    """The method `send` of `bot.flows.ports.JobQueue`, for the SQS queue at *url*."""

    def __init__(self, aws: Sigv4Client, url: str) -> None:
        self._aws = aws
        self._url = url

    def send(self, job: Job, key: str) -> None:
        message = {"QueueUrl": self._url, **queue_message(job, key)}
        try:
            self._aws.call("sqs", "SendMessage", message)
        except CallRefused as refusal:
            raise Misconfigured(takes_no_message(self._url, refusal)) from None


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
