"""
Slack's secrets, kept in Secrets Manager as JSON with `bot_token` and `signing_secret`.

The worker reads them through Powertools, which caches. The Slack door cannot: Powertools brings
boto3, which costs more from cold than all the rest of the door, and a signature has to be
checked before anything else can happen. So the door makes that one call itself, signed by
botocore (infra/adr/0004).

What was read is used for some minutes. Who finds that it does not fit any more reads it anew, so
that a rotation is seen at once. Only the secret of the moment counts: of the one before, Slack
says that it is dead.
"""

# ruff: noqa: PLC0415 - what is imported late is what a cold start need not pay for
from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPException
from typing import TYPE_CHECKING, Any, Final
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from bot.core.errors import BotError, Misconfigured, Unavailable
from bot.settings import need

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_AGE: Final = 300
"""Seconds for which a secret that was read is used."""
LEAST_AGE: Final = 10
"""Seconds that have to pass before the Slack door reads it anew once more, whoever asks for it."""
_TIMEOUT: Final = 2
_BUSY: Final = frozenset({"ThrottlingException", "RequestTimeout", "InternalServiceError"})


@dataclass(frozen=True, slots=True)
class SlackSecret:
    """What Slack knows us by, and we know it by."""

    bot_token: str = field(repr=False)
    signing_secret: str = field(repr=False)


def through_powertools(secret_id: str, *, anew: bool = False) -> SlackSecret:
    """
    The secret, at most five minutes old; or as it is now, if it is to be read *anew*.

    Raises Misconfigured if it is not as it must be, or not for us; Unavailable if AWS is busy.
    """
    from aws_lambda_powertools.utilities import parameters
    from botocore.exceptions import (
        BotoCoreError,
        ClientError,
        ConnectionError,  # noqa: A004
        HTTPClientError,
    )

    try:
        found = parameters.get_secret(secret_id, max_age=MAX_AGE, force_fetch=anew)
    except BotoCoreError as error:  # no region, say
        raise Misconfigured(f"The Slack secret {secret_id} cannot be read: {error}") from error
    except parameters.GetParameterError as error:
        cause = error.__context__
        if isinstance(cause, ClientError):
            raise _told(secret_id, cause.response) from error
        if isinstance(cause, (ConnectionError, HTTPClientError)):
            raise _told(secret_id, {}) from error
        raise Misconfigured(f"The Slack secret {secret_id} cannot be read: {error}") from error
    return _parsed(str(found))


class LeanSecret:
    """The same without boto3, for a door where strangers knock. *clock* counts seconds."""

    def __init__(self, secret_id: str, clock: Callable[[], float]) -> None:
        self._id = secret_id
        self._clock = clock
        self._known: tuple[float, SlackSecret] | None = None
        self._last_anew = -float(LEAST_AGE)

    def __call__(self) -> SlackSecret:
        """What `through_powertools` returns and raises."""
        if self._known is None or self._clock() - self._known[0] > MAX_AGE:
            self._known = self._clock(), _parsed(_fetch(self._id))
        return self._known[1]

    def anew(self) -> SlackSecret:
        """The secret as it is now; or as it is known, if it was read anew a moment ago."""
        if self._clock() - self._last_anew >= LEAST_AGE:
            self._last_anew = self._clock()  # first, so that a read that fails counts as well
            self._known = None
        return self()


def _parsed(text: str) -> SlackSecret:
    try:
        raw = json.loads(text)
        values = raw["bot_token"], raw["signing_secret"]
    except (ValueError, KeyError, TypeError):
        # The error's own text could tell the secret.
        raise Misconfigured("the Slack secret is no JSON with the two keys it needs") from None
    if not all(isinstance(value, str) and value for value in values):
        raise Misconfigured("the Slack secret has a value that is no text, or empty")
    return SlackSecret(*values)


def _fetch(secret_id: str) -> str:
    """GetSecretValue, in one signed request."""
    request = _signed(need("AWS_REGION"), json.dumps({"SecretId": secret_id}).encode())
    try:
        with urlopen(request, timeout=_TIMEOUT) as answer:  # noqa: S310 - our own https address
            return str(json.load(answer).get("SecretString", ""))
    except HTTPError as error:
        with error:
            raise _told(secret_id, _as_botocore_would(error)) from None
    except (OSError, HTTPException) as error:
        raise _told(secret_id, {}) from error


def _as_botocore_would(error: HTTPError) -> dict[str, Any]:
    """What AWS said, in botocore's form."""
    try:
        code = str(json.load(error)["__type"]).rpartition("#")[2]
    except (OSError, HTTPException, ValueError, KeyError, TypeError):
        code = ""
    return {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": error.code}}


def _told(secret_id: str, response: Any) -> BotError:
    """What it means for us that the secret could not be read; an empty *response* is none."""
    code = response.get("Error", {}).get("Code", "")
    status = response.get("ResponseMetadata", {}).get("HTTPStatusCode", 500)
    if code in _BUSY or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Unavailable(f"Secrets Manager is busy: {code or 'no answer'}")
    return Misconfigured(f"The Slack secret {secret_id} cannot be read: {code or status}.")


def _signed(region: str, body: bytes) -> Request:
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    headers = {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": "secretsmanager.GetSecretValue",
    }
    request = AWSRequest("POST", _address(region), headers=headers, data=body)
    who = Credentials(
        need("AWS_ACCESS_KEY_ID"),
        need("AWS_SECRET_ACCESS_KEY"),
        os.environ.get("AWS_SESSION_TOKEN"),
    )
    SigV4Auth(who, "secretsmanager", region).add_auth(request)
    return Request(_address(region), data=body, headers=dict(request.headers))  # noqa: S310


def _address(region: str) -> str:
    tail = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    elsewhere = os.environ.get("AWS_ENDPOINT_URL")
    return (elsewhere or f"https://secretsmanager.{region}.{tail}").rstrip("/") + "/"
