"""
Lambda on one machine: calls the real handlers as the service would.

One call at a time for each function, as in one container; asynchronous calls are repeated as often
as the template says; messages of the queue come in batches, and those reported as failed stay in
it; schedules are followed. Handlers are known only by their names.
"""

from __future__ import annotations

import logging
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from threading import Event, Lock, Thread
from time import monotonic
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from infra.local.deployment import Function

    Call = Callable[[Function, dict[str, Any], "Context"], Any]

_POLL_SECONDS: Final = 1
"""How long one poll of the queue waits for a message."""
_UNITS: Final = {"minute": 60, "hour": 3600, "day": 86400}
_logger: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Context:
    """Lambda's context object, which a handler gets with each call."""

    function_name: str
    aws_request_id: str
    invoked_function_arn: str
    deadline: float
    """In seconds of the monotonic clock."""
    memory_limit_in_mb: int = 1024
    function_version: str = "$LATEST"
    log_group_name: str = "local"
    log_stream_name: str = "local"

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int((self.deadline - monotonic()) * 1000))


def in_this_process(function: Function, event: dict[str, Any], context: Context) -> Any:
    """Import the handler into this process and call it."""
    module, _, attribute = function.handler.rpartition(".")
    return getattr(import_module(module), attribute)(event, context)


class Functions:
    """The functions of a deployment; *call* runs one of them."""

    def __init__(self, functions: dict[str, Function], call: Call = in_this_process) -> None:
        self._functions = functions
        self._call = call
        self._by_arn = {function.arn: name for name, function in functions.items()}
        self._locks = {name: Lock() for name in functions}
        self._executor = ThreadPoolExecutor(len(functions), thread_name_prefix="async")
        self._running = 0
        self.changes = 0
        """Counts the beginnings and ends of calls."""
        self._counting = Lock()
        self._stopped = Event()

    def invoke(self, name: str, event: dict[str, Any]) -> Any:
        """Call the function and return its answer. Raises what it raises."""
        function = self._functions[name]
        with self._locks[name], self._counted():
            deadline = monotonic() + function.timeout
            return self._call(function, event, Context(name, str(uuid4()), function.arn, deadline))

    @contextmanager
    def _counted(self) -> Iterator[None]:
        self._count(1)
        try:
            yield
        finally:
            self._count(-1)

    def _count(self, more: int) -> None:
        with self._counting:
            self._running += more
            self.changes += 1

    def invoke_later(self, arn: str, event: dict[str, Any]) -> None:
        """Call the function *arn* asynchronously, and again if it fails, as Lambda does."""
        self._count(1)
        self._executor.submit(self._try, self._by_arn[arn], event)

    def _try(self, name: str, event: dict[str, Any]) -> None:
        try:
            attempts = self._functions[name].attempts
            for attempt in range(1, attempts + 1):
                if self._succeeds(name, event) or self._stopped.wait(attempt):
                    return
            _logger.error("%s failed %s times; the event is undelivered", name, attempts)
        finally:
            self._count(-1)

    def _succeeds(self, name: str, event: dict[str, Any]) -> bool:
        try:
            self.invoke(name, event)
        except Exception:
            _logger.exception("%s failed", name)
            return False
        return True

    @property
    def idle(self) -> bool:
        """Whether no call is running; if *changes* stays the same, there was none meanwhile."""
        return self._running == 0

    def poll(self, name: str, sqs: Any, queue: str) -> None:
        """Call the function with the messages of *queue* from now on."""
        self._thread(lambda: self._take_batch(self._functions[name], sqs, queue))

    def schedule(self, arn: str, expression: str) -> None:
        """Call the function as often as *expression* says from now on: rate(5 minutes)."""
        rate = re.fullmatch(r"rate\((\d+) (minute|hour|day)s?\)", expression)
        assert rate, expression  # noqa: S101 - we write no others
        seconds = int(rate[1]) * _UNITS[rate[2]]
        event = {"source": "aws.events", "detail-type": "Scheduled Event", "detail": {}}

        def tick() -> None:
            if not self._stopped.wait(seconds):
                self.invoke_later(arn, event)

        self._thread(tick)

    def stop(self) -> None:
        """Stop calling, and wait for the asynchronous calls that are running."""
        self._stopped.set()
        self._executor.shutdown(wait=True)

    def _thread(self, step: Callable[[], object]) -> None:
        def run() -> None:
            while not self._stopped.is_set():
                try:
                    step()
                except Exception:
                    if not self._stopped.wait(_POLL_SECONDS):
                        _logger.exception(
                            "a background task of the embedded world failed; it is repeated"
                        )

        Thread(target=run, daemon=True).start()

    def _take_batch(self, function: Function, sqs: Any, queue: str) -> None:
        messages = sqs.receive_message(
            QueueUrl=queue,
            MaxNumberOfMessages=function.batch_size,
            WaitTimeSeconds=_POLL_SECONDS,
            AttributeNames=["All"],
        ).get("Messages", [])
        records = [record_of(raw, queue) for raw in messages]
        failed = self._failed(function.name, records) if messages else set()
        for raw in messages:
            if raw["MessageId"] not in failed:
                sqs.delete_message(QueueUrl=queue, ReceiptHandle=raw["ReceiptHandle"])

    def _failed(self, name: str, records: list[dict[str, Any]]) -> set[str]:
        """Call the function with *records*, and return the ids of those that failed."""
        try:
            answer = self.invoke(name, {"Records": records})
        except Exception:
            _logger.exception("%s failed as a whole", name)
            return {record["messageId"] for record in records}
        return {item["itemIdentifier"] for item in answer["batchItemFailures"]}


def record_of(raw: dict[str, Any], queue: str) -> dict[str, Any]:
    """
    Return a message as Lambda passes it to a function ("Using Lambda with Amazon SQS").

    *queue* is the URL of the queue that it was received from.
    """
    name = queue.rpartition("/")[2]
    return {
        "messageId": raw["MessageId"],
        "receiptHandle": raw["ReceiptHandle"],
        "body": raw["Body"],
        "attributes": raw["Attributes"],
        "messageAttributes": {},
        "md5OfBody": raw["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": f"arn:aws:sqs:us-east-1:123456789012:{name}",
        "awsRegion": "us-east-1",
    }
