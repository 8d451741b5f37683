"""
Joins the ports to their adapters: the only file that knows all of them.

Everything is made on first use and kept, so importing a handler needs neither AWS nor secrets.
The Slack door has its own, smaller set, without boto3.
The *meter* is that of the handler that asks; it hears what AWS and Slack refuse.
"""

# ruff: noqa: PLC0415 - what is imported late is what a cold start need not pay for
from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache, lru_cache, partial
from typing import TYPE_CHECKING, Any

from bot import settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_bolt import App
    from slack_sdk import WebClient

    from bot.adapters.aws.clients import Clients
    from bot.adapters.aws.decision_session import DecisionSessions
    from bot.adapters.aws.job_queue import SqsQueue
    from bot.adapters.aws.metrics import EmfMetrics
    from bot.adapters.aws.sigv4_client import Sigv4Client
    from bot.adapters.aws.slack_secret import CachedSecret, SlackSecret
    from bot.adapters.aws.sqs_sender import SqsSender
    from bot.core.jobs.messages import Job
    from bot.core.registry.registry_id import RegistryId
    from bot.core.rules.rule import Rules
    from bot.flows.ports import Ports


def now() -> datetime:
    """The time, to the second: it is shown and stored, never compared closer."""
    return datetime.now(UTC).replace(microsecond=0)


@cache
def rules() -> Rules:
    """The rules. Raises Misconfigured, with the line and the reason, if the file is broken."""
    from bot.adapters.rules import load

    return load(settings.approvals_file())


@cache
def line(meter: EmfMetrics | None = None) -> SqsQueue:
    """The line."""
    from bot.adapters.aws.job_queue import SqsQueue

    return SqsQueue(_client("sqs", meter), settings.need("QUEUE_URL"))


@cache
def ports(meter: EmfMetrics) -> Ports:
    """All that the jobs need."""
    from bot.adapters.aws.all_registries import AllRegistries
    from bot.adapters.aws.endpoints import SageMakerDeployments
    from bot.adapters.aws.evidence_files import S3Evidence
    from bot.adapters.slack.chat import SlackChat
    from bot.adapters.slack.directory import SlackDirectory
    from bot.adapters.store.ledger import DynamoLedger
    from bot.flows.ports import Ports

    web = partial(_web_client, meter)
    return Ports(
        registry=AllRegistries(clients(meter), _decider_at),
        evidence=S3Evidence(lambda arn: clients(meter).of("s3", arn)),
        deployments=SageMakerDeployments(lambda arn: clients(meter).of("sagemaker", arn)),
        ledger=DynamoLedger(_client("dynamodb", meter), settings.need("LEDGER_TABLE")),
        chat=SlackChat(web, partial(_slack_failed, meter)),
        directory=SlackDirectory(web, time.monotonic),
        line=line(meter),
        meter=meter,
        rules=rules(),
        now=now,
    )


def ports_for(sent: str, meter: EmfMetrics) -> Ports:
    """The same, for a job that was *sent* so many milliseconds after 1970."""
    return replace(ports(meter), asked=datetime.fromtimestamp(int(sent) / 1000, UTC))


@cache
def clients(meter: EmfMetrics) -> Clients:
    """The clients for each account and Region with a registry: `clients(meter).of("s3", arn)`."""
    from bot.adapters.aws.clients import Clients

    return Clients(settings.home(), settings.registries(), partial(_client_at, meter))


def _client_at(meter: EmfMetrics, service: str, site: RegistryId) -> Any:
    """A client of *service* in the bot's own name; at a *site* elsewhere, in the role there."""
    from bot.adapters.aws.client import client

    return client(service, session=_session_at(meter, site)) if site else _client(service, meter)


@cache
def _session_at(meter: EmfMetrics, site: RegistryId) -> Any:
    from bot.adapters.aws.read_roles import session_at

    session = session_at(_client("sts", meter), site)
    _watch_aws(session, meter)
    return session


def _decider_at(site: RegistryId, sagemaker: Any) -> DecisionSessions | None:
    """Who decides at *site*: at home, nobody else than the bot where it has no role for it."""
    from bot.adapters.aws.decision_session import decision_sessions
    from bot.adapters.aws.read_roles import DECIDE, role_at

    role = role_at(site, DECIDE, sagemaker.meta.partition) if site else settings.decision_role()
    return decision_sessions(sagemaker, role)


def _client(service: str, meter: EmfMetrics | None) -> Any:
    """A client of AWS. With a *meter* its errors are counted, and those of clients made later."""
    import boto3

    from bot.adapters.aws.client import client

    if boto3.DEFAULT_SESSION is None:
        boto3.setup_default_session()
    if meter:
        _watch_aws(boto3.DEFAULT_SESSION, meter)
    return client(service)


def _watch_aws(session: Any, meter: EmfMetrics) -> None:
    from bot.adapters.aws.metrics import watch_aws

    watch_aws(session.events, lambda code: meter.count("AwsErrors", code=code))


def _web_client(meter: EmfMetrics) -> WebClient:
    """A Slack client with the token of the moment, which may have been rotated."""
    from bot.adapters.aws.slack_secret import through_powertools

    name = settings.need("SLACK_SECRET_ID")
    token = through_powertools(name).bot_token
    return _slack(meter, 10, lambda: through_powertools(name, anew=True).bot_token, token)


def _slack(
    meter: EmfMetrics, timeout: int, renewed: Callable[[], str], token: str | None = None
) -> WebClient:
    from bot.adapters.slack.web_client import RotatingTokenClient

    url, failed = settings.slack_api_url(), partial(_slack_failed, meter)
    return RotatingTokenClient(token, url, timeout=timeout, renewed=renewed, failed=failed)


def _slack_failed(meter: EmfMetrics, code: str) -> None:
    meter.count("SlackErrors", code=code)


def slack_door(event: dict[str, Any], meter: EmfMetrics) -> dict[str, Any]:
    """What the Slack door answers to *event*. Raises Misconfigured, and Unavailable."""
    from bot.adapters.slack.bolt_app import answer

    return answer(event, _slack_secret(meter), partial(_slack_app, meter))


@cache
def _lean_aws(meter: EmfMetrics) -> Sigv4Client:
    from bot.adapters.aws.sigv4_client import Sigv4Client

    return Sigv4Client(lambda code: meter.count("AwsErrors", code=code))


@cache
def _slack_secret(meter: EmfMetrics) -> CachedSecret:
    from bot.adapters.aws.slack_secret import CachedSecret

    return CachedSecret(_lean_aws(meter), settings.need("SLACK_SECRET_ID"), time.monotonic)


@lru_cache(maxsize=1)
def _slack_app(meter: EmfMetrics, secret: SlackSecret) -> App:
    from bot.adapters.slack.bolt_app import TIMEOUT, make_app
    from bot.adapters.slack.listeners import register

    client = _slack(meter, TIMEOUT, lambda: _slack_secret(meter).anew().bot_token)
    app = make_app(secret, client)
    register(app, partial(_send, meter))
    return app


def _send(meter: EmfMetrics, job: Job, key: str) -> None:
    """Put *job* in the line, and say so in the log."""
    from aws_lambda_powertools import Logger

    from bot.adapters.aws import job_log

    job_log.begin_job(logger := Logger(), job)
    _door_line(meter).send(job, key)
    logger.info("put in the line")


@cache
def _door_line(meter: EmfMetrics) -> SqsSender:
    """The line as the Slack door sends to it."""
    from bot.adapters.aws.sqs_sender import SqsSender

    return SqsSender(_lean_aws(meter), settings.need("QUEUE_URL"))
