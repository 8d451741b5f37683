"""The functions that carry out jobs, and that look for what is to be done: worker and sweep."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from bot.adapters.aws.all_registries import AllRegistries
from bot.adapters.aws.decision_session import decision_sessions
from bot.adapters.aws.endpoints import SageMakerEndpoints
from bot.adapters.aws.evidence import AwsEvidence
from bot.adapters.aws.evidence_files import S3Evidence
from bot.adapters.aws.model_cards import ModelCards
from bot.adapters.aws.read_roles import DECIDE, role_arn
from bot.adapters.aws.registry_clients import RegistryClients
from bot.adapters.aws.secret_reader import SecretReader
from bot.adapters.rules import load
from bot.adapters.slack.chat import SlackChat
from bot.adapters.slack.directory import SlackDirectory
from bot.adapters.slack.web_client import RotatingTokenClient
from bot.adapters.store.ledger import DynamoLedger
from bot.core.errors import WaitsForSlot
from bot.core.registry.registry_id import OWN_REGISTRY
from bot.flows.ports import Ports
from bot.wiring.events import EventBot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
    from slack_sdk import WebClient

    from bot.adapters.aws.decision_session import DecisionSessions
    from bot.core.registry.registry_id import RegistryId


class JobBot(EventBot):
    """The functions that carry out jobs and look for them: worker and sweep."""

    def prepare(self) -> None:
        """Make the ports, and the clients that most jobs need. Raises Misconfigured."""
        _ = self.ports
        for service in ("sagemaker", "s3"):
            self._registry_clients.client(service, OWN_REGISTRY)

    @cached_property
    def ports(self) -> Ports:
        """All that the jobs need. Raises Misconfigured, also for a broken rules file."""
        clients, dynamodb = self._registry_clients, self.sessions.client("dynamodb")
        return Ports(
            registry=AllRegistries(clients, self._decision_sessions),
            evidence=AwsEvidence(
                S3Evidence(lambda arn: clients.client_for("s3", arn)),
                ModelCards(lambda arn: clients.client_for("sagemaker", arn)),
            ),
            endpoints=SageMakerEndpoints(lambda arn: clients.client_for("sagemaker", arn)),
            ledger=DynamoLedger(dynamodb, self.settings.ledger_table),
            chat=SlackChat(self._web_client, self.count_slack_error),
            directory=SlackDirectory(self._web_client, time.time),
            queue=self.queue,
            metrics=self.metrics,
            rules=load(self.settings.approvals_file),
            now=now,
            new_owner=lambda: uuid4().hex,
        )

    def ports_for(self, sent_timestamp: str, attempt: int = 1) -> Ports:
        """Return the ports for an *attempt* at a job sent so many milliseconds after 1970."""
        sent_at = datetime.fromtimestamp(int(sent_timestamp) / 1000, UTC)
        return replace(self.ports, job_sent_at=sent_at, attempt=attempt)

    @contextmanager
    def returned_on_error(self, record: SQSRecord) -> Iterator[int]:
        """
        Return the message in *record* to its queue if this fails, and count that.

        Yields which attempt at the job this is. A job that waits for a slot has not failed.
        """
        attempt, failed = int(record.attributes.approximate_receive_count), False
        try:
            source, receipt = record.event_source_arn, record.receipt_handle
            with self.queue.return_on_error(source, receipt, attempt):
                yield attempt
        except Exception as error:
            failed = not isinstance(error, WaitsForSlot)
            raise
        finally:
            self.metrics.count("Failed", int(failed))

    @cached_property
    def _registry_clients(self) -> RegistryClients:
        own, others = self.settings.own_registry, self.settings.other_registries
        return RegistryClients(own, others, self.sessions.registry_client)

    def _decision_sessions(
        self, registry_id: RegistryId, sagemaker: Any
    ) -> DecisionSessions | None:
        """Return what makes decisions in a role; None where the bot makes them in its own name."""
        if registry_id:
            role = role_arn(registry_id, DECIDE, sagemaker.meta.partition)
        else:
            role = self.settings.decision_role_arn
        return decision_sessions(self.sessions, role, sagemaker) if role else None

    @cached_property
    def _secret(self) -> SecretReader:
        return SecretReader(self.sessions, self.settings.slack_secret_id)

    def _web_client(self) -> WebClient:
        """Make a client with the current token, which may have been rotated."""
        return RotatingTokenClient(
            self._secret.read().bot_token,
            self.settings.slack_api_url,
            timeout=10,
            refresh_token=lambda: self._secret.refresh().bot_token,
            on_error=self.count_slack_error,
        )


def now() -> datetime:
    """Return the time, to the second: it is shown and stored, never compared closer."""
    return datetime.now(UTC).replace(microsecond=0)
