"""
What each Lambda function is composed of: the only file that knows all adapters.

A handler makes its bot once for the process. Making one reads and calls nothing: each part is made
on first use, and kept, so that importing a handler needs neither AWS nor secrets. Nothing is shared
between two bots.
"""

# ruff: noqa: PLC0415 - imported late, so that a function loads no more than it uses
from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any
from uuid import uuid4

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_bolt import App
    from slack_sdk import WebClient

    from bot.adapters.aws.decision_session import DecisionSessions
    from bot.adapters.aws.job_queue import SqsQueue
    from bot.adapters.aws.registry_clients import RegistryClients
    from bot.adapters.aws.secret_reader import SecretReader
    from bot.adapters.aws.sessions import Sessions
    from bot.adapters.aws.sigv4_client import Sigv4Client
    from bot.adapters.aws.slack_secret import CachedSecret, SlackSecret
    from bot.adapters.aws.sqs_sender import SqsSender
    from bot.core.jobs.messages import Job
    from bot.core.registry.registry_id import RegistryId
    from bot.flows.ports import MetricSink, Ports
    from bot.settings import Settings


class _Bot:
    """What all bots are made of: *settings*, and *metrics*, which are told of every error."""

    def __init__(self, settings: Settings, metrics: MetricSink) -> None:
        self.settings = settings
        self.metrics = metrics

    def _count_aws_error(self, code: str) -> None:
        self.metrics.count("AwsErrors", code=code)

    def _count_slack_error(self, code: str) -> None:
        self.metrics.count("SlackErrors", code=code)


class EventBot(_Bot):
    """The function that EventBridge calls: it sends jobs, and does nothing else."""

    @cached_property
    def queue(self) -> SqsQueue:
        """The queue. Raises Misconfigured."""
        from bot.adapters.aws.job_queue import SqsQueue

        return SqsQueue(self._sessions.client("sqs"), self.settings.queue_url)

    @cached_property
    def _sessions(self) -> Sessions:
        from bot.adapters.aws.sessions import Sessions

        return Sessions(self._count_aws_error)


class JobBot(EventBot):
    """The functions that carry out jobs and look for them: worker and sweep."""

    @cached_property
    def ports(self) -> Ports:
        """All that the jobs need. Raises Misconfigured, also for a broken rules file."""
        from bot.adapters.aws.all_registries import AllRegistries
        from bot.adapters.aws.endpoints import SageMakerEndpoints
        from bot.adapters.aws.evidence import AwsEvidence
        from bot.adapters.aws.evidence_files import S3Evidence
        from bot.adapters.aws.model_cards import ModelCards
        from bot.adapters.rules import load
        from bot.adapters.slack.chat import SlackChat
        from bot.adapters.slack.directory import SlackDirectory
        from bot.adapters.store.ledger import DynamoLedger
        from bot.flows.ports import Ports

        clients, dynamodb = self._registry_clients, self._sessions.client("dynamodb")
        return Ports(
            registry=AllRegistries(clients, self._decision_sessions),
            evidence=AwsEvidence(
                S3Evidence(lambda arn: clients.client_for("s3", arn)),
                ModelCards(lambda arn: clients.client_for("sagemaker", arn)),
            ),
            endpoints=SageMakerEndpoints(lambda arn: clients.client_for("sagemaker", arn)),
            ledger=DynamoLedger(dynamodb, self.settings.ledger_table),
            chat=SlackChat(self._web_client, self._count_slack_error),
            directory=SlackDirectory(self._web_client, time.monotonic),
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

    @cached_property
    def _registry_clients(self) -> RegistryClients:
        from bot.adapters.aws.registry_clients import RegistryClients

        own, others = self.settings.own_registry, self.settings.other_registries
        return RegistryClients(own, others, self._sessions.registry_client)

    def _decision_sessions(
        self, registry_id: RegistryId, sagemaker: Any
    ) -> DecisionSessions | None:
        """Return what makes decisions in a role; None where the bot makes them in its own name."""
        from bot.adapters.aws.decision_session import decision_sessions
        from bot.adapters.aws.read_roles import DECIDE, role_arn

        if registry_id:
            role = role_arn(registry_id, DECIDE, sagemaker.meta.partition)
        else:
            role = self.settings.decision_role_arn
        return decision_sessions(self._sessions, role, sagemaker) if role else None

    @cached_property
    def _secret(self) -> SecretReader:
        from bot.adapters.aws.secret_reader import SecretReader

        return SecretReader(self._sessions, self.settings.slack_secret_id)

    def _web_client(self) -> WebClient:
        """Make a client with the current token, which may have been rotated."""
        from bot.adapters.slack.web_client import RotatingTokenClient

        return RotatingTokenClient(
            self._secret.read().bot_token,
            self.settings.slack_api_url,
            timeout=10,
            refresh_token=lambda: self._secret.refresh().bot_token,
            on_error=self._count_slack_error,
        )


class SlackRequestBot(_Bot):
    """
    The function that Slack calls. It uses no boto3, which takes too long to load from cold.

    *clock* counts seconds.
    """

    def __init__(
        self,
        settings: Settings,
        metrics: MetricSink,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(settings, metrics)
        self._clock = clock
        self._app = lru_cache(maxsize=1)(self._new_app)

    def handle(self, event: dict[str, Any]) -> dict[str, Any]:
        """Answer an HTTP API event. Raises Misconfigured, and Unavailable."""
        from bot.adapters.slack.bolt_app import handle_slack_request

        return handle_slack_request(event, self._secret, self._app)

    @cached_property
    def _aws(self) -> Sigv4Client:
        from bot.adapters.aws.sigv4_client import Sigv4Client

        return Sigv4Client(self.settings, self._count_aws_error)

    @cached_property
    def _secret(self) -> CachedSecret:
        from bot.adapters.aws.slack_secret import CachedSecret

        return CachedSecret(self._aws, self.settings.slack_secret_id, self._clock)

    @cached_property
    def _queue(self) -> SqsSender:
        from bot.adapters.aws.sqs_sender import SqsSender

        return SqsSender(self._aws, self.settings.queue_url)

    def _new_app(self, secret: SlackSecret) -> App:
        from bot.adapters.slack.bolt_app import TIMEOUT, make_app
        from bot.adapters.slack.listeners import register
        from bot.adapters.slack.web_client import RotatingTokenClient

        client = RotatingTokenClient(
            None,
            self.settings.slack_api_url,
            timeout=TIMEOUT,
            refresh_token=lambda: self._secret.refresh().bot_token,
            on_error=self._count_slack_error,
        )
        app = make_app(secret, client)
        register(app, self._send)
        return app

    def _send(self, job: Job, key: str) -> None:
        """Send *job* to the queue, and log that."""
        from aws_lambda_powertools import Logger

        from bot.adapters.aws import job_log

        job_log.begin_job(logger := Logger(), job)
        self._queue.send(job, key)
        logger.info("Job sent to the queue")


def now() -> datetime:
    """Return the time, to the second: it is shown and stored, never compared closer."""
    return datetime.now(UTC).replace(microsecond=0)
