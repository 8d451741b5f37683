"""
AWS without boto3, for the Slack door: one signed call of a service that speaks JSON.

boto3 and a client of it cost more from cold than the rest of a call, and Slack gives us three
seconds (infra/adr/0004). botocore signs, urllib3 sends and keeps the connection. What a service
is asked, and what its no means, is its adapter's to know.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from urllib3 import PoolManager, Timeout
from urllib3.exceptions import HTTPError

from bot.adapters.aws.retryable import is_retryable
from bot.core.errors import Unavailable
from bot.settings import need

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from urllib3 import BaseHTTPResponse

DIALECTS: Final = {"secretsmanager": ("secretsmanager", "1.1"), "sqs": ("AmazonSQS", "1.0")}
"""What each service calls itself in a request, and its version of JSON (API models)."""
_TIMEOUT: Final = Timeout(connect=0.5, read=1)
"""Seconds for one attempt, of two."""


class CallRefused(Exception):
    """AWS says no, and will again. Its text is AWS's code, or the HTTP status if there is none."""


@dataclass(frozen=True, slots=True)
class _Request:
    address: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class _Answer:
    said: dict[str, Any] = field(default_factory=dict)
    error: str = ""
    busy: bool = False


class Sigv4Client:
    """AWS, as Lambda's environment says where it is and who calls; *failed* hears each error."""

    def __init__(self, failed: Callable[[str], None]) -> None:
        self._failed = failed
        self._pool = PoolManager(retries=False)

    def call(self, service: str, operation: str, said: Mapping[str, str]) -> dict[str, Any]:
        """What *service* answers. Raises Unavailable if it is busy twice, Refusal if it says no."""
        request = _signed(service, operation, json.dumps(said).encode())
        answer = self._attempt(request)
        if answer.busy:  # or the connection that was kept is gone
            answer = self._attempt(request)
        if answer.error:
            self._failed(answer.error)
        if answer.busy:
            raise Unavailable(f"{service} is busy: {answer.error}")
        if answer.error:
            raise CallRefused(answer.error)
        return answer.said

    def _attempt(self, request: _Request) -> _Answer:
        try:
            return _read(self._send(request))
        except HTTPError as lost:
            return _Answer(error=type(lost).__name__, busy=True)

    def _send(self, request: _Request) -> BaseHTTPResponse:
        to, headers = request.address, request.headers
        return self._pool.request("POST", to, body=request.body, headers=headers, timeout=_TIMEOUT)


def _read(answer: BaseHTTPResponse) -> _Answer:
    try:
        said = answer.json()
    except ValueError:
        said = None
    well = answer.status == HTTPStatus.OK
    if not isinstance(said, dict):  # something on the way there spoke, or cut it off
        return _Answer(error=str(answer.status), busy=well or is_retryable("", answer.status))
    if well:
        return _Answer(said)
    code = str(said.get("__type", "")).rpartition("#")[2]
    return _Answer(error=code or str(answer.status), busy=is_retryable(code, answer.status))


def _signed(service: str, operation: str, body: bytes) -> _Request:
    name, version = DIALECTS[service]
    headers = {
        "Content-Type": f"application/x-amz-json-{version}",
        "X-Amz-Target": f"{name}.{operation}",
    }
    address = _address(service, region := need("AWS_REGION"))
    request = AWSRequest("POST", address, headers=headers, data=body)
    SigV4Auth(_credentials(), service, region).add_auth(request)
    return _Request(address, dict(request.headers), body)


def _credentials() -> Credentials:
    return Credentials(
        need("AWS_ACCESS_KEY_ID"),
        need("AWS_SECRET_ACCESS_KEY"),
        os.environ.get("AWS_SESSION_TOKEN"),
    )


def _address(service: str, region: str) -> str:
    tail = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    elsewhere = os.environ.get("AWS_ENDPOINT_URL")
    return (elsewhere or f"https://{service}.{region}.{tail}").rstrip("/") + "/"
