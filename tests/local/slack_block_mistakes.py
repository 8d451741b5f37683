"""Mistakes in blocks, and how Slack names them."""

from tests.local.slack_blocks import URL, Block, mrkdwn, press, section, table
from tests.local.slack_stand_in import actions, button, field_block, plain

# name: (the block, what is wrong with it, where)
MISTAKES: dict[str, tuple[Block, str, str]] = {
    "no such block": ({"type": "carousel"}, "unsupported type: carousel", "/type"),
    "no type": ({}, "unsupported type: None", "/type"),
    "no such element": (
        actions({"type": "datepicker", "action_id": "when"}),
        "unsupported type: datepicker",
        "/elements/0/type",
    ),
    "button in a context": (
        {"type": "context", "elements": [button()]},
        "unsupported type: button",
        "/elements/0/type",
    ),
    "markup in a header": (
        {"type": "header", "text": mrkdwn("x")},
        "unsupported type: mrkdwn",
        "/text/type",
    ),
    "markup on a button": (
        press(text=mrkdwn("x")),
        "unsupported type: mrkdwn",
        "/elements/0/text/type",
    ),
    "emoji on mrkdwn": (
        section(text={**mrkdwn("x"), "emoji": True}),
        "invalid additional property: emoji",
        "/text",
    ),
    "verbatim on plain_text": (
        section(text={**plain("x"), "verbatim": True}),
        "invalid additional property: verbatim",
        "/text",
    ),
    "a property nobody knows": (
        press(disabled=True),
        "invalid additional property: disabled",
        "/elements/0",
    ),
    "no such style": (
        press(style="warning"),
        "must be one of: primary, danger",
        "/elements/0/style",
    ),
    "no text": ({"type": "header"}, "missing required field: text", ""),
    "empty section": (section(), "must define either `text` or `fields`", ""),
    "select without options": (
        actions({"type": "static_select", "action_id": "pick"}),
        "must define either `options` or `option_groups`",
        "/elements/0",
    ),
    "image without source": (
        {"type": "image", "alt_text": "x"},
        "must define either `image_url` or `slack_file`",
        "",
    ),
    "image without alt text": (
        {"type": "image", "image_url": URL},
        "missing required field: alt_text",
        "",
    ),
    "empty text": (section(text=plain("")), "must be more than 0 characters", "/text/text"),
    "empty actions": (actions(), "no less than 1 items allowed", "/elements"),
    "empty table": (table(rows=0), "no less than 1 items allowed", "/rows"),
    "empty cell": (
        {"type": "table", "rows": [[{"type": "raw_text", "text": ""}]]},
        "must be more than 0 characters",
        "/rows/0/0/text",
    ),
    "not a string": (press(value=7), "must provide a string", "/elements/0/value"),
    "not a flag": (
        section(text={**plain("x"), "emoji": 1}),
        "must provide a boolean",
        "/text/emoji",
    ),
    "not an integer": (
        field_block(min_length="5"),
        "must provide an integer",
        "/element/min_length",
    ),
    "not an array": (section(fields={}), "must provide an array", "/fields"),
    "not an object": (press(confirm=None), "must provide an object", "/elements/0/confirm"),
}
