"""Mistakes in blocks, and how Slack names them."""

from tests.local.slack_blocks import (
    CONFIRM,
    URL,
    Block,
    alert,
    cells,
    chart,
    choice,
    container,
    grouped,
    grouped_select,
    mrkdwn,
    option,
    pie,
    press,
    rich_text,
    runs,
    section,
    segment,
    select,
    series,
    table,
)
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
    "a type on an option": (
        actions(select(options=[{**option(), "type": "option"}])),
        "invalid additional property: type",
        "/elements/0/options/0",
    ),
    "a type on a confirmation": (
        press(confirm={**CONFIRM, "type": "confirm"}),
        "invalid additional property: type",
        "/elements/0/confirm",
    ),
    "no such style of text": (
        rich_text(runs("section", {"type": "text", "text": "x", "style": {"loud": True}})),
        "invalid additional property: loud",
        "/elements/0/elements/0/style",
    ),
    "an initial option that is none": (
        actions(select(initial_option=option("One more"))),
        "must be one of the options",
        "/elements/0/initial_option",
    ),
    "an initial option of no group": (
        actions({**grouped_select(grouped(option())), "initial_option": option(value="2")}),
        "must be one of the options",
        "/elements/0/initial_option",
    ),
    "an initial checkbox that is none": (
        actions(choice("checkboxes", option(), initial_options=[option(), option("Two")])),
        "must be one of the options",
        "/elements/0/initial_options/1",
    ),
    "an initial radio button that is none": (
        actions(choice("radio_buttons", option(), initial_option=option("Two"))),
        "must be one of the options",
        "/elements/0/initial_option",
    ),
    "options and groups": (
        actions(select(option_groups=[grouped(option())])),
        "must not define both `options` and `option_groups`",
        "/elements/0",
    ),
    "a least over the most": (
        field_block(min_length=3, max_length=2),
        "must not be more than `max_length`",
        "/element/min_length",
    ),
    "a response URL outside a form": (
        actions({"type": "conversations_select", "response_url_enabled": True}),
        "invalid additional property: response_url_enabled",
        "/elements/0",
    ),
    "a cell with a number": (
        cells({"type": "raw_number", "value": 1}),
        "unsupported type: raw_number",
        "/rows/0/0/type",
    ),
    "a cell of rich text without text": (
        cells(rich_text(runs("section"))),
        "must not be empty",
        "/rows/0/0",
    ),
    "no settings of a column": (
        table(column_settings=[None]),
        "must provide an object",
        "/column_settings/0",
    ),
    "a slice of nothing": (
        pie(segment(value=0)),
        "must be more than 0",
        "/chart/segments/0/value",
    ),
    "a slice that is no number": (
        pie(segment(value="1")),
        "must provide a number",
        "/chart/segments/0/value",
    ),
    "a series twice": (
        chart(series(), series()),
        "duplicate name: auc",
        "/chart/series/1/name",
    ),
    "a point too few": (
        chart(series("auc", "v1"), categories=["v1", "v2"]),
        "must have one point for each category",
        "/chart/series/0/data",
    ),
    "no such chart": (
        chart(kind="radar"),
        "unsupported type: radar",
        "/chart/type",
    ),
    "a chart without axes": (
        {**pie(), "chart": {"type": "bar", "series": [series()]}},
        "missing required field: axis_config",
        "/chart",
    ),
    "an alert in a message": (alert(), "unsupported type: alert", "/type"),
    "a container without title": (
        {"type": "container", "child_blocks": [{"type": "divider"}]},
        "must define either `title` or `rich_text_title`",
        "",
    ),
    "a collapsed container that is not collapsible": (
        container(default_collapsed=True),
        "must be collapsible",
        "/default_collapsed",
    ),
    "a collapsible container with a line": (
        container(is_collapsible=True, has_header_divider=True),
        "must not be collapsible",
        "/has_header_divider",
    ),
    "no such width": (
        container(width="huge"),
        "must be one of: narrow, standard, wide, full",
        "/width",
    ),
    "rich text in a container": (
        container(rich_text(runs("section"))),
        "unsupported type: rich_text",
        "/child_blocks/0/type",
    ),
    "an input in a container": (
        container(field_block()),
        "unsupported type: input",
        "/child_blocks/0/type",
    ),
    "a container in a container": (
        container(container()),
        "unsupported type: container",
        "/child_blocks/0/type",
    ),
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
