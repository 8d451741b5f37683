"""Slack for a terminal: who is who, asked with the token or the secret of the environment."""

# ruff: noqa: PLC0415 - what is imported late is what a command without Slack need not pay for
from __future__ import annotations

import logging
import os
import time
from typing import TYPE_CHECKING

from bot import settings
from bot.core.errors import Misconfigured

if TYPE_CHECKING:
    from slack_sdk import WebClient

    from bot.flows.ports import Directory


def directory() -> Directory | None:
    """
    Who is who in Slack; None if the environment has neither a token nor a secret.

    Raises Misconfigured if Slack does not take the token, Unavailable if it is busy.
    """
    token, secret = os.environ.get("SLACK_BOT_TOKEN"), os.environ.get("SLACK_SECRET_ID")
    if not (token or secret):
        return None
    from bot.adapters.directory import SlackDirectory

    # What the directory logs, a command says itself, in its own words.
    logging.basicConfig(handlers=[logging.NullHandler()])
    web = _taken(token or _token_in_the_secret(str(secret)))
    return SlackDirectory(lambda: web, time.monotonic)


def _taken(token: str) -> WebClient:
    """
    A client with *token*, which Slack takes.

    With another, Slack would answer every question with a no, as if nobody were there.
    """
    from slack_sdk import WebClient
    from slack_sdk.errors import SlackApiError

    from bot.adapters.slack import slack_is_busy

    web = WebClient(token, base_url=settings.slack_api_url(), timeout=10, retry_handlers=[])
    try:
        with slack_is_busy():
            web.auth_test()
    except SlackApiError as error:
        raise Misconfigured(f"Slack does not take the token: {error.response['error']}") from error
    return web


def _token_in_the_secret(name: str) -> str:
    """The bot's token. Raises Misconfigured, also if AWS does not give the secret."""
    from aws_lambda_powertools.utilities.parameters.exceptions import GetParameterError
    from botocore.exceptions import BotoCoreError

    from bot.adapters.secret import through_powertools

    try:
        return through_powertools(name).bot_token
    except (GetParameterError, BotoCoreError) as error:
        raise Misconfigured(f"SLACK_SECRET_ID: {name} cannot be read: {error}") from error
