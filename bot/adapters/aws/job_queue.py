"""
The job queue: SQS FIFO, with one message group per version, and one per person who asks.

A message that fails returns to its place, and comes again after a pause that grows. The messages
behind it in its group wait; the other groups go on.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from aws_lambda_powertools import Logger

from bot.adapters.aws.client import retryable_is_unavailable
from bot.adapters.aws.sqs_sender import queue_message
from bot.core.errors import Malformed, NewerFormat, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.core.jobs.messages import Job

_logger: Final = Logger(child=True)

_BATCH_SIZE: Final = 10
"""SQS takes so many messages in one call (API reference, SendMessageBatch)."""
MAX_PAUSE: Final = 120


class SqsQueue:
    """`bot.flows.ports.JobQueue`, kept by SQS."""

    def __init__(self, sqs: Any, url: str) -> None:
        self._sqs = sqs
        self._url = url

    def send(self, job: Job, key: str) -> None:
        with retryable_is_unavailable():
            self._sqs.send_message(QueueUrl=self._url, **queue_message(job, key))

    def send_all(self, jobs: Iterable[tuple[Job, str]]) -> None:
        messages = [{"Id": str(n), **queue_message(*pair)} for n, pair in enumerate(jobs)]
        for start in range(0, len(messages), _BATCH_SIZE):
            self._send_batch(messages[start : start + _BATCH_SIZE])

    def _send_batch(self, messages: list[dict[str, str]]) -> None:
        with retryable_is_unavailable():
            response = self._sqs.send_message_batch(QueueUrl=self._url, Entries=messages)
        if failed := response.get("Failed"):
            raise Unavailable(f"SQS did not take {len(failed)} messages: {failed[0]}")

    @contextmanager
    def return_on_error(self, receipt: str, attempt: int) -> Iterator[None]:
        """Return the message *receipt* to the queue if this fails; *attempt* counts from 1."""
        try:
            yield
        except Exception as error:
            _logger.exception("Job failed; it returns to the queue", extra={"attempt": attempt})
            self._sqs.change_message_visibility(
                QueueUrl=self._url, ReceiptHandle=receipt, VisibilityTimeout=pause(error, attempt)
            )
            raise


def pause(error: Exception, attempt: int) -> int:
    """Return the seconds until the next attempt: none for what can never work, else ever more."""
    if isinstance(error, Malformed) and not isinstance(error, NewerFormat):
        return 0
    requested = error.retry_after if isinstance(error, Unavailable) else 0
    return min(MAX_PAUSE, max(requested, 1 << (attempt - 1)))
