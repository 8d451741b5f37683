"""
What Slack accepts in a message, a form or a Home tab: Block Kit's limits as a table.

The numbers are Slack's, from its reference pages and, where those are silent, from what its API
was seen to refuse. A type of block or element that is not in the table is refused as well: what
is not checked here must not pass.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal

from infra.local.slack.across_blocks import duplicate_ids, focus_twice, submit_missing
from infra.local.slack.chart_limits import CHART
from infra.local.slack.choice_limits import CHOICES, INPUT_CHOICES, OVERFLOW
from infra.local.slack.element_limits import (
    BUTTON,
    IMAGE_ELEMENT,
    NAME,
    PICTURE,
    PICTURE_SOURCE,
    PLAIN_TEXT_INPUT,
    RICH_TEXT_ELEMENTS,
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
    checked,
    enum,
    problem,
    require_any,
    string,
    typed,
)
from infra.local.slack.table_limits import TABLE

Surface = Literal["message", "modal", "home"]

MOST_BLOCKS: Final[Mapping[Surface, int]] = {"message": 50, "modal": 100, "home": 100}
# Not documented: chat.postMessage was measured to refuse more than this over all blocks.
MESSAGE_TEXT: Final = 13_200
VIEW_BYTES: Final = 250_000

# --- blocks


def block(required: Mapping[str, Rule], allowed: Mapping[str, Rule] | None = None) -> Rule:
    return typed(required, {"block_id": NAME, **(allowed or {})})


def _collapsible_as_said(container: Any, pointer: str) -> Iterator[str]:
    collapsible = container.get("is_collapsible", False)
    if container.get("default_collapsed") and not collapsible:
        yield problem("must be collapsible", f"{pointer}/default_collapsed")
    if container.get("has_header_divider") and collapsible:
        yield problem("must not be collapsible", f"{pointer}/has_header_divider")


RICH_TEXT: Final = block({"elements": RICH_TEXT_ELEMENTS})
BUTTONS_AND_MENUS: Final = {"button": BUTTON, "overflow": OVERFLOW, **CHOICES}

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
            "element": by_type({"plain_text_input": PLAIN_TEXT_INPUT, **INPUT_CHOICES}),
        },
        {"hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
    ),
    "image": all_of(
        block(PICTURE, {"title": plain(2000), **PICTURE_SOURCE}),
        require_any("image_url", "slack_file"),
    ),
    "rich_text": RICH_TEXT,
}
MARKDOWN: Final = block({"text": string(12_000)})
ALERT: Final = block(
    {"text": text(200)}, {"level": enum("default", "info", "warning", "error", "success")}
)
# Slack's documentation allows rich text and inputs too; its API refuses them (slack-morphism 2.31).
INSIDE_A_CONTAINER: Final = ("actions", "context", "divider", "header", "image", "section")
CONTAINER: Final = checked(
    block(
        {
            "child_blocks": array(
                by_type(
                    {"table": TABLE, **{name: EVERYWHERE[name] for name in INSIDE_A_CONTAINER}}
                ),
                10,
            )
        },
        {
            "title": plain(150),
            "rich_text_title": by_type({"rich_text": RICH_TEXT}),
            "subtitle": text(150),
            "icon": by_type({"image": IMAGE_ELEMENT}),
            "width": enum("narrow", "standard", "wide", "full"),
            "is_collapsible": boolean,
            "default_collapsed": boolean,
            "has_header_divider": boolean,
        },
    ),
    require_any("title", "rich_text_title"),
    _collapsible_as_said,
)

MESSAGES_AND_HOMES: Final = {"table": TABLE, "data_visualization": CHART, "container": CONTAINER}
BLOCKS: Final[Mapping[Surface, Rule]] = {
    "message": by_type({**EVERYWHERE, **MESSAGES_AND_HOMES, "markdown": MARKDOWN}),
    "modal": by_type({**EVERYWHERE, "alert": ALERT}),
    "home": by_type({**EVERYWHERE, **MESSAGES_AND_HOMES}),
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
    return list(rule(blocks, pointer)) or [*duplicate_ids(blocks, pointer)]


def check_view(view: Any) -> list[str]:
    """Return what Slack would refuse in a whole form or Home tab."""
    problems = list(by_type(VIEWS)(view, "/view"))
    if not problems:
        problems += check(view["blocks"], view["type"], "/view/blocks")
    return problems or [*submit_missing(view), *focus_twice(view)]
