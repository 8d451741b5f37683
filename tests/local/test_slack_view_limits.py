"""Block Kit's limits in forms and Home tabs."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.local.slack_blocks import (
    Block,
    alert,
    container,
    home,
    mrkdwn,
    pie,
    section,
    show,
    table,
)
from tests.local.slack_stand_in import SECTION, StandIn, field_block, form, plain, refused

pytest_plugins = ["tests.local.slack_fixtures"]


def view_refusal(slack: StandIn, view: Block) -> Any:
    with refused("invalid_arguments") as answer:
        show(slack, view)
    # Of a view, Slack says what is wrong only here.
    assert "errors" not in answer
    return answer["response_metadata"]["messages"]


# name: (most characters, the view with a string in it, where)
VIEW_LENGTHS: dict[str, tuple[int, Callable[[str], Block], str]] = {
    "title": (24, lambda s: form(title=plain(s)), "title/text"),
    "submit": (24, lambda s: form(submit=plain(s)), "submit/text"),
    "close": (24, lambda s: form(close=plain(s)), "close/text"),
    "private_metadata": (3000, lambda s: form(private_metadata=s), "private_metadata"),
    "callback_id": (255, lambda s: form(callback_id=s), "callback_id"),
    "external_id": (255, lambda s: form(external_id=s), "external_id"),
    "home private_metadata": (3000, lambda s: home(private_metadata=s), "private_metadata"),
    "home callback_id": (255, lambda s: home(callback_id=s), "callback_id"),
    "home external_id": (255, lambda s: home(external_id=s), "external_id"),
    "alert": (200, lambda s: form(alert(s)), "blocks/0/text/text"),
    "block of a form": (
        150,
        lambda s: form({"type": "header", "text": plain(s)}),
        "blocks/0/text/text",
    ),
    "block of a home": (
        150,
        lambda s: home({"type": "header", "text": plain(s)}),
        "blocks/0/text/text",
    ),
}

VIEW_MISTAKES: dict[str, tuple[Block, str]] = {
    "no type": ({"blocks": []}, "unsupported type: None [json-pointer:/view/type]"),
    "no title": (
        {"type": "modal", "blocks": []},
        "missing required field: title [json-pointer:/view]",
    ),
    "no blocks": ({"type": "home"}, "missing required field: blocks [json-pointer:/view]"),
    "fields of Slack's own": (
        home(state={"values": {}}),
        "invalid additional property: state [json-pointer:/view]",
    ),
    "a title that is markup": (
        form(title=mrkdwn("x")),
        "unsupported type: mrkdwn [json-pointer:/view/title/type]",
    ),
    "an input without submit": (
        {"type": "modal", "title": plain("x"), "blocks": [SECTION, field_block()]},
        (
            "must define `submit` to use an `input` block in modals "
            "[json-pointer:/view/blocks/1/input]"
        ),
    ),
    "a table in a form": (
        form(table()),
        "unsupported type: table [json-pointer:/view/blocks/0/type]",
    ),
    "markdown in a form": (
        form({"type": "markdown", "text": "x"}),
        "unsupported type: markdown [json-pointer:/view/blocks/0/type]",
    ),
    "markdown in a home": (
        home({"type": "markdown", "text": "x"}),
        "unsupported type: markdown [json-pointer:/view/blocks/0/type]",
    ),
    "a chart in a form": (
        form(pie()),
        "unsupported type: data_visualization [json-pointer:/view/blocks/0/type]",
    ),
    "a container in a form": (
        form(container()),
        "unsupported type: container [json-pointer:/view/blocks/0/type]",
    ),
    "an alert in a home": (
        home(alert()),
        "unsupported type: alert [json-pointer:/view/blocks/0/type]",
    ),
    "no such level": (
        form(alert(level="fatal")),
        (
            "must be one of: default, info, warning, error, success "
            "[json-pointer:/view/blocks/0/level]"
        ),
    ),
    "two elements that want the focus": (
        form(field_block("a", focus_on_load=True), field_block("b", focus_on_load=True)),
        "only one element may have `focus_on_load` [json-pointer:/view/blocks]",
    ),
    "a block_id twice": (
        form(field_block("same"), field_block("same")),
        "duplicate block_id: same [json-pointer:/view/blocks/1/block_id]",
    ),
}


@pytest.mark.parametrize("name", VIEW_LENGTHS)
def test_a_view_has_its_limits(lasting_slack: StandIn, name: str) -> None:
    most, view, where = VIEW_LENGTHS[name]

    show(lasting_slack, view("x" * most))
    assert view_refusal(lasting_slack, view("x" * (most + 1))) == [
        f"[ERROR] must be less than {most + 1} characters [json-pointer:/view/{where}]"
    ]


@pytest.mark.parametrize("name", VIEW_MISTAKES)
def test_a_mistake_in_a_view_is_named_with_its_place(lasting_slack: StandIn, name: str) -> None:
    view, what = VIEW_MISTAKES[name]

    assert view_refusal(lasting_slack, view) == [f"[ERROR] {what}"]


@pytest.mark.parametrize("view", [form, home])
def test_a_view_has_at_most_100_blocks(lasting_slack: StandIn, view: Callable[..., Block]) -> None:
    show(lasting_slack, view(*[SECTION] * 100))
    assert view_refusal(lasting_slack, view(*[SECTION] * 101)) == [
        "[ERROR] no more than 100 items allowed [json-pointer:/view/blocks]"
    ]


def test_a_home_may_have_tables_charts_and_containers(lasting_slack: StandIn) -> None:
    show(lasting_slack, home(table(), pie(), container()))


def test_a_form_may_have_an_alert(lasting_slack: StandIn) -> None:
    """slackapi/node-slack-sdk #2567: forms only."""
    show(lasting_slack, form(alert(level="warning")))


def test_a_view_has_at_most_250_kilobytes(lasting_slack: StandIn) -> None:
    show(lasting_slack, home(*[section(text=plain("x" * 2400))] * 100))
    with refused("view_too_large"):
        show(lasting_slack, home(*[section(text=plain("x" * 2500))] * 100))
