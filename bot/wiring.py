"""
Joins the ports to their adapters: the only file that knows all of them.

Everything is made on first use and kept, so importing a handler needs neither AWS nor secrets.
The Slack door has its own, smaller set; boto3 comes into it only with the first message it sends.
"""

# ruff: noqa: PLC0415 - what is imported late is what a cold start need not pay for
from __future__ import annotations

import time
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from bot import settings

if TYPE_CHECKING:
    from slack_bolt import App

    from bot.adapters.line import SqsLine
    from bot.adapters.secret import LeanSecret, SlackSecret
    from bot.core.rules import Rules
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
def line() -> SqsLine:
    """The line."""
    from bot.adapters.aws import client
    from bot.adapters.line import SqsLine

    return SqsLine(client("sqs"), settings.need("LINE_QUEUE_URL"))


@cache
def _door_line() -> SqsLine:
    """The line as the Slack door sends to it: in haste."""
    from bot.adapters.aws import HASTY, client
    from bot.adapters.line import SqsLine

    return SqsLine(client("sqs", HASTY), settings.need("LINE_QUEUE_URL"))


@cache
def ports() -> Ports:
    """All that the errands need."""
    from bot.adapters.aws import client
    from bot.adapters.chat import SlackChat
    from bot.adapters.decider import decider
    from bot.adapters.directory import SlackDirectory
    from bot.adapters.evidence import S3Evidence
    from bot.adapters.ledger import DynamoLedger
    from bot.adapters.registry import SageMakerRegistry
    from bot.flows.ports import Ports

    sagemaker = client("sagemaker")
    return Ports(
        registry=SageMakerRegistry(sagemaker, decider(sagemaker, settings.decision_role())),
        evidence=S3Evidence(client("s3")),
        ledger=DynamoLedger(client("dynamodb"), settings.need("LEDGER_TABLE")),
        chat=SlackChat(_web_client),
        directory=SlackDirectory(_web_client, time.monotonic),
        line=line(),
        rules=rules(),
        now=now,
    )


def _web_client() -> Any:
    """A Slack client with the token of the moment, which may have been rotated."""
    from slack_sdk import WebClient

    from bot.adapters.secret import through_powertools

    token = through_powertools(settings.need("SLACK_SECRET_ID")).bot_token
    return WebClient(token, base_url=settings.slack_api_url(), timeout=10, retry_handlers=[])


def slack_app() -> App:
    """The Slack door, made for the secret as it is at this moment."""
    return _slack_app(_slack_secret()())


@cache
def _slack_secret() -> LeanSecret:
    from bot.adapters.secret import LeanSecret

    return LeanSecret(settings.need("SLACK_SECRET_ID"), time.monotonic)


@lru_cache(maxsize=1)
def _slack_app(secret: SlackSecret) -> App:
    from bot.adapters.bolt import make_app
    from bot.adapters.listeners import register

    app = make_app(secret, settings.slack_api_url())
    register(app, lambda errand, key: _door_line().send(errand, key))
    return app
