"""
What Slack accepts in a message, a form or a Home tab: Block Kit's limits as a table.

The numbers are Slack's, from its reference pages and, where those are silent, from what its API
was seen to refuse. A type of block or element that is not in the table is refused as well: what
is not checked here must not pass.
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
    all_of,
    anything,
    array,
    boolean,
    by_type,
    enum,
    problem,
    require_any,
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


def block(required: Mapping[str, Rule], allowed: Mapping[str, Rule] | None = None) -> Rule:
    return typed(required, {"block_id": NAME, **(allowed or {})})


RICH_TEXT: Final = block({"elements": RICH_TEXT_ELEMENTS})
CELL: Final = by_type(
    {
        "raw_text": typed({"text": string()}),
        "raw_number": typed({"value": anything}, {"text": string()}),
        "rich_text": RICH_TEXT,
    }
)
COLUMN: Final = shape({}, {"align": enum("left", "center", "right"), "is_wrapped": boolean})

EVERYWHERE: Final = {
    "divider": block({}),
    "header": block({"text": plain(150)}),
    "section": all_of(
        block(
            {},
            {
                "text": text(3000),
                "fields": array(text(2000), 10),
                "accessory": by_type({"image": IMAGE_ELEMENT, **BUTTONS_AND_MENUS}),
                "expand": boolean,
            },
        ),
        require_any("text", "fields"),
    ),
    "context": block(
        {
            "elements": array(
                by_type({"image": IMAGE_ELEMENT, "plain_text": text(3000), "mrkdwn": text(3000)}),
                10,
            )
        }
    ),
    "actions": block({"elements": array(by_type(BUTTONS_AND_MENUS), 25)}),
    "input": block(
        {
            "label": plain(2000),
            "element": by_type(
                {"plain_text_input": PLAIN_TEXT_INPUT, "static_select": STATIC_SELECT}
            ),
        },
        {"hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
    ),
    "image": all_of(
        block(PICTURE, {"title": plain(2000), **PICTURE_SOURCE}),
        require_any("image_url", "slack_file"),
    ),
    "rich_text": RICH_TEXT,
}
TABLE: Final = {
    "table": block(
        {"rows": array(array(CELL, 20), 100)},
        {"column_settings": array(COLUMN, 20, least=0)},
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
            "clear_on_close": boolean,
            "notify_on_close": boolean,
            "submit_disabled": boolean,
            **VIEW_FIELDS,
        },
    ),
    "home": typed({"blocks": anything}, VIEW_FIELDS),
}


def check(blocks: Any, surface: Surface, pointer: str = "/blocks") -> list[str]:
    """Return what Slack would refuse in *blocks* on *surface*; nothing if it would take them."""
    rule = array(BLOCKS[surface], MOST_BLOCKS[surface], least=0)
    return list(rule(blocks, pointer)) or [*_duplicate_ids(blocks, pointer)]


def check_view(view: Any) -> list[str]:
    """Return what Slack would refuse in a whole form or Home tab."""
    problems = list(by_type(VIEWS)(view, "/view"))
    if not problems:
        problems += check(view["blocks"], view["type"], "/view/blocks")
    return problems or [*_submit_missing(view)]


def text_length(blocks: Any) -> int:
    """Count the characters of text in *blocks*, as Slack adds them up for a message."""
    match blocks:
        case {"text": str(words), **rest}:
            return len(words) + text_length(rest)
        case dict():
            return sum(text_length(each) for each in blocks.values())
        case list():
            return sum(text_length(each) for each in blocks)
    return 0


def _duplicate_ids(blocks: list[Any], pointer: str) -> Iterator[str]:
    yield from _duplicates("block_id", blocks, pointer)
    for index, each in enumerate(blocks):
        if each["type"] == "actions":
            yield from _duplicates("action_id", each["elements"], f"{pointer}/{index}/elements")


def _duplicates(field: str, elements: Iterable[Mapping[str, Any]], pointer: str) -> Iterator[str]:
    seen = set()
    for index, each in enumerate(elements):
        value = each.get(field)
        if value is not None and value in seen:
            yield problem(f"duplicate {field}: {value}", f"{pointer}/{index}/{field}")
        seen.add(value)


def _submit_missing(view: Mapping[str, Any]) -> Iterator[str]:
    if view["type"] == "modal" and "submit" not in view:
        for index, each in enumerate(view["blocks"]):
            if each["type"] == "input":
                message = "must define `submit` to use an `input` block in modals"
                yield problem(message, f"/view/blocks/{index}/input")
