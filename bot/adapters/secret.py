"""
Slack's secrets, kept in Secrets Manager as JSON with `bot_token` and `signing_secret`.

The worker reads them through Powertools, which caches. The Slack door cannot: Powertools brings
boto3, which costs more from cold than all the rest of the door, and a signature has to be
checked before anything else can happen. So the door makes that one call itself, signed by
botocore (infra/adr/0004).
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.request import Request, urlopen

from bot.core.errors import Misconfigured
from bot.settings import need

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_AGE: Final = 300
"""Seconds for which a secret that was read is used."""
_TIMEOUT: Final = 2


@dataclass(frozen=True, slots=True)
class SlackSecret:
    """What Slack knows us by, and we know it by."""

    bot_token: str = field(repr=False)
    signing_secret: str = field(repr=False)


def through_powertools(secret_id: str) -> SlackSecret:
    """The secret, at most five minutes old. Raises Misconfigured if it is not as it must be."""
    from aws_lambda_powertools.utilities.parameters import get_secret  # noqa: PLC0415 - brings boto3

    return _parsed(str(get_secret(secret_id, max_age=MAX_AGE)))


class LeanSecret:
    """The same without boto3. *clock* counts seconds."""

    def __init__(self, secret_id: str, clock: Callable[[], float]) -> None:
        self._id = secret_id
        self._clock = clock
        self._known: tuple[float, SlackSecret] | None = None

    def __call__(self) -> SlackSecret:
        if self._known is None or self._clock() - self._known[0] > MAX_AGE:
            self._known = self._clock(), _parsed(_fetch(self._id))
        return self._known[1]


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
    with urlopen(request, timeout=_TIMEOUT) as answer:  # noqa: S310 - our own https address
        return str(json.load(answer).get("SecretString", ""))


def _signed(region: str, body: bytes) -> Request:
    from botocore.auth import SigV4Auth  # noqa: PLC0415 - only from cold
    from botocore.awsrequest import AWSRequest  # noqa: PLC0415
    from botocore.credentials import Credentials  # noqa: PLC0415

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
