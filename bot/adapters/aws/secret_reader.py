"""Slack's secret for the functions and commands that use boto3: Powertools reads and caches it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from aws_lambda_powertools.utilities.parameters import GetParameterError, SecretsProvider
from botocore.exceptions import BotoCoreError, ClientError

from bot.adapters.aws.client import LOST, error_code, http_status
from bot.adapters.aws.retryable import is_retryable
from bot.adapters.aws.slack_secret import MAX_AGE, SlackSecret, parse_secret, unreadable
from bot.core.errors import Misconfigured, Unavailable

if TYPE_CHECKING:
    from bot.adapters.aws.sessions import Sessions


class SecretReader:
    """
    The secret *secret_id*, kept for MAX_AGE seconds.

    Both methods raise Misconfigured if it is malformed or AWS refuses it, Unavailable if AWS is
    busy.
    """

    def __init__(self, sessions: Sessions, secret_id: str) -> None:
        self._sessions = sessions
        self._id = secret_id

    def read(self) -> SlackSecret:
        """Return the secret, at most MAX_AGE old."""
        return self._get(force=False)

    def refresh(self) -> SlackSecret:
        """Return the current secret."""
        return self._get(force=True)

    @cached_property
    def _provider(self) -> SecretsProvider:
        return SecretsProvider(boto3_client=self._sessions.client("secretsmanager"))

    def _get(self, *, force: bool) -> SlackSecret:
        try:
            text = self._provider.get(self._id, max_age=MAX_AGE, force_fetch=force)
        except BotoCoreError as error:  # the client cannot be made: no Region, say
            raise Misconfigured(f"The Slack secret {self._id} cannot be read: {error}") from error
        except GetParameterError as error:
            # Powertools wraps whatever the call raised, without saying what kind of error it was.
            raise self._translated(error.__context__ or error) from error
        return parse_secret(str(text))

    def _translated(self, error: BaseException) -> Misconfigured | Unavailable:
        """Translate what the call raised into one of our errors."""
        if isinstance(error, ClientError):
            if is_retryable(error_code(error), http_status(error)):
                return Unavailable(str(error))
            return Misconfigured(unreadable(self._id, error_code(error) or http_status(error)))
        if isinstance(error, LOST):
            return Unavailable(str(error))
        return Misconfigured(f"The Slack secret {self._id} cannot be read: {error}")
