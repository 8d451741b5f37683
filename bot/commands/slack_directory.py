"""Slack for a terminal: who is who, asked with the token or the secret of the environment."""

# ruff: noqa: T201 - this is what a terminal reads
# ruff: noqa: PLC0415 - what is imported late is what a command without Slack need not pay for
from __future__ import annotations

import logging
import os
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.flows.ports import Directory


def directory(left_out: str) -> Directory | None:
    """
    Who is who in Slack; None if the environment has neither a token nor a secret.

    Then whoever runs the command is told so, and what was *left_out* for it.

    Raises Misconfigured if Slack does not take the token, Unavailable if it is busy.
    """
    if not (os.environ.get("SLACK_BOT_TOKEN") or os.environ.get("SLACK_SECRET_ID")):
        how = "set SLACK_BOT_TOKEN (or SLACK_SECRET_ID) to ask it."
        print(f"Slack was not asked: {left_out}; {how}", file=sys.stderr)
        return None
    from bot.adapters.slack.directory import SlackDirectory
    from bot.commands.bot_token import of_the_bot, tried, web

    # What the directory logs, a command says itself, in its own words.
    logging.basicConfig(handlers=[logging.NullHandler()])
    token = of_the_bot()
    tried(token)  # with another, Slack would answer every question as if nobody were there
    client = web(token)
    return SlackDirectory(lambda: client, time.monotonic)
