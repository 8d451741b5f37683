"""The bot's settings, as the deployment puts them into the environment."""

from __future__ import annotations

import os
from pathlib import Path

from bot.core.errors import Misconfigured
from bot.core.registry.registry_id import RegistryId, parse_registry_ids


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


def home() -> RegistryId:
    """Where the bot itself is, as account/region. Raises Misconfigured."""
    found = _sites("HOME_REGISTRY", need("HOME_REGISTRY"))
    if len(found) != 1:
        raise Misconfigured("HOME_REGISTRY is not one account and Region.")
    return found[0]


def registries() -> tuple[RegistryId, ...]:
    """Where the bot looks at registries besides its own. Raises Misconfigured."""
    return _sites("REGISTRIES", os.environ.get("REGISTRIES", ""))


def _sites(name: str, value: str) -> tuple[RegistryId, ...]:
    try:
        return parse_registry_ids(value)
    except Misconfigured as error:
        raise Misconfigured(f"{name}: {error}") from error


def metrics_namespace() -> str:
    """Under which name CloudWatch keeps the metrics: the stack's, where the bot is deployed."""
    return os.environ.get("POWERTOOLS_METRICS_NAMESPACE") or "ModelApprovals"


def decision_role() -> str:
    """The role in which decisions are made; empty where the bot makes them in its own."""
    return os.environ.get("DECISION_ROLE_ARN", "")
