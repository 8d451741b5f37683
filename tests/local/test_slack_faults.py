"""Outages on order: what a real client sees of them, and whether its call was carried out."""

from http.client import RemoteDisconnected

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry import ConnectionErrorRetryHandler, FixedValueRetryIntervalCalculator
from slack_sdk.webhook import WebhookClient

from infra.local.faults import Faults
from tests.local.slack_stand_in import ANN, GENERAL, TOKEN, StandIn, refused

pytest_plugins = ["tests.local.slack_fixtures"]


def say(slack: StandIn) -> None:
    slack.web.chat_postMessage(channel=GENERAL.id, text="x")


def said(slack: StandIn) -> int:
    return len(slack.state()["messages"])


def order(slack: StandIn, error: str, times: int = 1, method: str = "chat.postMessage") -> None:
    slack.act("faults", method=method, error=error, times=times)


def test_faults_are_met_in_the_order_they_were_added_and_only_by_their_method() -> None:
    faults = Faults()
    faults.add("a", "first", times=2)
    faults.add("a", "second")

    assert faults.take("b") is None
    assert [faults.take("a") for _ in range(4)] == ["first", "first", "second", None]


def test_a_fault_is_met_as_often_as_ordered_and_nothing_is_carried_out(slack: StandIn) -> None:
    order(slack, "fatal_error", times=2)

    for _ in range(2):
        with refused("fatal_error"):
            say(slack)
    assert said(slack) == 0
    say(slack)


def test_other_methods_go_on_meanwhile(slack: StandIn) -> None:
    order(slack, "fatal_error")

    assert slack.web.auth_test()["ok"]


def test_a_client_in_a_hurry_is_told_when_to_come_back(slack: StandIn) -> None:
    order(slack, "ratelimited")

    with pytest.raises(SlackApiError) as caught:
        say(slack)
    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["Retry-After"] == "1"
    assert caught.value.response["error"] == "ratelimited"


def test_a_number_is_an_http_status(slack: StandIn) -> None:
    order(slack, "503")

    with pytest.raises(SlackApiError) as caught:
        say(slack)
    assert caught.value.response.status_code == 503
    assert said(slack) == 0


def test_after_a_timeout_the_message_is_there_though_nobody_was_told(slack: StandIn) -> None:
    order(slack, "timeout")

    with pytest.raises(RemoteDisconnected):
        say(slack)
    assert said(slack) == 1


def test_a_client_that_retries_after_a_timeout_posts_twice(slack: StandIn) -> None:
    """slack_sdk does so by default, a second later: chat.postMessage knows no key of repetition."""
    order(slack, "timeout")
    at_once = ConnectionErrorRetryHandler(interval_calculator=FixedValueRetryIntervalCalculator(0))
    client = WebClient(TOKEN, base_url=slack.web.base_url, retry_handlers=[at_once])
    client.chat_postMessage(channel=GENERAL.id, text="x")

    assert said(slack) == 2


def test_a_refused_connection_carries_nothing_out(slack: StandIn) -> None:
    order(slack, "refused")

    with pytest.raises(RemoteDisconnected):
        say(slack)
    assert said(slack) == 0


def test_response_urls_fail_on_order_too(slack: StandIn) -> None:
    slack.act("command", user=ANN.id, channel=GENERAL.id, text="")
    answer = WebhookClient(slack.payload["response_url"])
    order(slack, "500", method="response_url")

    assert answer.send(text="x").status_code == 500
    assert answer.send(text="x").status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {"error": "fatal_error"},
        {"method": "chat.update"},
        {"method": "chat.update", "error": "x", "times": 0},
        {"method": "chat.update", "error": "x", "times": "often"},
        {"method": 7, "error": "x"},
    ],
)
def test_an_order_that_says_too_little_is_refused(slack: StandIn, body: dict[str, object]) -> None:
    assert slack.refusal("faults", **body)
