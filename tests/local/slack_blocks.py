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


def choice(kind: str, *options: Block, **more: Any) -> Block:
    """An element of these options: checkboxes or radio_buttons."""
    return {"type": kind, "action_id": "pick", "options": list(options), **more}


def pie(*segments: Block, **more: Any) -> Block:
    chart = {"type": "pie", "segments": list(segments or [segment()])}
    return {"type": "data_visualization", "title": "Votes", "chart": chart, **more}


def segment(label: str = "Yes", value: Any = 1) -> Block:
    return {"label": label, "value": value}


def series(name: str = "auc", *labels: str) -> Block:
    return {"name": name, "data": [segment(label, -0.5) for label in labels or ["v1"]]}


def chart(*lines: Block, kind: str = "line", categories: Any = ("v1",), **axes: Any) -> Block:
    config = {"categories": list(categories), **axes}
    drawn = {"type": kind, "series": list(lines or [series()]), "axis_config": config}
    return {"type": "data_visualization", "title": "AUC", "chart": drawn}


def container(*blocks: Block, **more: Any) -> Block:
    inside = list(blocks or [{"type": "divider"}])
    return {"type": "container", "title": plain("Evidence"), "child_blocks": inside, **more}


def alert(text: str = "Careful", **more: Any) -> Block:
    return {"type": "alert", "text": plain(text), **more}


def cells(*cells: Block, **more: Any) -> Block:
    """A table of one row."""
    return {"type": "table", "rows": [list(cells)], **more}


def home(*blocks: Block, **more: Any) -> Block:
    return {"type": "home", "blocks": list(blocks), **more}


def show(slack: StandIn, view: Block) -> None:
    if view.get("type") == "home":
        slack.web.views_publish(user_id=ANN.id, view=view)
    else:
        slack.open_form(ANN, view)


def post(slack: StandIn, *blocks: Block) -> None:
    slack.web.chat_postMessage(channel=GENERAL.id, text="x", blocks=list(blocks))
