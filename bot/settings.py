"""The bot's settings. What Lambda tells every function, `adapters/secret.py` reads itself."""

from __future__ import annotations

import os
from pathlib import Path

from bot.core.errors import Misconfigured


def need(name: str) -> str:
    """The setting *name*. Raises Misconfigured if it is not set."""
    value = os.environ.get(name)
    if not value:
        raise Misconfigured(f"{name} is not set in the environment.")
    return value


def approvals_file() -> Path:
    """Where the rules are."""
    return Path(need("APPROVALS_FILE"))


def slack_api_url() -> str:
    """Where Slack is; another address only to point the bot at a stand-in."""
    return os.environ.get("SLACK_API_URL", "https://slack.com/api").rstrip("/") + "/"


def decision_role() -> str:
    """The role in which decisions are made; empty where the bot makes them in its own."""
    return os.environ.get("DECISION_ROLE_ARN", "")
