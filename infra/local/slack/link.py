"""The server's end of Socket Mode: a WebSocket in the thread of the request that opened it."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from threading import Thread

from flask import Blueprint, Response, make_response, request
from simple_websocket import (  # type: ignore[import-untyped]  # it ships no types
    ConnectionClosed,
    Server,
)

from infra.local.slack.slack_faults import close_connection
from infra.local.slack.sockets import Sockets
from infra.local.slack.workspace import Workspace


def blueprint(workspace: Workspace) -> Blueprint:
    link = Blueprint("link", __name__)

    @link.route("/link", methods=["GET"], websocket=True)
    def connect() -> Response:
        if not workspace.sockets.use_ticket(request.args.get("ticket", "")):
            return make_response("", 401)
        # An open connection must not keep the process alive.
        reader = partial(Thread, daemon=True)
        accept = partial(Server.accept, request.environ, thread_class=reader)
        _serve(workspace.sockets, accept)
        # The connection is over. What Flask answers now must not be sent over it.
        return close_connection()

    return link


def _serve(sockets: Sockets, accept: Callable[[], Server]) -> None:
    """Pass on what the bot sends, until either end closes the connection."""
    connection = sockets.join(accept)
    try:
        with suppress(ConnectionClosed):
            while True:
                sockets.receive(connection.receive())
    finally:
        sockets.leave(connection)
