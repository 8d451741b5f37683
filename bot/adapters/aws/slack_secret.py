"""
Slack's secret for the Slack request function: read without boto3, and kept for some minutes.

Secrets Manager holds it as JSON with `bot_token` and `signing_secret`. A rotation is noticed at
once: when a signature or the token does not fit, the secret is read again. Only the current version
counts: Slack refuses the token of the one before.

What the codes of GetSecretValue mean (API model, and API_GetSecretValue in
docs.aws.amazon.com/secretsmanager/latest/apireference). The bot tells the code and no cause, and
stops: Misconfigured.

    ResourceNotFoundException   no such secret; or in another Region or account; or no current value
    AccessDeniedException       no permission for the secret, or for its KMS key
    DecryptionFailure           its KMS key does not decrypt it: disabled, deleted, or denied
    InvalidRequestException     it is being deleted, or managed by another service
    InvalidParameterException   an id that none can have
    ThrottlingException, ExpiredTokenException, InternalServiceError (500): `retryable`
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bot.adapters.aws.sigv4_client import CallRefused
from bot.core.errors import Misconfigured, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.adapters.aws.sigv4_client import Sigv4Client

MAX_AGE: Final = 300
"""Seconds for which a secret that was read is used."""
MIN_AGE: Final = 10
"""Seconds between two reads that a request causes: strangers can send any number of them."""


@dataclass(frozen=True, slots=True)
class SlackSecret:
    """The bot's token, and the secret with which Slack signs its requests."""

    bot_token: str = field(repr=False)
    signing_secret: str = field(repr=False)


class CachedSecret:
    """
    The secret *secret_id*, read through *aws* and kept.

    *clock* counts seconds as time.time does. time.monotonic may leave out those for which Lambda
    has frozen the process (aws-lambda-web-adapter #569, vault-lambda-extension #150). If the clock
    is set back, the secret is read again.
    """

    def __init__(self, aws: Sigv4Client, secret_id: str, clock: Callable[[], float]) -> None:
        self._aws = aws
        self._id = secret_id
        self._clock = clock
        self._cached: tuple[float, SlackSecret] | None = None
        self._last_refresh = -float(MIN_AGE)

    def read(self) -> SlackSecret:
        """
        Return the secret, at most MAX_AGE old; in an outage of AWS, an older one.

        Raises Misconfigured if it is malformed or AWS refuses it; Unavailable if AWS is busy and
        no older one is there.
        """
        if self._cached and 0 <= self._clock() - self._cached[0] <= MAX_AGE:
            return self._cached[1]
        return self._fetch_or_keep()

    def refresh(self) -> SlackSecret:
        """Return the current secret; or what `read` does, if it was refreshed a moment ago."""
        if 0 <= self._clock() - self._last_refresh < MIN_AGE:
            return self.read()
        self._last_refresh = self._clock()  # first, so that a read that fails counts as well
        return self._fetch_or_keep()

    def _fetch_or_keep(self) -> SlackSecret:
        """Return the current secret; in an outage the cached one, for MIN_AGE more."""
        try:
            secret, age = parse_secret(self._fetch()), 0
        except Unavailable:
            if self._cached is None:
                raise
            secret, age = self._cached[1], MAX_AGE - MIN_AGE
        self._cached = self._clock() - age, secret
        return secret

    def _fetch(self) -> str:
        try:
            response = self._aws.call("secretsmanager", "GetSecretValue", {"SecretId": self._id})
        except CallRefused as refusal:
            raise Misconfigured(unreadable(self._id, refusal)) from None
        return str(response.get("SecretString", ""))


def unreadable(secret_id: str, reason: object) -> str:
    """Say that a secret cannot be read."""
    return f"The Slack secret {secret_id} cannot be read: {reason}."


def parse_secret(text: str) -> SlackSecret:
    """Parse the JSON of a secret. Raises Misconfigured, which tells nothing of the secret."""
    try:
        raw = json.loads(text)
        values = raw["bot_token"], raw["signing_secret"]
    except (ValueError, KeyError, TypeError):
        # The error's own text could tell the secret.
        raise Misconfigured("the Slack secret is no JSON with the two keys it needs") from None
    if not all(isinstance(value, str) and value for value in values):
        raise Misconfigured("the Slack secret has a value that is no text, or empty")
    return SlackSecret(*values)
