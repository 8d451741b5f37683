"""
A Slack client that outlives its token.

A token can be revoked at any moment, and the new one is in Secrets Manager by then. So when Slack
does not accept the token any more, it is read again and the call is made once more. What Slack
refused for its token it did not do, so nothing is done twice.
"""

from __future__ import annotations

import re
from http.client import HTTPException
from typing import TYPE_CHECKING, Any, Final

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.adapters.aws.deadline import FOR_QUEUE, NO_DEADLINE
from bot.adapters.aws.tls import TLS
from bot.core.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.adapters.aws.deadline import Deadline

_TOKEN_ERRORS: Final = frozenset(
    {"invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive"}
)
"""The codes of a token that Slack does not accept (the common errors of every Web API method)."""
_CODE: Final = re.compile("[a-z0-9_]{1,60}")
"""What Slack's error codes look like; anything else is some proxy's text."""


class RotatingTokenClient(WebClient):
    """
    Slack's client, without retries of its own.

    *refresh_token* reads the current token; *on_error* is told the code of every error. A call may
    take *timeout* seconds, and less if less is left until the *deadline*.
    """

    def __init__(  # noqa: PLR0913 - what a client is made with
        self,
        token: str | None,
        url: str,
        *,
        timeout: int,
        refresh_token: Callable[[], str],
        on_error: Callable[[str], None],
        deadline: Deadline = NO_DEADLINE,
    ) -> None:
        super().__init__(token, base_url=url, timeout=timeout, ssl=TLS, retry_handlers=[])
        self._refresh_token = refresh_token
        self._on_error = on_error
        self._most = timeout
        self._deadline = deadline

    def api_call(self, *args: Any, **kwargs: Any) -> Any:
        """Call Slack, if need be with a new token. Raises Unavailable if it is not accepted."""
        result = self._attempt(args, kwargs)
        if isinstance(result, SlackApiError) and self.token != (token := self._refresh_token()):
            self.token = token
            result = self._attempt(args, kwargs)
        if isinstance(result, SlackApiError):
            code = result.response["error"]
            raise Unavailable(f"Slack does not accept the bot's token: {code}") from result
        return result

    def _attempt(self, args: Any, kwargs: dict[str, Any]) -> Any:
        """Return Slack's response, or its error if that is about the token. Raises the others."""
        seconds = self._deadline.seconds(self._most, keep=FOR_QUEUE)
        self.timeout = seconds  # type: ignore[assignment]  # fractions are taken as well
        try:
            return super().api_call(*args, **kwargs)
        except SlackApiError as error:
            code = str(error.response.get("error"))
            self._on_error(code if _CODE.fullmatch(code) else str(error.response.status_code))
            if code not in _TOKEN_ERRORS:
                raise
            return error
        except (OSError, HTTPException) as error:
            self._on_error(type(error).__name__)
            raise
