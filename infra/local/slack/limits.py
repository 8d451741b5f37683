"""
What Slack accepts in a message, a form or a Home tab: Block Kit's limits as a table.

The numbers are Slack's, from its reference pages and, where those are silent, from what its API
was seen to refuse. A kind of block or element that is not in the table is refused as well: what
nobody checks here must not pass for fine.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, Literal

from infra.local.slack.element_limits import (
    BUTTONS_AND_MENUS,
    IMAGE_ELEMENT,
    NAME,
    PICTURE,
    PICTURE_SOURCE,
    PLAIN_TEXT_INPUT,
    RICH_TEXT_ELEMENTS,
    STATIC_SELECT,
    plain,
    text,
)
from infra.local.slack.rules import (
    Rule,
    anything,
    by_type,
    choice,
    every,
    flag,
    many,
    one_of_fields,
    problem,
    shape,
    string,
    typed,
)

Surface = Literal["message", "modal", "home"]

MOST_BLOCKS: Final[Mapping[Surface, int]] = {"message": 50, "modal": 100, "home": 100}
# Not documented: chat.postMessage was measured to refuse more than this over all blocks.
MESSAGE_TEXT: Final = 13_200
VIEW_BYTES: Final = 250_000

# --- blocks


def block(needed: Mapping[str, Rule], allowed: Mapping[str, Rule] | None = None) -> Rule:
    return typed(needed, {"block_id": NAME, **(allowed or {})})


RICH_TEXT: Final = block({"elements": RICH_TEXT_ELEMENTS})
CELL: Final = by_type(
    {
        "raw_text": typed({"text": string()}),
        "raw_number": typed({"value": anything}, {"text": string()}),
        "rich_text": RICH_TEXT,
    }
)
COLUMN: Final = shape({}, {"align": choice("left", "center", "right"), "is_wrapped": flag})

EVERYWHERE: Final = {
    "divider": block({}),
    "header": block({"text": plain(150)}),
    "section": every(
        block(
            {},
            {
                "text": text(3000),
                "fields": many(text(2000), 10),
                "accessory": by_type({"image": IMAGE_ELEMENT, **BUTTONS_AND_MENUS}),
                "expand": flag,
            },
        ),
        one_of_fields("text", "fields"),
    ),
    "context": block(
        {
            "elements": many(
                by_type({"image": IMAGE_ELEMENT, "plain_text": text(3000), "mrkdwn": text(3000)}),
                10,
            )
        }
    ),
    "actions": block({"elements": many(by_type(BUTTONS_AND_MENUS), 25)}),
    "input": block(
        {
            "label": plain(2000),
            "element": by_type(
                {"plain_text_input": PLAIN_TEXT_INPUT, "static_select": STATIC_SELECT}
            ),
        },
        {"hint": plain(2000), "optional": flag, "dispatch_action": flag},
    ),
    "image": every(
        block(PICTURE, {"title": plain(2000), **PICTURE_SOURCE}),
        one_of_fields("image_url", "slack_file"),
    ),
    "rich_text": RICH_TEXT,
}
TABLE: Final = {
    "table": block(
        {"rows": many(many(CELL, 20), 100)},
        {"column_settings": many(COLUMN, 20, least=0)},
    )
}
MARKDOWN: Final = {"markdown": block({"text": string(12_000)})}

BLOCKS: Final[Mapping[Surface, Rule]] = {
    "message": by_type({**EVERYWHERE, **TABLE, **MARKDOWN}),
    "modal": by_type(EVERYWHERE),
    "home": by_type({**EVERYWHERE, **TABLE}),
}

# --- views

VIEW_FIELDS: Final = {
    "callback_id": NAME,
    "external_id": NAME,
    "private_metadata": string(3000, least=0),
}
VIEWS: Final = {
    "modal": typed(
        {"title": plain(24), "blocks": anything},
        {
            "submit": plain(24),
            "close": plain(24),
            "clear_on_close": flag,
            "notify_on_close": flag,
            "submit_disabled": flag,
            **VIEW_FIELDS,
        },
    ),
    "home": typed({"blocks": anything}, VIEW_FIELDS),
}


def check(blocks: Any, surface: Surface, at: str = "/blocks") -> list[str]:
    """What Slack would find wrong with *blocks* on *surface*; nothing if it would take them."""
    rule = many(BLOCKS[surface], MOST_BLOCKS[surface], least=0)
    found = list(rule(blocks, at))
    return found or [*_repeated_names(blocks, at)]


def check_view(view: Any) -> list[str]:
    """What Slack would find wrong with a whole form or Home tab."""
    found = list(by_type(VIEWS)(view, "/view"))
    if not found:
        found += check(view["blocks"], view["type"], "/view/blocks")
    return found or [*_submit_missing(view)]


def text_length(blocks: Any) -> int:
    """The characters of text in *blocks*, as Slack adds them up for a message."""
    match blocks:
        case {"text": str(words), **rest}:
            return len(words) + text_length(rest)
        case dict():
            return sum(text_length(each) for each in blocks.values())
        case list():
            return sum(text_length(each) for each in blocks)
    return 0


def _repeated_names(blocks: list[Any], at: str) -> Iterator[str]:
    yield from _twice("block_id", blocks, at)
    for index, each in enumerate(blocks):
        if each["type"] == "actions":
            yield from _twice("action_id", each["elements"], f"{at}/{index}/elements")


def _twice(name: str, things: Iterable[Mapping[str, Any]], at: str) -> Iterator[str]:
    seen = set()
    for index, each in enumerate(things):
        value = each.get(name)
        if value is not None and value in seen:
            yield problem(f"duplicate {name}: {value}", f"{at}/{index}/{name}")
        seen.add(value)


def _submit_missing(view: Mapping[str, Any]) -> Iterator[str]:
    if view["type"] == "modal" and "submit" not in view:
        for index, each in enumerate(view["blocks"]):
            if each["type"] == "input":
                what = "must define `submit` to use an `input` block in modals"
                yield problem(what, f"/view/blocks/{index}/input")
