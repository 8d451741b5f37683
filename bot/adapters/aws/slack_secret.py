"""
Slack's secrets, kept in Secrets Manager as JSON with `bot_token` and `signing_secret`.

The worker reads them through Powertools, which caches. The Slack door asks without boto3
(`lean.py`): a signature has to be checked before anything else can happen.

What was read is used for some minutes. Who finds that it does not fit any more reads it anew, so
that a rotation is seen at once. Only the secret of the moment counts: of the one before, Slack
says that it is dead.
"""

# ruff: noqa: PLC0415 - what is imported late is what a cold start need not pay for
from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bot.adapters.aws.retryable import is_retryable
from bot.adapters.aws.sigv4_client import CallRefused
from bot.core.errors import Misconfigured, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.adapters.aws.sigv4_client import Sigv4Client

MAX_AGE: Final = 300
"""Seconds for which a secret that was read is used."""
LEAST_AGE: Final = 10
"""Seconds that have to pass before the Slack door reads it anew once more, whoever asks for it."""


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

    from bot.adapters.aws.client import code, status

    try:
        found = parameters.get_secret(secret_id, max_age=MAX_AGE, force_fetch=anew)
    except BotoCoreError as error:  # no region, say
        raise Misconfigured(f"The Slack secret {secret_id} cannot be read: {error}") from error
    except parameters.GetParameterError as error:
        cause = error.__context__
        if isinstance(cause, ClientError) and not is_retryable(code(cause), status(cause)):
            said = f"The Slack secret {secret_id} cannot be read: {code(cause) or status(cause)}."
            raise Misconfigured(said) from error
        if isinstance(cause, (ClientError, ConnectionError, HTTPClientError)):
            raise Unavailable(str(cause)) from error
        raise Misconfigured(f"The Slack secret {secret_id} cannot be read: {error}") from error
    return _parsed(str(found))


class CachedSecret:
    """The same without boto3, for a door where strangers knock. *clock* counts seconds."""

    def __init__(self, aws: Sigv4Client, secret_id: str, clock: Callable[[], float]) -> None:
        self._aws = aws
        self._id = secret_id
        self._clock = clock
        self._known: tuple[float, SlackSecret] | None = None
        self._last_anew = -float(LEAST_AGE)

    def __call__(self) -> SlackSecret:
        """What `through_powertools` returns and raises; in an outage, what is known will do."""
        if self._known is None or self._clock() - self._known[0] > MAX_AGE:
            return self._read_or_keep()
        return self._known[1]

    def anew(self) -> SlackSecret:
        """The secret as it is now; or as it is known, if it was read anew a moment ago."""
        if self._clock() - self._last_anew < LEAST_AGE:
            return self()
        self._last_anew = self._clock()  # first, so that a read that fails counts as well
        return self._read_or_keep()

    def _read_or_keep(self) -> SlackSecret:
        """The secret as it is now. In an outage the one that is known, for some seconds more."""
        try:
            found, age = _parsed(self._fetched()), 0
        except Unavailable:
            if self._known is None:
                raise
            found, age = self._known[1], MAX_AGE - LEAST_AGE
        self._known = self._clock() - age, found
        return found

    def _fetched(self) -> str:
        try:
            said = self._aws.call("secretsmanager", "GetSecretValue", {"SecretId": self._id})
        except CallRefused as no:
            raise Misconfigured(f"The Slack secret {self._id} cannot be read: {no}.") from None
        return str(said.get("SecretString", ""))


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
