"""The endpoint from which a function that was restored from a snapshot reads its credentials."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

TOKEN = "token-for-the-endpoint"


@dataclass
class CredentialEndpoint:
    """What it answers (Lambda's runtime interface emulator, `core/credentials.go`)."""

    url: str = ""
    keys: dict[str, str] = field(default_factory=dict)
    """Put into the answer in place of keys that are numbered by request."""
    minutes: int = 60
    """For how long the credentials of the next answer are valid."""
    status: int = 200
    body: bytes | None = None
    """Answered instead of credentials."""
    tokens: list[str | None] = field(default_factory=list)
    """The authorisation of each request."""
    released: Event = field(default_factory=Event)
    """While this is not set, no request is answered for ten seconds."""

    def __post_init__(self) -> None:
        self.released.set()

    @property
    def environment(self) -> dict[str, str]:
        """What Lambda puts into the environment of a function with SnapStart."""
        return {
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": self.url,
            "AWS_CONTAINER_AUTHORIZATION_TOKEN": TOKEN,
        }

    def answer(self) -> bytes:
        number = len(self.tokens)
        expires = datetime.now(UTC) + timedelta(minutes=self.minutes)
        credentials = {
            "AccessKeyId": f"key-{number}",
            "SecretAccessKey": f"secret-{number}",
            "Token": f"session-{number}",
            "Expiration": expires.isoformat(),
        }
        return json.dumps(credentials | self.keys).encode()


@contextmanager
def serving() -> Iterator[CredentialEndpoint]:
    """Serve one on a free port of this machine."""
    endpoint = CredentialEndpoint()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            endpoint.tokens.append(self.headers["Authorization"])
            endpoint.released.wait(10)
            body = endpoint.answer() if endpoint.body is None else endpoint.body
            self.send_response(endpoint.status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Log nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    endpoint.url = f"http://127.0.0.1:{server.server_port}/2021-04-23/credentials"
    try:
        yield endpoint
    finally:
        endpoint.released.set()
        server.shutdown()
        server.server_close()
