"""
AWS and Slack for the timing: each call is answered at once, with what is needed to go on.

So what is timed is the function's own doing. It records the calls.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from hashlib import md5
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

from tests.bench.events import SECRET

if TYPE_CHECKING:
    from collections.abc import Iterator

TOKEN: Final = "xoxb-of-the-benchmark"


class StandIn(ThreadingHTTPServer):
    """The server, and the names of the calls in the order in which they came."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.calls: list[str] = []
        self.opened = 0.0
        """When a form was opened last, on the clock `time.perf_counter`."""


class _Answers(BaseHTTPRequestHandler):
    """One call. An answer leaves in one piece and at once, or the network's pauses are timed."""

    server: StandIn
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        call = _name(self.headers.get("X-Amz-Target", ""), self.path)
        self.server.calls.append(call)
        if call == "views.open":
            self.server.opened = perf_counter()
        self._answer_with(json.dumps(_answer(call, body)).encode())

    def _answer_with(self, answer: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: Any) -> None:
        """Log nothing."""


def _name(target: str, path: str) -> str:
    """What is called: AWS's header says it, or the path."""
    if target:
        return target.rpartition(".")[2]
    return "Invoke" if path.endswith("/invocations") else path.removeprefix("/api/")


def _answer(call: str, body: bytes) -> Any:
    match call:
        case "GetSecretValue":
            secret = {"bot_token": TOKEN, "signing_secret": SECRET}
            return {"SecretString": json.dumps(secret)}
        case "SendMessage":
            text = json.loads(body)["MessageBody"].encode()
            digest = md5(text, usedforsecurity=False).hexdigest()
            return {"MessageId": "1", "MD5OfMessageBody": digest, "SequenceNumber": "1"}
        case "auth.test":
            return {"ok": True, "team_id": "T0LOCAL000", "user_id": "U1", "bot_id": "B1"}
        case "views.open":
            return {"ok": True, "view": {"id": "V1", "hash": "1.a"}}
        case _:
            return {}


@contextmanager
def standing_in() -> Iterator[StandIn]:
    """A stand-in that listens, until it is not needed any more."""
    with StandIn() as server:
        Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield server
        server.shutdown()
