"""The AWS of these tests, and a recorder of the calls that an adapter makes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import boto3
from botocore.config import Config

from bot.adapters.aws.all_registries import AllRegistries
from bot.adapters.aws.decision_session import DecisionSessions, client_like
from bot.adapters.aws.read_roles import DECIDE, role_arn
from bot.adapters.aws.registry_clients import RegistryClients
from bot.adapters.aws.sessions import remote_session
from bot.core.jobs.queues import QueueName
from infra.local.aws import ACCESS_KEY, SECRET_KEY
from infra.local.deployment import REGION
from tests.doubles.builders import HERE, THERE

if TYPE_CHECKING:
    from bot.core.registry.registry_id import RegistryId
    from infra.local.faults import Faults

SLACK_SECRET: Final = {"bot_token": "xoxb-of-the-tests", "signing_secret": "signed-by-the-tests"}
BUSY: Final = ("ThrottlingException", "500", "503", "timeout", "refused")
"""Faults: too many calls, two server errors, a lost answer, a lost call."""


@dataclass(frozen=True, slots=True)
class Aws:
    """The address of AWS, its faults, and the settings of what was deployed there."""

    url: str
    faults: Faults
    settings: dict[str, str]

    def client(self, service: str) -> Any:
        """A client of its own for each test; it tries once, so one fault is an outage."""
        return boto3.client(
            service,
            endpoint_url=self.url,
            region_name=REGION,
            aws_access_key_id=ACCESS_KEY,
            aws_secret_access_key=SECRET_KEY,
            config=Config(retries={"total_max_attempts": 1}),
        )


def clients(aws: Aws, sts: Any = None) -> RegistryClients:
    """The bot's clients of its own and of another registry; they try once as well."""
    own, once = sts or aws.client("sts"), Config(retries={"total_max_attempts": 1})

    def make(service: str, registry_id: RegistryId) -> Any:
        if not registry_id:
            return aws.client(service)
        return remote_session(own, registry_id).client(service, endpoint_url=aws.url, config=once)

    return RegistryClients(HERE, [THERE], make)


def registries(aws: Aws, sts: Any = None) -> AllRegistries:
    """Both registries, with a decision role in each."""
    own, role = sts or aws.client("sts"), aws.settings["DECISION_ROLE_ARN"]

    def decider_at(registry_id: RegistryId, sagemaker: Any) -> DecisionSessions:
        there = role_arn(registry_id, DECIDE, "aws") if registry_id else role
        return DecisionSessions(own, there, partial(client_like, boto3.Session(), sagemaker))

    return AllRegistries(clients(aws, own), decider_at)


def recorded(client: Any) -> list[tuple[str, dict[str, Any]]]:
    """The calls that *client* makes from now on: operation and parameters."""
    calls: list[tuple[str, dict[str, Any]]] = []

    def keep(params: dict[str, Any], model: Any, **_: Any) -> None:
        calls.append((model.name, params))

    client.meta.events.register("provide-client-params", keep)
    return calls


def in_one(url: str) -> dict[QueueName, str]:
    """One queue for all jobs."""
    return dict.fromkeys(QueueName, url)
