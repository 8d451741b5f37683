"""Builders of Block Kit for the tests of its limits."""

from typing import Any

from tests.local.slack_stand_in import ANN, GENERAL, StandIn, actions, button, plain

Block = dict[str, Any]

URL = "https://example.com/"
CONFIRM = {
    "title": plain("Sure?"),
    "text": plain("It deploys"),
    "confirm": plain("Yes"),
    "deny": plain("No"),
}
IMAGE = {"type": "image", "image_url": URL, "alt_text": "A chart"}


def mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": text}


def section(**more: Any) -> Block:
    return {"type": "section", **more}


def option(text: str = "One", value: str = "1", **more: Any) -> Block:
    return {"text": plain(text), "value": value, **more}


def select(**more: Any) -> Block:
    return {"type": "static_select", "action_id": "pick", "options": [option()], **more}


def grouped(*options: Block, label: str = "All") -> Block:
    return {"label": plain(label), "options": list(options)}


def grouped_select(*groups: Block) -> Block:
    return {"type": "static_select", "action_id": "pick", "option_groups": list(groups)}


def overflow(*options: Block, **more: Any) -> Block:
    return {"type": "overflow", "action_id": "more", "options": list(options), **more}


def press(**more: Any) -> Block:
    """An actions block with one button."""
    return actions(button(**more))


def confirmed(**more: Any) -> Block:
    return press(confirm={**CONFIRM, **more})


def rich_text(*elements: Block) -> Block:
    return {"type": "rich_text", "elements": list(elements)}


def runs(kind: str, *elements: Block, **more: Any) -> Block:
    return {"type": f"rich_text_{kind}", "elements": list(elements), **more}


def bullets(**more: Any) -> Block:
    item = runs("section", {"type": "text", "text": "x"})
    return rich_text(runs("list", item, style="bullet", **more))


def table(rows: int = 1, columns: int = 1, **more: Any) -> Block:
    row = [{"type": "raw_text", "text": "x"}] * columns
    return {"type": "table", "rows": [row] * rows, **more}


def home(*blocks: Block, **more: Any) -> Block:
    return {"type": "home", "blocks": list(blocks), **more}


def show(slack: StandIn, view: Block) -> None:
    if view.get("type") == "home":
        slack.web.views_publish(user_id=ANN.id, view=view)
    else:
        slack.open_form(ANN, view)


def post(slack: StandIn, *blocks: Block) -> None:
    slack.web.chat_postMessage(channel=GENERAL.id, text="x", blocks=list(blocks))
