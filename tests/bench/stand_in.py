"""
AWS and Slack for the timing: each call is answered at once, over TLS.

So what is timed is the function's own doing. It records the calls.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from time import perf_counter
from typing import TYPE_CHECKING, Any

from tests.bench import certificate
from tests.bench.answers import answer_to, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from socket import socket

    from tests.bench.certificate import Certificate


class StandIn(ThreadingHTTPServer):
    """The server, and the names of the calls in the order in which they came."""

    daemon_threads = True

    def __init__(self, shown: Certificate) -> None:
        super().__init__((certificate.HOST, 0), _Answers)
        self.url = f"https://{certificate.HOST}:{self.server_port}"
        self.trust = shown.trust
        """The part of a function's environment that makes it trust this server."""
        self.calls: list[str] = []
        self.connections = 0
        self.opened = 0.0
        """When a form was opened last, on the clock `time.perf_counter`."""
        self._context = shown.context

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Speak TLS, from the handshake on in the thread of this connection."""
        self.connections += 1
        plain: socket = request
        with self._context.wrap_socket(plain, server_side=True) as secure:
            super().finish_request(secure, client_address)


class _Answers(BaseHTTPRequestHandler):
    """One call. An answer leaves in one piece and at once, or the network's pauses are timed."""

    server: StandIn
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """S3's only call."""
        self._answer("GetObject", b"")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        call = name_of(self.headers.get("X-Amz-Target", ""), self.path)
        if call == "views.open":
            self.server.opened = perf_counter()
        self._answer(call, body)

    def _answer(self, call: str, body: bytes) -> None:
        self.server.calls.append(call)
        answer = json.dumps(answer_to(call, body)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        if call == "GetSecretValue":  # the next service has another host, so another connection
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: Any) -> None:
        """Log nothing."""


@contextmanager
def standing_in() -> Iterator[StandIn]:
    """A stand-in that listens, until it is not needed any more."""
    with TemporaryDirectory() as folder, StandIn(certificate.make(Path(folder))) as server:
        Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield server
        server.shutdown()
