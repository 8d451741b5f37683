"""Faults: what a real client sees of them, and whether its call was executed."""

from http.client import RemoteDisconnected

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry import ConnectionErrorRetryHandler, FixedValueRetryIntervalCalculator
from slack_sdk.webhook import WebhookClient

from infra.local.faults import Faults
from tests.local.slack_stand_in import ANN, GENERAL, TOKEN, StandIn, refused

pytest_plugins = ["tests.local.slack_fixtures"]


def post(slack: StandIn) -> None:
    slack.web.chat_postMessage(channel=GENERAL.id, text="x")


def posted(slack: StandIn) -> int:
    return len(slack.state()["messages"])


def order(slack: StandIn, error: str, times: int = 1, method: str = "chat.postMessage") -> None:
    slack.act("faults", method=method, error=error, times=times)


def test_faults_apply_in_order_and_to_their_method_only() -> None:
    faults = Faults()
    faults.add("a", "first", times=2)
    faults.add("a", "second")

    assert faults.take("b") is None
    assert [faults.take("a") for _ in range(4)] == ["first", "first", "second", None]


def test_a_fault_applies_as_often_as_ordered_and_nothing_is_done(slack: StandIn) -> None:
    order(slack, "fatal_error", times=2)

    for _ in range(2):
        with refused("fatal_error"):
            post(slack)
    assert posted(slack) == 0
    post(slack)


def test_a_fault_does_not_affect_other_methods(slack: StandIn) -> None:
    order(slack, "fatal_error")

    assert slack.web.auth_test()["ok"]


def test_a_rate_limited_client_is_told_how_long_to_wait(slack: StandIn) -> None:
    order(slack, "ratelimited")

    with pytest.raises(SlackApiError) as caught:
        post(slack)
    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["Retry-After"] == "1"
    assert caught.value.response["error"] == "ratelimited"


def test_a_fault_says_how_long_a_rate_limited_client_is_told_to_wait(slack: StandIn) -> None:
    order(slack, "ratelimited:30")

    with pytest.raises(SlackApiError) as caught:
        post(slack)
    assert caught.value.response.headers["Retry-After"] == "30"
    assert caught.value.response["error"] == "ratelimited"
    assert posted(slack) == 0


def test_a_number_is_an_http_status(slack: StandIn) -> None:
    order(slack, "503")

    with pytest.raises(SlackApiError) as caught:
        post(slack)
    assert caught.value.response.status_code == 503
    assert posted(slack) == 0


def test_after_a_timeout_the_message_was_posted_although_there_was_no_answer(
    slack: StandIn,
) -> None:
    order(slack, "timeout")

    with pytest.raises(RemoteDisconnected):
        post(slack)
    assert posted(slack) == 1


def test_a_client_that_retries_after_a_timeout_posts_twice(slack: StandIn) -> None:
    """slack_sdk does so by default, a second later: chat.postMessage has no idempotency key."""
    order(slack, "timeout")
    at_once = ConnectionErrorRetryHandler(interval_calculator=FixedValueRetryIntervalCalculator(0))
    client = WebClient(TOKEN, base_url=slack.web.base_url, retry_handlers=[at_once])
    client.chat_postMessage(channel=GENERAL.id, text="x")

    assert posted(slack) == 2


def test_after_a_refused_connection_nothing_was_posted(slack: StandIn) -> None:
    order(slack, "refused")

    with pytest.raises(RemoteDisconnected):
        post(slack)
    assert posted(slack) == 0


def test_response_urls_can_fail_too(slack: StandIn) -> None:
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
def test_an_incomplete_fault_is_refused(slack: StandIn, body: dict[str, object]) -> None:
    assert slack.refusal("faults", **body)
