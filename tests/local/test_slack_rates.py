"""Slack's rate limits: off by default, and exact when they are on."""

from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from infra.local.slack.api import METHODS
from infra.local.slack.rates import A_MINUTE, BURST
from infra.local.slack.workspace import Channel
from tests.local.slack_stand_in import GENERAL, StandIn

pytest_plugins = ["tests.local.slack_fixtures"]

OTHER = Channel("C0OTHER", "other")


def post(slack: StandIn, channel: Channel = GENERAL) -> None:
    slack.web.chat_postMessage(channel=channel.id, text="x")


def read(slack: StandIn) -> None:
    slack.web.conversations_history(channel=GENERAL.id)


def posted(slack: StandIn) -> int:
    return len(slack.state()["messages"])


def seconds_to_wait(call: Callable[[], object]) -> int:
    """The seconds that Slack asks to wait, as it refuses *call*."""
    with pytest.raises(SlackApiError) as caught:
        call()
    assert (caught.value.response.status_code, caught.value.response["error"]) == (
        429,
        "ratelimited",
    )
    return int(caught.value.response.headers["Retry-After"])


@pytest.fixture
def limited(slack: StandIn) -> StandIn:
    """Slack that takes three messages at once."""
    slack.act("rates", on=True, burst=3)
    return slack


def test_nothing_is_limited_until_the_limits_are_on(slack: StandIn) -> None:
    for _ in range(BURST + 1):
        post(slack)
    assert posted(slack) == BURST + 1


def test_a_channel_takes_a_burst_and_then_a_message_a_second(limited: StandIn) -> None:
    """docs.slack.dev/apis/web-api/rate-limits."""
    for _ in range(3):
        post(limited)
    for _ in range(2):
        assert seconds_to_wait(lambda: post(limited)) == 1
    limited.clock.now += 2
    for _ in range(2):
        post(limited)
    assert seconds_to_wait(lambda: post(limited)) == 1
    assert posted(limited) == 5


def test_a_rest_allows_no_more_than_a_burst(limited: StandIn) -> None:
    post(limited)
    limited.clock.now += 3600
    for _ in range(3):
        post(limited)

    assert seconds_to_wait(lambda: post(limited)) == 1


def test_a_burst_has_25_messages_unless_it_is_set(slack: StandIn) -> None:
    """RamblingCookieMonster/PSSlack #52."""
    slack.act("rates", on=True)
    for _ in range(25):
        post(slack)

    assert seconds_to_wait(lambda: post(slack)) == 1


def test_each_channel_has_its_own_limit(limited: StandIn) -> None:
    limited.workspace.channels[OTHER.id] = OTHER
    for _ in range(3):
        post(limited)

    post(limited, OTHER)


def test_a_method_has_so_many_calls_a_minute(limited: StandIn) -> None:
    """Tier 3 (slackapi/java-slack-sdk, MethodsRateLimits.java)."""
    for _ in range(50):
        read(limited)
    assert seconds_to_wait(lambda: read(limited)) == 2
    limited.clock.now += 2
    read(limited)


def test_only_methods_of_the_stand_in_have_a_limit() -> None:
    assert {*A_MINUTE} < {*METHODS}


def test_the_limits_can_be_turned_off_again(limited: StandIn) -> None:
    limited.act("rates", on=False)

    for _ in range(4):
        post(limited)


@pytest.mark.parametrize(
    "body", [{}, {"on": 1}, {"on": True, "burst": 0}, {"on": True, "burst": "3"}]
)
def test_limits_that_are_no_limits_are_refused(slack: StandIn, body: dict[str, Any]) -> None:
    assert slack.refusal("rates", **body)
