"""An HTTP server for this machine alone, in a thread of its own."""

from __future__ import annotations

import logging
from threading import Thread
from typing import TYPE_CHECKING

from werkzeug.serving import WSGIRequestHandler, make_server

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

HOST = "127.0.0.1"
logging.getLogger("werkzeug").setLevel(logging.WARNING)


class Server:
    """A server of *app* on *port*; 0 takes a free one."""

    def __init__(
        self,
        app: WSGIApplication,
        port: int = 0,
        handler: type[WSGIRequestHandler] = WSGIRequestHandler,
    ) -> None:
        self._server = make_server(HOST, port, app, threaded=True, request_handler=handler)
        self._thread = Thread(target=self._server.serve_forever, daemon=True)
        self.url = f"http://{HOST}:{self._server.server_port}"

    def start(self) -> None:
        """Start serving. The socket already listens, so callers need not wait."""
        self._thread.start()

    def stop(self) -> None:
        """Stop serving and release the port."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
