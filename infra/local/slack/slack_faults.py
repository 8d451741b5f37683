"""Fault injection for Slack: what each fault looks like to the caller."""

import socket
from collections.abc import Callable
from contextlib import suppress

from flask import Response, jsonify, make_response, request


def answer_or_fail(fault: str | None, answer: Callable[[], Response]) -> Response:
    """Answer a call, or let it fail with *fault*."""
    match fault:
        case None:
            return answer()
        case "timeout":
            answer()
            return close_connection()
        case "refused":
            return close_connection()
        case _ if fault.partition(":")[0] == "ratelimited":
            return rate_limited(fault.partition(":")[2] or "1")
        case _ if fault.isdigit():
            return make_response("", int(fault))
    return _failed(fault)


def rate_limited(seconds: str | int) -> Response:
    """Refuse a call, and ask to wait for so many seconds."""
    return _failed("ratelimited", 429, {"Retry-After": str(seconds)})


def _failed(error: str, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return make_response(jsonify(ok=False, error=error), status, headers or {})


def close_connection() -> Response:
    """Close the connection before answering: the caller cannot tell whether anything was done."""
    connection: socket.socket = request.environ["werkzeug.socket"]
    with suppress(OSError):  # the caller may have closed it first
        connection.shutdown(socket.SHUT_RDWR)
    return make_response("")
