"""The bot's token, for somebody at a terminal: of the environment, or of the bot's secret."""

from __future__ import annotations

import os
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.adapters.aws.secret_reader import SecretReader
from bot.adapters.aws.sessions import Sessions
from bot.adapters.slack.errors import retryable_is_unavailable
from bot.core.errors import Misconfigured
from bot.settings import Settings


def of_the_bot() -> str:
    """SLACK_BOT_TOKEN, or the one in the secret SLACK_SECRET_ID. Raises Misconfigured."""
    if found := os.environ.get("SLACK_BOT_TOKEN", "").strip():
        return found
    name = os.environ.get("SLACK_SECRET_ID")
    if not name:
        raise Misconfigured("Neither SLACK_BOT_TOKEN nor SLACK_SECRET_ID is set.")
    return SecretReader(Sessions(), name).read().bot_token


def web(token: str | None = None) -> WebClient:
    """A client of Slack; without a *token*, whoever calls says with which one."""
    return WebClient(token, base_url=Settings().slack_api_url, timeout=10, retry_handlers=[])


def tried(token: str) -> Any:
    """What Slack says of whose *token* it is. Raises Misconfigured if it does not take it."""
    try:
        with retryable_is_unavailable():
            return web(token).auth_test()
    except SlackApiError as error:
        said = error.response["error"]
        raise Misconfigured(f"Slack does not take the bot's token: {said}.") from error
