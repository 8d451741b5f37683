"""The bot's settings, which a deployment puts into the environment of its functions."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from bot.core.errors import Misconfigured
from bot.core.jobs.queues import QueueName
from bot.core.registry.registry_id import RegistryId, parse_registry_ids

if TYPE_CHECKING:
    from collections.abc import Mapping

_SLACK_API_URL: Final = "https://slack.com/api"


@dataclass(frozen=True, slots=True)
class Settings:
    """
    What *environment* says, read when it is asked for: making this raises nothing.

    Each property raises Misconfigured for a setting that is needed and not there, or wrong.
    """

    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)

    def need(self, name: str) -> str:
        """Return the setting *name*. Raises Misconfigured if it is not set, or empty."""
        value = self.environment.get(name)
        if not value:
            raise Misconfigured(f"{name} is not set in the environment.")
        return value

    @property
    def queue_urls(self) -> Mapping[QueueName, str]:
        """The queues. QUEUE_URL alone is enough: it is that of every job that has no other."""
        jobs = self.need("QUEUE_URL")
        clicks = self.environment.get("CLICK_QUEUE_URL") or jobs
        questions = self.environment.get("QUESTION_QUEUE_URL") or clicks
        return {QueueName.CLICKS: clicks, QueueName.QUESTIONS: questions, QueueName.JOBS: jobs}

    @property
    def ledger_table(self) -> str:
        return self.need("LEDGER_TABLE")

    @property
    def slack_secret_id(self) -> str:
        """The name or the ARN of the secret in Secrets Manager."""
        return self.need("SLACK_SECRET_ID")

    @property
    def slack_api_url(self) -> str:
        """Slack's own address; another one only to point the bot at a stand-in."""
        url = self.environment.get("SLACK_API_URL") or _SLACK_API_URL
        if not _is_address(url):
            raise Misconfigured(f"SLACK_API_URL is no address such as {_SLACK_API_URL}: {url!r}.")
        return url.rstrip("/") + "/"

    @property
    def approvals_file(self) -> Path:
        """The rules file."""
        return Path(self.need("APPROVALS_FILE"))

    @property
    def own_registry(self) -> RegistryId:
        """The account and Region in which the bot itself runs."""
        registries = self._registry_ids("HOME_REGISTRY", self.need("HOME_REGISTRY"))
        if len(registries) != 1:
            raise Misconfigured("HOME_REGISTRY is not one account and Region.")
        return registries[0]

    @property
    def other_registries(self) -> tuple[RegistryId, ...]:
        """The registries that the bot serves besides its own."""
        return self._registry_ids("REGISTRIES", self.environment.get("REGISTRIES", ""))

    @property
    def decision_role_arn(self) -> str:
        """The role in which decisions are made; empty where the bot makes them in its own name."""
        return self.environment.get("DECISION_ROLE_ARN", "")

    @property
    def metrics_namespace(self) -> str:
        """The CloudWatch namespace: the stack's name, so that two stages do not share metrics."""
        return self.environment.get("POWERTOOLS_METRICS_NAMESPACE") or "ModelApprovals"

    @staticmethod
    def _registry_ids(name: str, value: str) -> tuple[RegistryId, ...]:
        try:
            return parse_registry_ids(value)
        except Misconfigured as error:
            raise Misconfigured(f"{name}: {error}") from error


def _is_address(url: str) -> bool:
    """Whether *url* is one that a request can be sent to."""
    try:
        parts = urlsplit(url)
        is_complete = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        return False
    return bool(is_complete) and url.isascii() and url.isprintable() and " " not in url
