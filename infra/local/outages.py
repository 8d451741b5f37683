"""
Lets a call of AWS fail as ordered. See `infra.local.slack.outages` for Slack's.

It knows how AWS's protocols name an operation and an error, and nothing of what a call does.
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


class Outages:
    """AWS, as *app* plays it, with the outages that *faults* has waiting."""

    def __init__(self, app: WSGIApplication, faults: Faults) -> None:
        self._app = app
        self._faults = faults

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        operation = _operation(environ)
        match self._faults.take(operation) if operation else None:
            case None:
                return self._app(environ, start)
            case "timeout":
                list(self._app(environ, _unheard))
                return _hang_up(environ, start)
            case "refused":
                return _hang_up(environ, start)
            case error:
                # Unread, the body would be taken for the connection's next request.
                _body(environ)
                return _failing(error, environ, start)


def _operation(environ: WSGIEnvironment) -> str:
    """What is called: a header says it, or the form that STS and older services are sent."""
    if target := environ.get("HTTP_X_AMZ_TARGET", ""):
        return str(target).rpartition(".")[2]
    if not environ.get("CONTENT_TYPE", "").startswith(_FORM):
        return ""
    body = _body(environ)
    environ["wsgi.input"] = BytesIO(body)
    return parse_qs(body.decode()).get("Action", [""])[0]


def _body(environ: WSGIEnvironment) -> bytes:
    return bytes(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))


def _unheard(*_: Any) -> Any:
    """A start_response that nobody listens to."""
    return lambda _: None


def _hang_up(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
    environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
    start("200 OK", [])
    return []


def _failing(error: str, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
    status = HTTPStatus(int(error)) if error.isdecimal() else HTTPStatus.BAD_REQUEST
    code = "InternalFailure" if error.isdecimal() else error
    message = "Rate exceeded" if error in _THROTTLES else "As ordered."
    kind, body = _written(code, message, json_is_spoken="HTTP_X_AMZ_TARGET" in environ)
    start(f"{status.value} {status.phrase}", [("Content-Type", kind)])
    return [body.encode()]


def _written(code: str, message: str, *, json_is_spoken: bool) -> tuple[str, str]:
    """An error as the protocol of the call has it: its content type and its body."""
    if json_is_spoken:
        return "application/x-amz-json-1.1", json.dumps({"__type": code, "message": message})
    said = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    return "text/xml", f"<ErrorResponse>{said}</ErrorResponse>"
