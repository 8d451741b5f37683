"""
The addresses that Slack gives with a click or a command, to be answered at.

They take no token, so they are not for Slack's client; what they refuse is counted all the same.
"""

from __future__ import annotations

from http import HTTPStatus
from http.client import HTTPException
from typing import TYPE_CHECKING

from slack_sdk.webhook import WebhookClient

from bot.adapters.slack.errors import is_retryable, pause
from bot.core.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_sdk.webhook import WebhookResponse

    from bot.core.cards.messages import Message


def respond(url: str, message: Message, *, replace: bool, failed: Callable[[str], None]) -> int:
    """
    Answer at *url*; returns the status of a refusal, 0 if there was none.

    *failed* hears the code of every error. Raises Unavailable if Slack is busy.
    """
    try:
        answer = _sent(url, message, replace=replace)
    except (OSError, HTTPException) as error:
        failed(type(error).__name__)
        raise Unavailable(f"no answer from Slack: {error}") from error
    status = answer.status_code
    if status == HTTPStatus.OK:
        return 0
    failed(str(status))
    if is_retryable(status):
        raise Unavailable(f"Slack answered {status} to an answer", pause(answer.headers))
    return status


def _sent(url: str, message: Message, *, replace: bool) -> WebhookResponse:
    return WebhookClient(url, retry_handlers=[]).send(
        text=message.text,
        blocks=list(message.blocks),
        response_type="ephemeral",
        replace_original=replace,
    )
