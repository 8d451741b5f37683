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

    from bot.adapters.clients import Clients
    from bot.adapters.decider import Decider
    from bot.adapters.lean import LeanAws
    from bot.adapters.lean_line import LeanLine
    from bot.adapters.line import SqsLine
    from bot.adapters.meter import EmfMeter
    from bot.adapters.secret import LeanSecret, SlackSecret
    from bot.core.errands import Errand
    from bot.core.rules import Rules
    from bot.core.sites import Site
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
def line(meter: EmfMeter | None = None) -> SqsLine:
    """The line."""
    from bot.adapters.line import SqsLine

    return SqsLine(_client("sqs", meter), settings.need("LINE_QUEUE_URL"))


@cache
def ports(meter: EmfMeter) -> Ports:
    """All that the errands need."""
    from bot.adapters.chat import SlackChat
    from bot.adapters.deployments import SageMakerDeployments
    from bot.adapters.directory import SlackDirectory
    from bot.adapters.evidence import S3Evidence
    from bot.adapters.ledger import DynamoLedger
    from bot.adapters.registries import Registries
    from bot.flows.ports import Ports

    web = partial(_web_client, meter)
    return Ports(
        registry=Registries(clients(meter), _decider_at),
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


def ports_for(sent: str, meter: EmfMeter) -> Ports:
    """The same, for an errand that was *sent* so many milliseconds after 1970."""
    return replace(ports(meter), asked=datetime.fromtimestamp(int(sent) / 1000, UTC))


@cache
def clients(meter: EmfMeter) -> Clients:
    """The clients for each account and Region with a registry: `clients(meter).of("s3", arn)`."""
    from bot.adapters.clients import Clients

    return Clients(settings.home(), settings.registries(), partial(_client_at, meter))


def _client_at(meter: EmfMeter, service: str, site: Site) -> Any:
    """A client of *service* in the bot's own name; at a *site* elsewhere, in the role there."""
    from bot.adapters.aws import client

    return client(service, session=_session_at(meter, site)) if site else _client(service, meter)


@cache
def _session_at(meter: EmfMeter, site: Site) -> Any:
    from bot.adapters.lent import session_at

    session = session_at(_client("sts", meter), site)
    _watch_aws(session, meter)
    return session


def _decider_at(site: Site, sagemaker: Any) -> Decider | None:
    """Who decides at *site*: at home, nobody else than the bot where it has no role for it."""
    from bot.adapters.decider import decider
    from bot.adapters.lent import DECIDE, role_at

    role = role_at(site, DECIDE, sagemaker.meta.partition) if site else settings.decision_role()
    return decider(sagemaker, role)


def _client(service: str, meter: EmfMeter | None) -> Any:
    """A client of AWS. With a *meter* its errors are counted, and those of clients made later."""
    import boto3

    from bot.adapters.aws import client

    if boto3.DEFAULT_SESSION is None:
        boto3.setup_default_session()
    if meter:
        _watch_aws(boto3.DEFAULT_SESSION, meter)
    return client(service)


def _watch_aws(session: Any, meter: EmfMeter) -> None:
    from bot.adapters.meter import watch_aws

    watch_aws(session.events, lambda code: meter.count("AwsErrors", code=code))


def _web_client(meter: EmfMeter) -> WebClient:
    """A Slack client with the token of the moment, which may have been rotated."""
    from bot.adapters.secret import through_powertools

    name = settings.need("SLACK_SECRET_ID")
    token = through_powertools(name).bot_token
    return _slack(meter, 10, lambda: through_powertools(name, anew=True).bot_token, token)


def _slack(
    meter: EmfMeter, timeout: int, renewed: Callable[[], str], token: str | None = None
) -> WebClient:
    from bot.adapters.web import LastingClient

    url, failed = settings.slack_api_url(), partial(_slack_failed, meter)
    return LastingClient(token, url, timeout=timeout, renewed=renewed, failed=failed)


def _slack_failed(meter: EmfMeter, code: str) -> None:
    meter.count("SlackErrors", code=code)


def slack_door(event: dict[str, Any], meter: EmfMeter) -> dict[str, Any]:
    """What the Slack door answers to *event*. Raises Misconfigured, and Unavailable."""
    from bot.adapters.bolt import answer

    return answer(event, _slack_secret(meter), partial(_slack_app, meter))


@cache
def _lean_aws(meter: EmfMeter) -> LeanAws:
    from bot.adapters.lean import LeanAws

    return LeanAws(lambda code: meter.count("AwsErrors", code=code))


@cache
def _slack_secret(meter: EmfMeter) -> LeanSecret:
    from bot.adapters.secret import LeanSecret

    return LeanSecret(_lean_aws(meter), settings.need("SLACK_SECRET_ID"), time.monotonic)


@lru_cache(maxsize=1)
def _slack_app(meter: EmfMeter, secret: SlackSecret) -> App:
    from bot.adapters.bolt import TIMEOUT, make_app
    from bot.adapters.listeners import register

    client = _slack(meter, TIMEOUT, lambda: _slack_secret(meter).anew().bot_token)
    app = make_app(secret, client)
    register(app, partial(_send, meter))
    return app


def _send(meter: EmfMeter, errand: Errand, key: str) -> None:
    """Put *errand* in the line, and say so in the log."""
    from aws_lambda_powertools import Logger

    from bot.adapters import log

    log.begin(logger := Logger(), errand)
    _door_line(meter).send(errand, key)
    logger.info("put in the line")


@cache
def _door_line(meter: EmfMeter) -> LeanLine:
    """The line as the Slack door sends to it."""
    from bot.adapters.lean_line import LeanLine

    return LeanLine(_lean_aws(meter), settings.need("LINE_QUEUE_URL"))
