"""No call of Slack reads the certificates of the authorities again: all share one context."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.web import base_client
from slack_sdk.webhook import client as webhook_client

from bot.adapters.aws.sigv4_client import Sigv4Client
from bot.adapters.aws.tls import TLS
from bot.adapters.slack.response_urls import respond
from bot.adapters.slack.web_client import RotatingTokenClient
from bot.core.cards.messages import message
from bot.core.errors import Unavailable
from bot.settings import Settings


def test_every_call_of_slack_has_the_context_of_the_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    contexts: list[Any] = []

    def urlopen(_request: Any, *, context: Any, **_: Any) -> Any:
        contexts.append(context)
        raise OSError("no network here")

    for module in (base_client, webhook_client):
        monkeypatch.setattr(module, "urlopen", urlopen)
    client = RotatingTokenClient(
        "xoxb", "https://slack/api/", timeout=1, refresh_token=lambda: "xoxb", on_error=print
    )
    for _ in range(2):
        with pytest.raises(OSError, match="no network"):
            client.api_call("auth.test")
    with pytest.raises(Unavailable):
        respond("https://hooks/1", message(("x",), []), replace=False, on_error=print)

    assert contexts == [TLS] * 3


def test_the_signed_calls_of_aws_have_it_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[Any] = []
    monkeypatch.setattr(
        "bot.adapters.aws.sigv4_client.PoolManager", lambda **more: given.append(more)
    )
    Sigv4Client(Settings({}), print)

    assert [more["ssl_context"] for more in given] == [TLS]
