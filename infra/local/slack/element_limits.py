"""
What Slack accepts inside a block: texts, buttons, inputs, images and rich text.

A part of the table of limits; `limits` has the whole, and the source of the numbers.
"""

from collections.abc import Iterator
from typing import Any, Final

from infra.local.slack.rules import (
    Rule,
    all_of,
    array,
    boolean,
    by_type,
    checked,
    enum,
    exactly_one,
    integer,
    problem,
    require_any,
    shape,
    string,
    typed,
)


def plain(most: int) -> Rule:
    return by_type({"plain_text": typed({"text": string(most)}, {"emoji": boolean})})


def text(most: int) -> Rule:
    return by_type(
        {
            "plain_text": typed({"text": string(most)}, {"emoji": boolean}),
            "mrkdwn": typed({"text": string(most)}, {"verbatim": boolean}),
        }
    )


NAME: Final = string(255)
URL: Final = string(3000)
STYLE: Final = enum("primary", "danger")
PICTURE: Final = {"alt_text": string(2000)}
PICTURE_SOURCE: Final = {
    "image_url": URL,
    "slack_file": checked(shape({}, {"id": NAME, "url": URL}), exactly_one("id", "url")),
}
DISPATCH: Final = shape(
    {}, {"trigger_actions_on": array(enum("on_enter_pressed", "on_character_entered"), 2)}
)

# --- inside elements

CONFIRM: Final = shape(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": STYLE},
)
# --- elements

BUTTON: Final = typed(
    {"text": plain(75)},
    {
        "action_id": NAME,
        "value": string(2000),
        "url": URL,
        "style": STYLE,
        "confirm": CONFIRM,
        "accessibility_label": string(75),
        "agent_prompt": string(4000),
    },
)


def _least_is_not_over_most(element: Any, pointer: str) -> Iterator[str]:
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if least > most:
        yield problem("must not be more than `max_length`", f"{pointer}/min_length")


PLAIN_TEXT_INPUT: Final = checked(
    typed(
        {},
        {
            "action_id": NAME,
            "initial_value": string(3000, least=0),
            "multiline": boolean,
            "min_length": integer(0, 3000),
            "max_length": integer(1, 3000),
            "placeholder": plain(150),
            "dispatch_action_config": DISPATCH,
            "focus_on_load": boolean,
        },
    ),
    _least_is_not_over_most,
)
IMAGE_ELEMENT: Final = all_of(
    typed(PICTURE, PICTURE_SOURCE), require_any("image_url", "slack_file")
)
# --- rich text

_STYLES: Final = (
    *("bold", "italic", "strike", "underline", "code"),
    *("highlight", "client_highlight", "unlink"),
)
RUN_STYLE: Final = {"style": shape({}, dict.fromkeys(_STYLES, boolean))}
RUNS: Final = array(
    by_type(
        {
            "text": typed({"text": string()}, RUN_STYLE),
            "link": typed({"url": URL}, {"text": string(), "unsafe": boolean, **RUN_STYLE}),
            "emoji": typed({"name": NAME}, {"unicode": string(), **RUN_STYLE}),
            "user": typed({"user_id": NAME}, RUN_STYLE),
            "usergroup": typed({"usergroup_id": NAME}, RUN_STYLE),
            "channel": typed({"channel_id": NAME}, RUN_STYLE),
            "broadcast": typed({"range": enum("here", "channel", "everyone")}, RUN_STYLE),
            "date": typed(
                {"timestamp": integer(0, 2**53), "format": string()},
                {"url": URL, "fallback": string(), **RUN_STYLE},
            ),
        }
    ),
    least=0,
)
BORDER: Final = {"border": integer(0, 1)}
RICH_TEXT_SECTION: Final = typed({"elements": RUNS})
RICH_TEXT_LIST: Final = typed(
    {
        "style": enum("bullet", "ordered"),
        "elements": array(by_type({"rich_text_section": RICH_TEXT_SECTION})),
    },
    {"indent": integer(0, 8), "offset": integer(0, 1_000_000), **BORDER},
)
RICH_TEXT_ELEMENTS: Final = array(
    by_type(
        {
            "rich_text_section": RICH_TEXT_SECTION,
            "rich_text_list": RICH_TEXT_LIST,
            "rich_text_preformatted": typed({"elements": RUNS}, {**BORDER, "language": string()}),
            "rich_text_quote": typed({"elements": RUNS}, BORDER),
        }
    )
)
