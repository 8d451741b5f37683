"""
Socket Mode: what people do reaches the bot through a connection that the bot opened.

Source of the envelopes and their answers: docs.slack.dev/apis/events-api/using-socket-mode.
Where connections arrive is for `link`.
"""

import json
from collections.abc import Callable
from queue import Empty, SimpleQueue
from secrets import token_hex
from threading import Lock
from typing import Any, Final, Protocol, TypeVar
from urllib.parse import parse_qs
from uuid import uuid4

from infra.local.slack.model import APP, Answer, Deliver, Json

_TIMEOUT: Final = 3.0
"""Seconds in which Slack wants an answer."""


class Connection(Protocol):
    """What is used of a WebSocket."""

    def send(self, text: str) -> None: ...


AnyConnection = TypeVar("AnyConnection", bound=Connection)


class Sockets:
    """The open connections, and the envelopes that wait for an answer."""

    def __init__(self) -> None:
        self._tickets: set[str] = set()
        self._open: list[Connection] = []
        self._opening = Lock()
        self._awaited: dict[str, SimpleQueue[Json]] = {}

    @property
    def count(self) -> int:
        """The number of open connections."""
        with self._opening:
            return len(self._open)

    def issue_ticket(self) -> str:
        """Return a ticket, as Slack's own URLs call it, that opens one connection."""
        ticket = token_hex(8)
        self._tickets.add(ticket)
        return ticket

    def use_ticket(self, ticket: str) -> bool:
        """Use up *ticket*, and return whether it was valid."""
        valid = ticket in self._tickets
        self._tickets.discard(ticket)
        return valid

    def join(self, accept: Callable[[], AnyConnection]) -> AnyConnection:
        """
        Accept a connection; from now on, what people do may go to it.

        Nothing is delivered meanwhile: the client may go on as soon as it is accepted, and what
        happens then is for this connection.
        """
        with self._opening:
            connection = accept()
            hello = {"type": "hello", "num_connections": len(self._open) + 1}
            connection.send(json.dumps({**hello, "connection_info": {"app_id": APP}}))
            self._open.append(connection)
        return connection

    def leave(self, connection: Connection) -> None:
        """Stop delivering to *connection*."""
        self._open.remove(connection)

    def receive(self, text: str) -> None:
        """Take the bot's answer to an envelope."""
        answer = json.loads(text)
        if waiting := self._awaited.get(answer.get("envelope_id")):
            waiting.put(answer.get("payload") or {})

    def or_else(self, deliver: Deliver) -> Deliver:
        """Return a Deliver that uses the newest open connection, or *deliver* if there is none."""

        def deliver_to_bot(headers: dict[str, str], body: str) -> Answer:
            connection = self._newest()
            if connection is None:
                return deliver(headers, body)
            return self._deliver(connection, headers, body)

        return deliver_to_bot

    def _newest(self) -> Connection | None:
        with self._opening:
            return self._open[-1] if self._open else None

    def _deliver(self, connection: Connection, headers: dict[str, str], body: str) -> Answer:
        """Send an envelope and wait for its answer. Raises TimeoutError if none comes."""
        envelope = str(uuid4())
        waiting = self._awaited[envelope] = SimpleQueue()
        try:
            connection.send(json.dumps({"envelope_id": envelope, **_content(headers, body)}))
            answer = waiting.get(timeout=_TIMEOUT)
        except Empty:
            raise TimeoutError from None
        finally:
            del self._awaited[envelope]
        return 200, {}, json.dumps(answer) if answer else ""


def _content(headers: dict[str, str], body: str) -> dict[str, Any]:
    """Return the content of a request to the bot's address as an envelope has it."""
    if headers["Content-Type"] == "application/json":
        return {
            "type": "events_api",
            "payload": json.loads(body),
            "retry_attempt": int(headers.get("X-Slack-Retry-Num", 0)),
            "retry_reason": headers.get("X-Slack-Retry-Reason", ""),
            **_MAY_NOT_ANSWER,
        }
    fields = {name: values[0] for name, values in parse_qs(body, keep_blank_values=True).items()}
    if "payload" in fields:
        return {"type": "interactive", "payload": json.loads(fields["payload"]), **_MAY_ANSWER}
    return {"type": "slash_commands", "payload": fields, **_MAY_ANSWER}


_MAY_ANSWER: Final = {"accepts_response_payload": True}
_MAY_NOT_ANSWER: Final = {"accepts_response_payload": False}
