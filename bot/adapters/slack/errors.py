"""What all Slack adapters share: which errors are temporary, and how long Slack asks to wait."""

from __future__ import annotations

import re
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPException
from math import ceil
from typing import TYPE_CHECKING, Final

from slack_sdk.errors import SlackApiError

from bot.core.errors import Throttled, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_RATE_LIMITED_CODES: Final = frozenset({"ratelimited", "rate_limited"})
"""The codes of a rate limit (the common errors of every method; chat.postMessage's own)."""
_RETRYABLE_CODES: Final = frozenset(
    {
        "internal_error",
        "fatal_error",
        "service_unavailable",
        "request_timeout",
        "team_added_to_org",
    }
)
"""
The codes of other errors that pass (the common errors of every Web API method; team_added_to_org
while a workspace moves into an Enterprise organization).
"""


@contextmanager
def retryable_is_unavailable() -> Iterator[None]:
    """
    Raise Throttled for rate limits, Unavailable for server errors and lost answers.

    Leaves the rest alone.
    """
    try:
        yield
    except (OSError, HTTPException) as error:
        raise Unavailable(f"no answer from Slack: {error}") from error
    except SlackApiError as error:
        response, code = error.response, str(error.response.get("error"))
        if code in _RATE_LIMITED_CODES or response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            raise Throttled(f"Slack is busy: {code}", retry_after(response.headers)) from error
        is_a_code = re.fullmatch("[a-z0-9_]+", code)  # else a proxy answered
        if not is_a_code or code in _RETRYABLE_CODES or is_retryable(response.status_code):
            raise Unavailable(f"Slack is busy: {code}", retry_after(response.headers)) from error
        raise


def is_retryable(http_status: int) -> bool:
    """Return whether the same call may succeed later."""
    is_server_error = http_status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return http_status == HTTPStatus.TOO_MANY_REQUESTS or is_server_error


def retry_after(headers: Mapping[str, str]) -> int:
    """Return the seconds that Slack asks us to wait (Slack, "Rate limits")."""
    try:
        return ceil(float(headers.get("Retry-After", 0)))
    except (ValueError, OverflowError):
        return 0
