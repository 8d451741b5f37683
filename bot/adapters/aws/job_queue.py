"""
The line: an SQS FIFO queue with one message group per version, and one per person who asks.

A message that fails goes back to its place, and comes again after a pause that grows; the ones
behind it in its group wait, the other groups go on.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from aws_lambda_powertools import Logger

from bot.adapters.aws.client import retryable_is_unavailable
from bot.adapters.aws.sqs_sender import queue_message
from bot.core.errors import Malformed, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.core.jobs.messages import Job

_logger: Final = Logger(child=True)

_BATCH: Final = 10
"""SQS takes so many messages in one call."""
LONGEST_PAUSE: Final = 120


class SqsQueue:
    """`bot.flows.ports.Line`, kept by SQS."""

    def __init__(self, sqs: Any, url: str) -> None:
        self._sqs = sqs
        self._url = url

    def send(self, job: Job, key: str) -> None:
        with retryable_is_unavailable():
            self._sqs.send_message(QueueUrl=self._url, **queue_message(job, key))

    def send_all(self, jobs: Iterable[tuple[Job, str]]) -> None:
        messages = [{"Id": str(n), **queue_message(*pair)} for n, pair in enumerate(jobs)]
        for start in range(0, len(messages), _BATCH):
            with retryable_is_unavailable():
                answer = self._sqs.send_message_batch(
                    QueueUrl=self._url, Entries=messages[start : start + _BATCH]
                )
            if failed := answer.get("Failed"):
                raise Unavailable(f"SQS did not take {len(failed)} messages: {failed[0]}")

    @contextmanager
    def handing_back(self, receipt: str, attempt: int) -> Iterator[None]:
        """Let whatever fails inside come again after a pause; *attempt* counts from 1."""
        try:
            yield
        except Exception as error:
            _logger.exception("a job failed and goes back to the line")
            self._sqs.change_message_visibility(
                QueueUrl=self._url, ReceiptHandle=receipt, VisibilityTimeout=pause(error, attempt)
            )
            raise


def pause(error: Exception, attempt: int) -> int:
    """Seconds until the next attempt: none for what can never work, else more each time."""
    if isinstance(error, Malformed):
        return 0
    asked = error.retry_after if isinstance(error, Unavailable) else 0
    return min(LONGEST_PAUSE, max(asked, 1 << (attempt - 1)))
