"""
Lambda on one machine: calls the real handlers as the service would.

One call at a time for each function, as in one container; asynchronous ones are tried as often
as the template says; messages of the line come in batches, and those reported as failed are left
in it; what a schedule asks for is called when its time comes. It knows handlers only by their
names.
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

_WAIT: Final = 1
"""Seconds for which one look into the line waits for a message."""
_UNITS: Final = {"minute": 60, "hour": 3600, "day": 86400}
_logger: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Context:
    """What Lambda tells a handler about its call."""

    function_name: str
    aws_request_id: str
    invoked_function_arn: str
    deadline: float
    memory_limit_in_mb: int = 1024
    function_version: str = "$LATEST"
    log_group_name: str = "local"
    log_stream_name: str = "local"

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int((self.deadline - monotonic()) * 1000))


def in_this_process(function: Function, event: dict[str, Any], context: Context) -> Any:
    """Call the handler itself, as this interpreter finds it."""
    module, _, attribute = function.handler.rpartition(".")
    return getattr(import_module(module), attribute)(event, context)


class Functions:
    """The functions of a deployment, ready to be called; how one is run, *call* knows."""

    def __init__(self, functions: dict[str, Function], call: Call = in_this_process) -> None:
        self._functions = functions
        self._call = call
        self._by_arn = {function.arn: name for name, function in functions.items()}
        self._locks = {name: Lock() for name in functions}
        self._later = ThreadPoolExecutor(len(functions), thread_name_prefix="async")
        self._under_way = 0
        self.pulse = 0
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
            self._under_way += more
            self.pulse += 1

    def invoke_later(self, arn: str, event: dict[str, Any]) -> None:
        """Call the function *arn* asynchronously, and again if it fails, as Lambda does."""
        self._count(1)
        self._later.submit(self._try, self._by_arn[arn], event)

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
        """Whether no call is under way; *pulse* tells whether there was one since."""
        return self._under_way == 0

    def feed(self, name: str, sqs: Any, queue: str) -> None:
        """From now on, call the function with what stands in *queue*."""
        self._thread(lambda: self._take_batch(self._functions[name], sqs, queue))

    def schedule(self, arn: str, expression: str) -> None:
        """From now on, call the function as often as *expression*, such as rate(5 minutes)."""
        found = re.fullmatch(r"rate\((\d+) (minute|hour|day)s?\)", expression)
        assert found, expression  # noqa: S101 - we write no others
        seconds = int(found[1]) * _UNITS[found[2]]
        event = {"source": "aws.events", "detail-type": "Scheduled Event", "detail": {}}

        def tick() -> None:
            if not self._stopped.wait(seconds):
                self.invoke_later(arn, event)

        self._thread(tick)

    def stop(self) -> None:
        """Call nothing any more; what is under way ends."""
        self._stopped.set()
        self._later.shutdown(wait=True)

    def _thread(self, step: Callable[[], object]) -> None:
        def run() -> None:
            while not self._stopped.is_set():
                try:
                    step()
                except Exception:
                    if not self._stopped.wait(_WAIT):
                        _logger.exception("the embedded world stumbled, and goes on")

        Thread(target=run, daemon=True).start()

    def _take_batch(self, function: Function, sqs: Any, queue: str) -> None:
        found = sqs.receive_message(
            QueueUrl=queue,
            MaxNumberOfMessages=function.batch_size,
            WaitTimeSeconds=_WAIT,
            AttributeNames=["All"],
        ).get("Messages", [])
        failed = self._failed(function.name, found) if found else set()
        for raw in found:
            if raw["MessageId"] not in failed:
                sqs.delete_message(QueueUrl=queue, ReceiptHandle=raw["ReceiptHandle"])

    def _failed(self, name: str, found: list[dict[str, Any]]) -> set[str]:
        """The ids of the messages that the function could not work off."""
        try:
            answer = self.invoke(name, {"Records": [record_of(raw) for raw in found]})
        except Exception:
            _logger.exception("%s failed as a whole", name)
            return {raw["MessageId"] for raw in found}
        return {item["itemIdentifier"] for item in answer["batchItemFailures"]}


def record_of(raw: dict[str, Any]) -> dict[str, Any]:
    """A message as Lambda's documentation shows it ("Using Lambda with Amazon SQS")."""
    return {
        "messageId": raw["MessageId"],
        "receiptHandle": raw["ReceiptHandle"],
        "body": raw["Body"],
        "attributes": raw["Attributes"],
        "messageAttributes": {},
        "md5OfBody": raw["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:jobs.fifo",
        "awsRegion": "us-east-1",
    }
