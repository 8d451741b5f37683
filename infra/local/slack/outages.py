"""How Slack fails when it is told to: what each fault looks like to the caller."""

import socket
from collections.abc import Callable
from contextlib import suppress

from flask import Response, jsonify, make_response, request


def meet(fault: str | None, carry_out: Callable[[], Response]) -> Response:
    """Carry a call out, or let it meet *fault*."""
    match fault:
        case None:
            return carry_out()
        case "timeout":
            carry_out()
            return hang_up()
        case "refused":
            return hang_up()
        case "ratelimited":
            return _failed(fault, 429, {"Retry-After": "1"})
        case _ if fault.isdigit():
            return make_response("", int(fault))
    return _failed(fault)


def _failed(error: str, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return make_response(jsonify(ok=False, error=error), status, headers or {})


def hang_up() -> Response:
    """Close the connection before the answer: the caller cannot know whether anything was done."""
    connection: socket.socket = request.environ["werkzeug.socket"]
    with suppress(OSError):  # the caller may have closed it first
        connection.shutdown(socket.SHUT_RDWR)
    return make_response("")
