"""
Fault injection for AWS; `infra.local.slack.slack_faults` does the same for Slack.

This file depends on how AWS's protocols name an operation and an error, not on what a call does.
"""

from __future__ import annotations

import json
import socket
from http import HTTPStatus
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from infra.local.faults import Faults

_THROTTLES: Final = {"ThrottlingException", "Throttling", "ProvisionedThroughputExceededException"}
_FORM: Final = "application/x-www-form-urlencoded"


class AwsFaults:
    """WSGI middleware: *app* is AWS, *faults* says which calls fail."""

    def __init__(self, app: WSGIApplication, faults: Faults) -> None:
        self._app = app
        self._faults = faults

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        operation = _operation(environ)
        match self._faults.take(operation) if operation else None:
            case None:
                return self._app(environ, start)
            case "timeout":
                list(self._app(environ, _ignored_start))
                return _close_connection(environ, start)
            case "refused":
                return _close_connection(environ, start)
            case error:
                # An unread body would be taken for the connection's next request.
                _body(environ)
                return _error_response(error, environ, start)


def _operation(environ: WSGIEnvironment) -> str:
    """Return the operation, from a header or from the form that STS and older services get."""
    if target := environ.get("HTTP_X_AMZ_TARGET", ""):
        return str(target).rpartition(".")[2]
    if not environ.get("CONTENT_TYPE", "").startswith(_FORM):
        return ""
    body = _body(environ)
    environ["wsgi.input"] = BytesIO(body)
    return parse_qs(body.decode()).get("Action", [""])[0]


def _body(environ: WSGIEnvironment) -> bytes:
    return bytes(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))


def _ignored_start(*_: Any) -> Any:
    """Serve as a start_response whose result nobody receives."""
    return lambda _: None


def _close_connection(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
    environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
    start("200 OK", [])
    return []


def _error_response(error: str, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
    status = HTTPStatus(int(error)) if error.isdecimal() else HTTPStatus.BAD_REQUEST
    code = "InternalFailure" if error.isdecimal() else error
    message = "Rate exceeded" if error in _THROTTLES else "Injected by the embedded world."
    content_type, body = _error_body(code, message, as_json="HTTP_X_AMZ_TARGET" in environ)
    start(f"{status.value} {status.phrase}", [("Content-Type", content_type)])
    return [body.encode()]


def _error_body(code: str, message: str, *, as_json: bool) -> tuple[str, str]:
    """Return content type and body of an error, in JSON or in XML."""
    if as_json:
        return "application/x-amz-json-1.1", json.dumps({"__type": code, "message": message})
    error = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    return "text/xml", f"<ErrorResponse>{error}</ErrorResponse>"
