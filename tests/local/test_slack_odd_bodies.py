"""Odd bodies of `POST /client/*`: refused with 400 and a sentence in JSON, never an error page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from tests.local.slack_stand_in import ANN, GENERAL, actions, button, field_block, form, typed

if TYPE_CHECKING:
    from tests.local.slack_stand_in import StandIn

pytest_plugins = ["tests.local.slack_fixtures"]

ODD: list[Any] = [None, True, 7, -1, 0.5, 10**30, "", "nobody", "\ud800", [], [[]], [{}], {}]
ODD += [{"a": []}, {"why": {"text": {"value": {}}}}, {"why": {"text": {"value": 7}}}]
CALLS = [
    *("click", "submit", "close", "command", "home", "faults", "rates", "presence", "members"),
]


def bodies(slack: StandIn) -> dict[str, list[dict[str, Any]]]:
    """What each call takes, with a message to click in and an open form."""
    ts = slack.web.chat_postMessage(
        channel=GENERAL.id, text="x", blocks=[actions(button("press", value="1"))]
    )["ts"]
    view = slack.open_form(ANN, form(field_block()))["id"]
    user, message = {"user": ANN.id}, {"channel": GENERAL.id, "ts": ts, "action_id": "press"}
    of_form = {**user, "view_id": view}
    return {
        "click": [{**user, **message, "block_id": "row", "as_of": 1, "values": {}}, of_form],
        "submit": [{**of_form, "values": typed("because")}],
        "close": [of_form],
        "command": [{**user, "channel": GENERAL.id, "text": "help"}],
        "home": [{**user, "tab": "home"}],
        "faults": [{"method": "chat.update", "error": "fatal_error", "times": 1}],
        "rates": [{"on": False, "burst": 1}],
        "presence": [{**user, "away": False}],
        "members": [{"channel": GENERAL.id, "users": [ANN.id]}],
    }


@pytest.mark.parametrize("call", CALLS)
def test_an_odd_value_is_answered_or_refused_in_json(slack: StandIn, call: str) -> None:
    for body in bodies(slack)[call]:
        for name in body:
            for odd in ODD:
                status, answer = slack.http(f"/client/{call}", {**body, name: odd})

                assert status == 200 or (status, answer["ok"]) == (400, False), (name, odd)
                assert status == 200 or answer["error"], (name, odd)


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    "body", [b"", b"no JSON", b"\xff", b"[]", b"null", b'"text"', b"7", b"{", b"[" * 100_000]
)
def test_what_is_no_json_object_is_refused(slack: StandIn, call: str, body: bytes) -> None:
    status, answer = slack.http(f"/client/{call}", body)

    assert (status, answer) == (400, {"ok": False, "error": "Send a JSON object."})


def test_a_message_that_is_not_there_was_not_there_at_an_earlier_revision(slack: StandIn) -> None:
    slack.refusal(
        "click", user=ANN.id, channel=GENERAL.id, ts="1.000001", action_id="press", as_of=1
    )


@pytest.mark.parametrize("after", ["", "x", "-1", "1.5", "\u00b2", "9" * 5_000])
def test_a_revision_that_is_no_number_is_refused(slack: StandIn, after: str) -> None:
    status, answer = slack.http(f"/client/state?after={quote(after)}")

    assert (status, answer["ok"]) == (400, False)


@pytest.mark.parametrize("text", [None, 7, [], {}])
def test_a_command_whose_text_is_no_text_is_refused(slack: StandIn, text: object) -> None:
    assert slack.refusal("command", user=ANN.id, channel=GENERAL.id, text=text) == (
        "`text` is no text."
    )
