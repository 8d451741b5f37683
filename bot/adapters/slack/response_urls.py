"""
The URLs that Slack gives with a click or a command, for the answer to it.

They take no token, so Slack's client does not serve them; their errors are counted all the same.
"""

from __future__ import annotations

from http import HTTPStatus
from http.client import HTTPException
from typing import TYPE_CHECKING

from slack_sdk.webhook import WebhookClient

from bot.adapters.aws.tls import TLS
from bot.adapters.slack.errors import is_retryable, retry_after
from bot.core.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_sdk.webhook import WebhookResponse

    from bot.core.cards.messages import Message


def respond(url: str, message: Message, *, replace: bool, on_error: Callable[[str], None]) -> int:
    """
    Send *message* to *url*; returns the HTTP status of a refusal, 0 if there was none.

    *on_error* is told the code of every error. Raises Unavailable if Slack is busy.
    """
    try:
        response = _send(url, message, replace=replace)
    except (OSError, HTTPException) as error:
        on_error(type(error).__name__)
        raise Unavailable(f"no answer from Slack: {error}") from error
    status = response.status_code
    if status == HTTPStatus.OK:
        return 0
    on_error(str(status))
    if is_retryable(status):
        reason = f"Slack answered {status} to an answer"
        raise Unavailable(reason, retry_after(response.headers))
    return status


def _send(url: str, message: Message, *, replace: bool) -> WebhookResponse:
    return WebhookClient(url, ssl=TLS, retry_handlers=[]).send(
        text=message.text,
        blocks=list(message.blocks),
        response_type="ephemeral",
        replace_original=replace,
    )
