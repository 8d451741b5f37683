"""What all Slack adapters share: what an outage looks like, and how long to wait."""

from __future__ import annotations

import re
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPException
from math import ceil
from typing import TYPE_CHECKING, Final

from slack_sdk.errors import SlackApiError

from bot.core.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_BUSY: Final = frozenset(
    {
        "ratelimited",
        "rate_limited",
        "internal_error",
        "fatal_error",
        "service_unavailable",
        "request_timeout",
        "team_added_to_org",
    }
)


@contextmanager
def retryable_is_unavailable() -> Iterator[None]:
    """Let rate limits, server errors and lost answers be Unavailable, and the rest be itself."""
    try:
        yield
    except (OSError, HTTPException) as error:
        raise Unavailable(f"no answer from Slack: {error}") from error
    except SlackApiError as error:
        response, said = error.response, str(error.response.get("error"))
        is_a_word = re.fullmatch("[a-z0-9_]+", said)  # else some proxy answered
        if not is_a_word or said in _BUSY or is_retryable(response.status_code):
            reason = f"Slack is busy: {said}"
            raise Unavailable(reason, pause(response.headers)) from error
        raise


def is_retryable(status: int) -> bool:
    """Whether the HTTP *status* of an answer asks us to come again later."""
    return status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR


def pause(headers: Mapping[str, str]) -> int:
    """The seconds that Slack asks us to wait."""
    try:
        return ceil(float(headers.get("Retry-After", 0)))
    except (ValueError, OverflowError):
        return 0
