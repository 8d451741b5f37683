"""
The line as the Slack door sees it: it puts one message there, and needs no boto3 for that.

What a message looks like stands here for both lines, so that it cannot matter which of them sent
it.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from bot.adapters.lean import Refusal
from bot.core.errands import encode, lane
from bot.core.errors import Misconfigured

if TYPE_CHECKING:
    from bot.adapters.lean import LeanAws
    from bot.core.errands import Errand


class LeanLine:
    """What the Slack door needs of `bot.flows.ports.Line`, kept by SQS."""

    def __init__(self, aws: LeanAws, url: str) -> None:
        self._aws = aws
        self._url = url

    def send(self, errand: Errand, key: str) -> None:
        said = {"QueueUrl": self._url, **message(errand, key)}
        try:
            self._aws.call("sqs", "SendMessage", said)
        except Refusal as no:
            raise Misconfigured(f"The line {self._url} takes no message: {no}.") from None


def message(errand: Errand, key: str) -> dict[str, str]:
    """*errand* as SQS's SendMessage takes it."""
    return {
        "MessageBody": encode(errand),
        "MessageGroupId": lane(errand),
        "MessageDeduplicationId": sha256(f"{type(errand).__name__} {key}".encode()).hexdigest(),
    }
