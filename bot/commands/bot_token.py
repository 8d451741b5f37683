"""The bot's token for the commands: from the environment, or from the bot's secret."""

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


def read_bot_token() -> str:
    """Return SLACK_BOT_TOKEN, or the token in SLACK_SECRET_ID's secret. Raises Misconfigured."""
    if token := os.environ.get("SLACK_BOT_TOKEN", "").strip():
        return token
    secret_id = os.environ.get("SLACK_SECRET_ID")
    if not secret_id:
        raise Misconfigured("Neither SLACK_BOT_TOKEN nor SLACK_SECRET_ID is set.")
    return SecretReader(Sessions(), secret_id).read().bot_token


def slack_client(token: str | None = None) -> WebClient:
    """Make a client of Slack; without *token*, each call must name one."""
    url = Settings().slack_api_url
    return WebClient(token, base_url=url, timeout=10, retry_handlers=[])


def check_token(token: str) -> Any:
    """Return whose *token* it is, as auth.test says. Raises Misconfigured if Slack refuses it."""
    try:
        with retryable_is_unavailable():
            return slack_client(token).auth_test()
    except SlackApiError as error:
        code = error.response["error"]
        raise Misconfigured(f"Slack does not take the bot's token: {code}.") from error
