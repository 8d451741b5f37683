"""Requests for what no person could do."""

from typing import Any

import pytest

from tests.local.slack_bots import card, ephemeral
from tests.local.slack_stand_in import ANN, BEN, GENERAL, GONE, StandIn, form, typed

pytest_plugins = ["tests.local.slack_fixtures"]


def test_an_impossible_action_is_refused_with_a_sentence(slack: StandIn) -> None:
    where, view = card(slack), slack.open_form(ANN, form())
    click = {"user": ANN.id, "action_id": "press", **where}
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("click", {**click, "user": "U0NOBODY"}),
        ("click", {**click, "user": GONE.id}),
        ("click", {**click, "user": None}),
        ("click", {**click, "ts": "1.000001"}),
        ("click", {**click, "action_id": "elsewhere"}),
        ("click", {**click, "user": BEN.id, **ephemeral(slack)}),
        ("click", {"user": BEN.id, "view_id": view["id"], "action_id": "press"}),
        ("submit", {"user": BEN.id, "view_id": view["id"], "values": {}}),
        ("submit", {"user": ANN.id, "view_id": "V0NOWHERE", "values": {}}),
        ("submit", {"user": ANN.id, "view_id": view["id"], "values": []}),
        ("submit", {"user": ANN.id, "view_id": view["id"], "values": typed("x", "nowhere")}),
        ("submit", {"user": ANN.id, "view_id": view["id"], "values": {"why": {"text": "x"}}}),
        ("submit", {"user": ANN.id, "view_id": view["id"], "values": {"why": "x"}}),
        ("close", {"user": BEN.id, "view_id": view["id"]}),
        ("command", {"user": ANN.id, "channel": "C0NOWHERE", "text": ""}),
        ("command", {"user": ANN.id, "channel": GENERAL.id, "text": "/remind me"}),
        ("home", {}),
    ]

    for action, body in wrong:
        assert slack.refusal(action, **body).endswith((".", "missing."))
    assert slack.requests == []


@pytest.mark.parametrize("body", [b"{", b"[]", b""])
def test_a_request_that_is_not_json_is_refused(slack: StandIn, body: bytes) -> None:
    assert slack.http("/client/click", body)[0] == 400


def test_a_revision_is_a_number(slack: StandIn) -> None:
    assert slack.http("/client/state?after=last")[0] == 400
