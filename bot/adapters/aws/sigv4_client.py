"""
AWS without boto3, for the Slack request function: signed calls of services that speak JSON.

From cold, boto3 and a client of it cost more than the rest of a call, and Slack waits for three
seconds (infra/adr/0004). botocore signs, urllib3 sends and keeps the connection. What a service is
asked, and what its refusal means, is for its adapter to know.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from urllib3 import PoolManager, Timeout
from urllib3.exceptions import HTTPError

from bot.adapters.aws.credentials import CredentialSource
from bot.adapters.aws.deadline import FOR_FORM, FOR_QUEUE, LEAST, NO_DEADLINE
from bot.adapters.aws.retryable import is_retryable
from bot.adapters.aws.tls import TLS
from bot.core.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from urllib3 import BaseHTTPResponse

    from bot.adapters.aws.deadline import Deadline
    from bot.settings import Settings

PROTOCOLS: Final = {"secretsmanager": ("secretsmanager", "1.1"), "sqs": ("AmazonSQS", "1.0")}
"""What each service is called in X-Amz-Target, and its version of JSON (API models, `metadata`)."""
_CONNECT: Final = 0.5
_ATTEMPT: Final = 1.0
"""Seconds for one attempt, of two; less if less is left until the deadline."""
_KEPT: Final = {"secretsmanager": (FOR_QUEUE, FOR_FORM + FOR_QUEUE), "sqs": (0.0, LEAST)}
"""Seconds kept for the calls after one of a service: if no form is opened, and if one is."""


class CallRefused(Exception):
    """AWS refuses, now and later. The text is AWS's code, or the HTTP status if it has none."""


@dataclass(frozen=True, slots=True)
class _Request:
    url: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class _Response:
    body: dict[str, Any] = field(default_factory=dict)
    error_code: str = ""
    retryable: bool = False


class Sigv4Client:
    """
    Calls AWS in the Region and with the credentials that Lambda gives the function.

    *on_error* is told the code of every call that ends in an error. Until the *deadline*, a call
    that fails is made a second time; it gets less time if less is left.
    """

    def __init__(
        self,
        settings: Settings,
        on_error: Callable[[str], None],
        deadline: Deadline = NO_DEADLINE,
    ) -> None:
        self._settings = settings
        self._on_error = on_error
        self._deadline = deadline
        self._pool = PoolManager(retries=False, ssl_context=TLS)
        self._credentials = CredentialSource(settings, self._pool)

    def call(self, service: str, operation: str, parameters: Mapping[str, str]) -> dict[str, Any]:
        """
        Call *operation* and return the response.

        Raises Unavailable if *service* is busy twice or credentials cannot be read for now,
        CallRefused if it refuses, and Misconfigured if there is no Region or no credentials.
        """
        request = self._signed(service, operation, json.dumps(parameters).encode())
        response = self._attempt(request, service)
        # Or the connection that was kept is closed by now.
        if response.retryable and not self._deadline.is_over:
            response = self._attempt(request, service)
        if response.error_code:
            self._on_error(response.error_code)
        if response.retryable:
            raise Unavailable(f"{service} is busy: {response.error_code}")
        if response.error_code:
            raise CallRefused(response.error_code)
        return response.body

    def _attempt(self, request: _Request, service: str) -> _Response:
        keep = _KEPT[service][self._deadline.opens_form]
        seconds = self._deadline.seconds(_ATTEMPT, keep=keep)
        try:
            return _parse(self._send(request, Timeout(connect=_CONNECT, total=seconds)))
        except HTTPError as error:
            return _Response(error_code=type(error).__name__, retryable=True)

    def _send(self, request: _Request, timeout: Timeout) -> BaseHTTPResponse:
        url, headers = request.url, request.headers
        return self._pool.request("POST", url, body=request.body, headers=headers, timeout=timeout)

    def _signed(self, service: str, operation: str, body: bytes) -> _Request:
        target, version = PROTOCOLS[service]
        headers = {
            "Content-Type": f"application/x-amz-json-{version}",
            "X-Amz-Target": f"{target}.{operation}",
        }
        url = self._url(service, region := self._settings.need("AWS_REGION"))
        request = AWSRequest("POST", url, headers=headers, data=body)
        SigV4Auth(self._credentials.read(), service, region).add_auth(request)
        return _Request(url, dict(request.headers), body)

    def _url(self, service: str, region: str) -> str:
        domain = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
        endpoint = self._settings.environment.get("AWS_ENDPOINT_URL")
        return (endpoint or f"https://{service}.{region}.{domain}").rstrip("/") + "/"


def _parse(response: BaseHTTPResponse) -> _Response:
    """Parse AWS's response; the code of an error is behind a `#` (Smithy, AWS JSON protocols)."""
    try:
        body = response.json()
    except ValueError:
        body = None
    is_ok = response.status == HTTPStatus.OK
    if not isinstance(body, dict):  # a proxy answered, or the body was cut off
        retryable = is_ok or is_retryable("", response.status)
        return _Response(error_code=str(response.status), retryable=retryable)
    if is_ok:
        return _Response(body)
    code = str(body.get("__type", "")).rpartition("#")[2]
    retryable = is_retryable(code, response.status)
    return _Response(error_code=code or str(response.status), retryable=retryable)
