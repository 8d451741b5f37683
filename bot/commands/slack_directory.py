"""Who is who in Slack, for the commands: asked with the token or the secret of the environment."""

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
    Return Slack's directory; None if the environment has neither a token nor a secret.

    In that case it prints so, and what was *left_out* because of it.

    Raises Misconfigured if Slack refuses the token, Unavailable if it is busy.
    """
    if not (os.environ.get("SLACK_BOT_TOKEN") or os.environ.get("SLACK_SECRET_ID")):
        remedy = "set SLACK_BOT_TOKEN (or SLACK_SECRET_ID) to ask it."
        print(f"Slack was not asked: {left_out}; {remedy}", file=sys.stderr)
        return None
    from bot.adapters.slack.directory import SlackDirectory
    from bot.commands.bot_token import check_token, read_bot_token, slack_client

    # What the directory logs, a command says itself, in its own words.
    logging.basicConfig(handlers=[logging.NullHandler()])
    token = read_bot_token()
    check_token(token)  # with a wrong one, Slack would answer as if nobody were there
    client = slack_client(token)
    return SlackDirectory(lambda: client, time.monotonic)
