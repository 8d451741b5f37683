"""
The queues of jobs: SQS FIFO, with the message groups of `message_group`.

A message that fails returns to its place, and comes again after a pause that grows. The messages
behind it in its group wait; the other groups go on.

What SQS's codes mean (API model, and docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference,
API_SendMessage, API_SendMessageBatch and API_ChangeMessageVisibility):

    RequestThrottled, KmsThrottled      too many calls, of SQS or of the queue's key: `retryable`
    AccessDeniedException, InvalidSecurity, KmsAccessDenied, KmsDisabled, KmsInvalidState,
    KmsNotFound, KmsOptInRequired, KmsInvalidKeyUsage
                                        the queue or its key is not for the bot: Misconfigured
    QueueDoesNotExist, InvalidAddress   deleted, or created within the last minute, or QUEUE_URL
                                        names none: Misconfigured
    InvalidMessageContents, UnsupportedOperation, BatchRequestTooLong
                                        a message that SQS never takes: Misconfigured
    Failed in a batch                   the same codes; SenderFault says whose fault it is, and is
                                        true for throttling as well
    ReceiptHandleIsInvalid, MessageNotInflight
                                        the job took longer than SQS waits, and was delivered
                                        again: SQS needs no pause any more
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from aws_lambda_powertools import Logger
from botocore.exceptions import BotoCoreError, ClientError

from bot.adapters.aws.client import error_code, retryable_is_unavailable
from bot.adapters.aws.retryable import is_retryable
from bot.adapters.aws.sqs_sender import queue_message, takes_no_message
from bot.core.errors import Held, Malformed, Misconfigured, NewerFormat, Unavailable, WaitsForSlot
from bot.core.jobs.queues import queue_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from bot.core.jobs.messages import Job
    from bot.core.jobs.queues import QueueName

_logger: Final = Logger(child=True)

_BATCH_SIZE: Final = 10
"""SQS takes so many messages in one call (API reference, SendMessageBatch)."""
MAX_PAUSE: Final = 120
"""Seconds."""
MAX_WAIT: Final = 11 * 3600
"""
Seconds. A message may be invisible for twelve hours from when it was received (API reference,
ChangeMessageVisibility); an hour less, to be safe.
"""


class SqsQueue:
    """`bot.flows.ports.JobQueue`, kept by SQS, at *urls*."""

    def __init__(self, sqs: Any, urls: Mapping[QueueName, str]) -> None:
        self._sqs = sqs
        self._urls = urls

    def send(self, job: Job, key: str) -> None:
        url = self._urls[queue_of(job)]
        with self._refusals_translated(url):
            self._sqs.send_message(QueueUrl=url, **queue_message(job, key))

    def send_all(self, jobs: Iterable[tuple[Job, str]]) -> None:
        messages: dict[str, list[dict[str, str]]] = {}
        for job, key in jobs:
            messages.setdefault(self._urls[queue_of(job)], []).append(queue_message(job, key))
        for url, of_queue in messages.items():
            for start in range(0, len(of_queue), _BATCH_SIZE):
                self._send_batch(url, of_queue[start : start + _BATCH_SIZE])

    def _send_batch(self, url: str, messages: list[dict[str, str]]) -> None:
        entries = [{"Id": str(number), **each} for number, each in enumerate(messages)]
        with self._refusals_translated(url):
            response = self._sqs.send_message_batch(QueueUrl=url, Entries=entries)
        failed = response.get("Failed", ())
        if stays := [each for each in failed if not _passes(each)]:
            raise Misconfigured(takes_no_message(url, stays[0]))
        if failed:
            raise Unavailable(f"SQS did not take {len(failed)} messages: {failed[0]}")

    @contextmanager
    def _refusals_translated(self, url: str) -> Iterator[None]:
        """Raise Unavailable for what passes, else Misconfigured."""
        try:
            with retryable_is_unavailable():
                yield
        except ClientError as error:
            raise Misconfigured(takes_no_message(url, error_code(error))) from error

    @contextmanager
    def return_on_error(self, queue_arn: str, receipt: str, attempt: int) -> Iterator[None]:
        """
        Return the message *receipt* to its queue if this fails; *attempt* counts from 1.

        *queue_arn* is what Lambda names as the source of the message.
        """
        try:
            yield
        except Exception as error:
            seconds = pause(error, attempt)
            extra = {"attempt": attempt, "seconds": seconds}
            if isinstance(error, WaitsForSlot):
                _logger.info("Job waits in the queue for its slot", extra=extra)
            else:
                _logger.exception("Job failed; it returns to the queue", extra=extra)
            self._set_pause(self._url_of(queue_arn), receipt, seconds)
            raise

    def _url_of(self, arn: str) -> str:
        """Return the URL of the queue *arn*; both end in its name."""
        name, urls = arn.rpartition(":")[2], self._urls.values()
        return next((url for url in urls if url.rpartition("/")[2] == name), "")

    def _set_pause(self, url: str, receipt: str, seconds: int) -> None:
        """Deliver the message *receipt* again in so many seconds, or after SQS's own timeout."""
        try:
            self._sqs.change_message_visibility(
                QueueUrl=url, ReceiptHandle=receipt, VisibilityTimeout=seconds
            )
        except (ClientError, BotoCoreError):
            _logger.warning("The pause of a job could not be set", exc_info=True)


def _passes(failed: dict[str, Any]) -> bool:
    """Whether SQS may take a message of a batch later (BatchResultErrorEntry)."""
    return not failed.get("SenderFault") or is_retryable(failed.get("Code", ""), 0)


def pause(error: Exception, attempt: int) -> int:
    """
    Return the seconds until the next attempt.

    For what can never work, none. For what waits for a slot, as many as that takes, at most
    MAX_WAIT. Else they double with each attempt: if another worker holds the version, up to what is
    left of its lease; else they are as many as AWS or Slack asked for, if that is more, and
    MAX_PAUSE at most.
    """
    if isinstance(error, Malformed) and not isinstance(error, NewerFormat):
        return 0
    growing = min(MAX_PAUSE, 1 << (attempt - 1))
    if isinstance(error, WaitsForSlot):
        return min(MAX_WAIT, error.retry_after)
    if isinstance(error, Held):
        return min(error.retry_after, growing)
    requested = error.retry_after if isinstance(error, Unavailable) else 0
    return min(MAX_PAUSE, max(requested, growing))
