"""
A Slack client that outlives its token.

A token can be revoked at any moment, and the new one is in Secrets Manager by then. So when Slack
does not know the token any more, it is read anew and the call is made once more. What Slack
refused for its token it did not do, so nothing is done twice.
"""

from __future__ import annotations

import re
from http.client import HTTPException
from typing import TYPE_CHECKING, Any, Final

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.core.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

_SPENT: Final = frozenset(
    {"invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive"}
)
_WORD: Final = re.compile("[a-z0-9_]{1,60}")


class RotatingTokenClient(WebClient):
    """Slack's client. *renewed* reads the token anew; *failed* hears the code of every error."""

    def __init__(
        self,
        token: str | None,
        url: str,
        *,
        timeout: int,
        renewed: Callable[[], str],
        failed: Callable[[str], None],
    ) -> None:
        super().__init__(token, base_url=url, timeout=timeout, retry_handlers=[])
        self._renewed = renewed
        self._failed = failed

    def api_call(self, *which: Any, **what: Any) -> Any:
        """Call Slack, if need be with a new token. Raises Unavailable if that is no good either."""
        said = self._attempt(which, what)
        if isinstance(said, SlackApiError) and self.token != (token := self._renewed()):
            self.token = token
            said = self._attempt(which, what)
        if isinstance(said, SlackApiError):
            why = said.response["error"]
            raise Unavailable(f"Slack does not accept the bot's token: {why}") from said
        return said

    def _attempt(self, which: Any, what: dict[str, Any]) -> Any:
        """Slack's answer, or its error if that is about the token. Raises any other error."""
        try:
            return super().api_call(*which, **what)
        except SlackApiError as error:
            said = str(error.response.get("error"))
            self._failed(said if _WORD.fullmatch(said) else str(error.response.status_code))
            if said not in _SPENT:
                raise
            return error
        except (OSError, HTTPException) as error:
            self._failed(type(error).__name__)
            raise
