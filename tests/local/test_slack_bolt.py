"""A real Bolt application behind the stand-in: signatures, clicks, forms, commands, Home."""

from typing import Any

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient

from infra.local.slack.delivery import signature
from infra.local.slack.model import Answer
from tests.local.slack_stand_in import (
    ANN,
    GENERAL,
    SECTION,
    StandIn,
    actions,
    button,
    form,
    typed,
)

pytest_plugins = ["tests.local.slack_fixtures"]

Payload = dict[str, Any]


def card(slack: StandIn) -> Payload:
    blocks = [actions(button(value="arn:1"))]
    answer = slack.web.chat_postMessage(channel=GENERAL.id, text="Card", blocks=blocks)
    return {"user": ANN.id, "channel": GENERAL.id, "ts": answer["ts"], "action_id": "press"}


def recorded_clicks(bolt: App) -> list[Payload]:
    """Let Bolt record the clicks that it accepts."""
    clicks: list[Payload] = []

    @bolt.action("press")
    def press(ack: Ack, body: Payload) -> None:
        ack()
        clicks.append(body)

    return clicks


def test_a_click_passes_bolts_check_of_the_signature(slack: StandIn, bolt: App) -> None:
    clicks = recorded_clicks(bolt)

    assert slack.act("click", **card(slack))["ok"]
    assert clicks[0]["actions"][0]["value"] == "arn:1"


def test_a_tampered_body_is_answered_401(slack: StandIn, bolt: App) -> None:
    clicks, deliver = recorded_clicks(bolt), slack.bot
    answers: list[Answer] = []

    def tamper(headers: dict[str, str], body: str) -> Answer:
        answers.append(deliver(headers, body.replace("arn%3A1", "arn%3A2")))
        return answers[-1]

    slack.bot = tamper
    seen = slack.act("click", **card(slack))
    assert (answers[0][0], seen["ok"], clicks) == (401, False, [])


def test_an_old_request_is_answered_401(slack: StandIn, bolt: App) -> None:
    clicks, where = recorded_clicks(bolt), card(slack)
    slack.clock.now -= 301

    assert not slack.act("click", **where)["ok"]
    assert clicks == []


def test_the_signature_is_slacks_own_example() -> None:
    """From Slack's guide "Verifying requests from Slack"."""
    body = (
        "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow"
        "&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner"
        "&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands"
        "%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
        "&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )

    assert signature("8f742231b10e8888abcd99yyyzzz85a5", "1531420618", body) == (
        "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    )


def test_a_click_opens_a_form_that_updates_the_card(slack: StandIn, bolt: App) -> None:
    where = card(slack)

    @bolt.action("press")
    def ask(ack: Ack, body: Payload, client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=form(callback_id="decide"))

    @bolt.view("decide")
    def decide(ack: Ack, view: Payload, client: WebClient) -> None:
        ack()
        why = view["state"]["values"]["why"]["text"]["value"]
        client.chat_update(channel=GENERAL.id, ts=where["ts"], text=f"Approved: {why}")

    view = slack.act("click", **where)["view"]
    seen = slack.act("submit", user=ANN.id, view_id=view["id"], values=typed("good"))
    assert [each["text"] for each in seen["messages"]] == ["Approved: good"]
    assert seen["view"] is None


def test_bolt_complains_about_a_field(slack: StandIn, bolt: App) -> None:
    @bolt.view("decide")
    def decide(ack: Ack) -> None:
        ack(response_action="errors", errors={"why": "Say more."})

    view = slack.open_form(ANN, form(callback_id="decide"))
    seen = slack.act("submit", user=ANN.id, view_id=view["id"], values=typed("x"))
    assert seen["errors"] == {"why": "Say more."}


def test_bolt_answers_a_form_with_another(slack: StandIn, bolt: App) -> None:
    @bolt.view("decide")
    def decide(ack: Ack) -> None:
        ack(response_action="update", view=form(SECTION))

    view = slack.open_form(ANN, form(callback_id="decide"))
    seen = slack.act("submit", user=ANN.id, view_id=view["id"], values=typed("x"))
    assert seen["view"]["blocks"][0]["type"] == "section"


def test_bolt_answers_a_command_on_the_spot_and_by_its_response_url(
    slack: StandIn, bolt: App
) -> None:
    @bolt.command("/model-status")
    def status(ack: Ack, respond: Respond, command: Payload) -> None:
        ack(f"Looking for {command['text']}")
        respond("Nothing waits.", response_type="in_channel")

    seen = slack.act("command", user=ANN.id, channel=GENERAL.id, text="/model-status churn")
    assert [each["text"] for each in seen["ephemeral"]] == ["Looking for churn"]
    assert [each["text"] for each in seen["messages"]] == ["Nothing waits."]


def test_bolt_publishes_a_home_tab_when_it_is_opened(slack: StandIn, bolt: App) -> None:
    @bolt.event("app_home_opened")
    def draw(event: Payload, client: WebClient) -> None:
        client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [SECTION]})

    seen = slack.act("home", user=ANN.id)
    assert seen["home"]["blocks"][0]["text"] == SECTION["text"]


def test_bolt_is_told_of_a_closed_form(slack: StandIn, bolt: App) -> None:
    closed: list[str] = []

    @bolt.view_closed("decide")
    def note(ack: Ack, view: Payload) -> None:
        ack()
        closed.append(view["id"])

    view = slack.open_form(ANN, form(callback_id="decide", notify_on_close=True))
    assert slack.act("close", user=ANN.id, view_id=view["id"])["ok"]
    assert closed == [view["id"]]


def test_a_click_without_a_bolt_listener_is_an_error_to_the_person(
    slack: StandIn, bolt: App
) -> None:
    assert bolt.name
    seen = slack.act("click", **card(slack))

    assert (seen["ok"], seen["error"]) == (False, "dispatch_failed")
