"""The slash command and the Home tab: `/client/command`, `/client/home`."""

import json
from typing import Any

import pytest

from tests.local.slack_bots import answering, silent
from tests.local.slack_stand_in import ANN, GENERAL, SECTION, StandIn

pytest_plugins = ["tests.local.slack_fixtures"]


@pytest.mark.parametrize(
    "text", ["churn v3", "/model-status churn v3", " /model-status  churn v3 "]
)
def test_a_command_contains_its_text_without_its_name(slack: StandIn, text: str) -> None:
    slack.act("command", user=ANN.id, channel=GENERAL.id, text=text)

    payload = slack.payload
    assert (payload["command"], payload["text"]) == ("/model-status", "churn v3")
    assert (payload["user_id"], payload["user_name"], payload["team_id"]) == (
        ANN.id,
        "ann",
        ANN.team,
    )
    assert (payload["channel_id"], payload["channel_name"]) == (GENERAL.id, "general")
    assert payload["trigger_id"]
    assert payload["response_url"].startswith(f"{slack.workspace.url}/response/")


def test_a_command_without_text_is_still_a_command(slack: StandIn) -> None:
    slack.act("command", user=ANN.id, channel=GENERAL.id)

    assert slack.payload.get("text", "") == ""


@pytest.mark.parametrize(
    ("answer", "text", "where"),
    [
        ("Nothing waits.", "Nothing waits.", "ephemeral"),
        ({"text": "Nothing waits."}, "Nothing waits.", "ephemeral"),
        ({"text": "For all", "response_type": "in_channel"}, "For all", "messages"),
    ],
)
def test_a_command_may_be_answered_in_the_response(
    slack: StandIn, answer: Any, text: str, where: str
) -> None:
    slack.bot = answering(answer)
    seen = slack.act("command", user=ANN.id, channel=GENERAL.id, text="")

    assert [each["text"] for each in seen[where]] == [text]


@pytest.mark.parametrize(
    ("bot", "error"),
    [
        (silent, "operation_timeout"),
        (answering(status=500), "dispatch_failed"),
        (answering({"text": "x", "blocks": [{"type": "header"}]}), "invalid_command_response"),
    ],
)
def test_a_bot_that_fails_a_command_is_an_error_to_the_person(
    slack: StandIn, bot: Any, error: str
) -> None:
    slack.bot = bot

    assert slack.act("command", user=ANN.id, channel=GENERAL.id, text="")["error"] == error


def test_opening_the_home_tab_is_an_event(slack: StandIn) -> None:
    assert slack.act("home", user=ANN.id)["home"] is None

    headers, body = slack.requests[-1]
    payload = json.loads(body)
    assert headers["Content-Type"] == "application/json"
    assert (payload["type"], payload["team_id"]) == ("event_callback", ANN.team)
    assert payload["event_time"] == int(slack.clock.now)
    event = payload["event"]
    assert (event["type"], event["user"], event["tab"]) == ("app_home_opened", ANN.id, "home")
    assert event["channel"] == "D0ANN"
    assert "view" not in event


def test_the_event_contains_the_current_home_tab(slack: StandIn) -> None:
    home = {"type": "home", "blocks": [SECTION]}
    view = slack.web.views_publish(user_id=ANN.id, view=home)["view"]

    assert slack.act("home", user=ANN.id)["home"]["id"] == view["id"]
    assert json.loads(slack.requests[-1][1])["event"]["view"]["id"] == view["id"]


def test_every_event_has_an_id_of_its_own(slack: StandIn) -> None:
    slack.act("home", user=ANN.id)
    slack.act("home", user=ANN.id)

    assert len({json.loads(body)["event_id"] for _, body in slack.requests}) == 2


def test_opening_the_messages_tab_is_the_same_event_without_a_home(slack: StandIn) -> None:
    """docs.slack.dev/reference/events/app_home_opened, `tab`."""
    slack.web.views_publish(user_id=ANN.id, view={"type": "home", "blocks": [SECTION]})
    slack.act("home", user=ANN.id, tab="messages")

    event = json.loads(slack.requests[-1][1])["event"]
    assert (event["type"], event["tab"]) == ("app_home_opened", "messages")
    assert "view" not in event


def test_there_is_no_third_tab(slack: StandIn) -> None:
    assert slack.refusal("home", user=ANN.id, tab="about")


@pytest.mark.parametrize(
    ("bot", "reason", "error"),
    [
        (silent, "http_timeout", "operation_timeout"),
        (answering(status=500), "http_error", "dispatch_failed"),
    ],
)
def test_an_event_that_the_bot_misses_comes_three_times_more_with_the_same_id(
    slack: StandIn, bot: Any, reason: str, error: str
) -> None:
    """docs.slack.dev/apis/events-api, "Retries"."""
    slack.bot = bot

    assert slack.act("home", user=ANN.id)["error"] == error
    assert len({json.loads(body)["event_id"] for _, body in slack.requests}) == 1
    retries = [
        (headers.get("X-Slack-Retry-Num"), headers.get("X-Slack-Retry-Reason"))
        for headers, _ in slack.requests
    ]
    assert retries == [(None, None), ("1", reason), ("2", reason), ("3", reason)]


def test_an_event_that_the_bot_takes_at_last_is_no_error(slack: StandIn) -> None:
    answers = iter([500, 200])
    slack.bot = lambda _headers, _body: (next(answers), {}, "")

    assert slack.act("home", user=ANN.id)["ok"]
    assert len(slack.requests) == 2


def test_a_bot_may_refuse_to_get_an_event_again(slack: StandIn) -> None:
    slack.bot = lambda _headers, _body: (500, {"X-Slack-No-Retry": "1"}, "")

    assert slack.act("home", user=ANN.id)["error"] == "dispatch_failed"
    assert len(slack.requests) == 1
