"""The limits of Block Kit, as tables."""

from collections.abc import Callable

from tests.local.slack_blocks import (
    CONFIRM,
    IMAGE,
    Block,
    bullets,
    chart,
    choice,
    confirmed,
    container,
    grouped,
    grouped_select,
    mrkdwn,
    option,
    overflow,
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

# name: (most characters, the block with a string in it, where the string is)
LENGTHS: dict[str, tuple[int, Callable[[str], Block], str]] = {
    "header": (150, lambda s: {"type": "header", "text": plain(s)}, "text/text"),
    "section, plain": (3000, lambda s: section(text=plain(s)), "text/text"),
    "section, mrkdwn": (3000, lambda s: section(text=mrkdwn(s)), "text/text"),
    "section field": (2000, lambda s: section(fields=[mrkdwn(s)]), "fields/0/text"),
    "context, plain": (
        3000,
        lambda s: {"type": "context", "elements": [plain(s)]},
        "elements/0/text",
    ),
    "context, mrkdwn": (
        3000,
        lambda s: {"type": "context", "elements": [mrkdwn(s)]},
        "elements/0/text",
    ),
    "context image": (
        2000,
        lambda s: {"type": "context", "elements": [{**IMAGE, "alt_text": s}]},
        "elements/0/alt_text",
    ),
    "accessory image": (
        3000,
        lambda s: section(text=plain("x"), accessory={**IMAGE, "image_url": s}),
        "accessory/image_url",
    ),
    "image url": (3000, lambda s: {**IMAGE, "image_url": s}, "image_url"),
    "image alt text": (2000, lambda s: {**IMAGE, "alt_text": s}, "alt_text"),
    "image title": (2000, lambda s: {**IMAGE, "title": plain(s)}, "title/text"),
    "markdown": (12_000, lambda s: {"type": "markdown", "text": s}, "text"),
    "input label": (2000, lambda s: {**field_block(), "label": plain(s)}, "label/text"),
    "input hint": (2000, lambda s: {**field_block(), "hint": plain(s)}, "hint/text"),
    "placeholder": (
        150,
        lambda s: field_block(placeholder=plain(s)),
        "element/placeholder/text",
    ),
    "initial value": (3000, lambda s: field_block(initial_value=s), "element/initial_value"),
    "block_id": (255, lambda s: {"type": "divider", "block_id": s}, "block_id"),
    "button action_id": (255, lambda s: press(action_id=s), "elements/0/action_id"),
    "button text": (75, lambda s: press(text=plain(s)), "elements/0/text/text"),
    "button value": (2000, lambda s: press(value=s), "elements/0/value"),
    "button url": (3000, lambda s: press(url=s), "elements/0/url"),
    "button label": (
        75,
        lambda s: press(accessibility_label=s),
        "elements/0/accessibility_label",
    ),
    "button prompt": (4000, lambda s: press(agent_prompt=s), "elements/0/agent_prompt"),
    "confirm title": (100, lambda s: confirmed(title=plain(s)), "elements/0/confirm/title/text"),
    "confirm text": (300, lambda s: confirmed(text=mrkdwn(s)), "elements/0/confirm/text/text"),
    "confirm yes": (30, lambda s: confirmed(confirm=plain(s)), "elements/0/confirm/confirm/text"),
    "confirm no": (30, lambda s: confirmed(deny=plain(s)), "elements/0/confirm/deny/text"),
    "option text": (
        75,
        lambda s: actions(select(options=[option(s)])),
        "elements/0/options/0/text/text",
    ),
    "option value": (
        150,
        lambda s: actions(select(options=[option(value=s)])),
        "elements/0/options/0/value",
    ),
    "option description": (
        75,
        lambda s: actions(select(options=[option(description=plain(s))])),
        "elements/0/options/0/description/text",
    ),
    "select placeholder": (
        150,
        lambda s: actions(select(placeholder=plain(s))),
        "elements/0/placeholder/text",
    ),
    "select action_id": (255, lambda s: actions(select(action_id=s)), "elements/0/action_id"),
    "option group label": (
        75,
        lambda s: actions(grouped_select(grouped(option(), label=s))),
        "elements/0/option_groups/0/label/text",
    ),
    "overflow action_id": (
        255,
        lambda s: actions(overflow(option(), action_id=s)),
        "elements/0/action_id",
    ),
    "overflow option text": (
        75,
        lambda s: actions(overflow(option(s))),
        "elements/0/options/0/text/text",
    ),
    "overflow option description": (
        75,
        lambda s: actions(overflow(option(description=plain(s)))),
        "elements/0/options/0/description/text",
    ),
    "overflow option url": (
        3000,
        lambda s: actions(overflow(option(url=s))),
        "elements/0/options/0/url",
    ),
    "overflow confirm": (
        100,
        lambda s: actions(overflow(option(), confirm={**CONFIRM, "title": plain(s)})),
        "elements/0/confirm/title/text",
    ),
    "rich text link": (
        3000,
        lambda s: rich_text(runs("section", {"type": "link", "url": s})),
        "elements/0/elements/0/url",
    ),
}

LENGTHS |= {
    "chart title": (50, lambda s: pie(title=s), "title"),
    "segment": (20, lambda s: pie(segment(s)), "chart/segments/0/label"),
    "series": (20, lambda s: chart(series(s)), "chart/series/0/name"),
    "x axis": (50, lambda s: chart(x_label=s), "chart/axis_config/x_label"),
    "y axis": (50, lambda s: chart(y_label=s), "chart/axis_config/y_label"),
    "container title": (150, lambda s: container(title=plain(s)), "title/text"),
    "container subtitle": (150, lambda s: container(subtitle=mrkdwn(s)), "subtitle/text"),
    "block in a container": (
        150,
        lambda s: container({"type": "header", "text": plain(s)}),
        "child_blocks/0/text/text",
    ),
    "checkbox text": (
        75,
        lambda s: actions(choice("checkboxes", {"text": mrkdwn(s), "value": "1"})),
        "elements/0/options/0/text/text",
    ),
    "radio button description": (
        75,
        lambda s: actions(choice("radio_buttons", option(description=mrkdwn(s)))),
        "elements/0/options/0/description/text",
    ),
    "list of people": (
        150,
        lambda s: actions({"type": "users_select", "placeholder": plain(s)}),
        "elements/0/placeholder/text",
    ),
    "list of conversations": (
        150,
        lambda s: section(
            text=plain("x"), accessory={"type": "conversations_select", "placeholder": plain(s)}
        ),
        "accessory/placeholder/text",
    ),
}

# name: (most items, the block with that many, where they are)
COUNTS: dict[str, tuple[int, Callable[[int], Block], str]] = {
    "section fields": (10, lambda n: section(fields=[plain("x")] * n), "fields"),
    "context elements": (
        10,
        lambda n: {"type": "context", "elements": [mrkdwn("x")] * n},
        "elements",
    ),
    "actions": (25, lambda n: actions(*(button(f"b{i}") for i in range(n))), "elements"),
    "select options": (
        100,
        lambda n: actions(select(options=[option()] * n)),
        "elements/0/options",
    ),
    "option groups": (
        100,
        lambda n: actions(grouped_select(*[grouped(option())] * n)),
        "elements/0/option_groups",
    ),
    "options of a group": (
        100,
        lambda n: actions(grouped_select(grouped(*[option()] * n))),
        "elements/0/option_groups/0/options",
    ),
    "overflow options": (
        5,
        lambda n: actions(overflow(*[option()] * n)),
        "elements/0/options",
    ),
    "table rows": (100, lambda n: table(rows=n), "rows"),
    "table columns": (20, lambda n: table(columns=n), "rows/0"),
    "segments": (6, lambda n: pie(*[segment()] * n), "chart/segments"),
    "series": (6, lambda n: chart(*(series(f"s{i}") for i in range(n))), "chart/series"),
    "blocks in a container": (
        10,
        lambda n: container(*[{"type": "divider"}] * n),
        "child_blocks",
    ),
    "checkboxes": (
        10,
        lambda n: actions(choice("checkboxes", *[option()] * n)),
        "elements/0/options",
    ),
    "radio buttons": (
        10,
        lambda n: actions(choice("radio_buttons", *[option()] * n)),
        "elements/0/options",
    ),
    "table column settings": (20, lambda n: table(column_settings=[{}] * n), "column_settings"),
}

# name: (least, most, the block with that number, where it is)
NUMBERS: dict[str, tuple[int, int, Callable[[int], Block], str]] = {
    "min_length": (0, 3000, lambda n: field_block(min_length=n), "element/min_length"),
    "max_length": (1, 3000, lambda n: field_block(max_length=n), "element/max_length"),
    "list indent": (0, 8, lambda n: bullets(indent=n), "elements/0/indent"),
    "list border": (0, 1, lambda n: bullets(border=n), "elements/0/border"),
    "quote border": (0, 1, lambda n: rich_text(runs("quote", border=n)), "elements/0/border"),
    "preformatted border": (
        0,
        1,
        lambda n: rich_text(runs("preformatted", border=n)),
        "elements/0/border",
    ),
}
