"""
What Slack accepts inside a block: texts, buttons, menus, inputs, images and rich text.

The first half of the table of limits; `limits` has the second, and the source of the numbers.
"""

from typing import Final

from infra.local.slack.rules import (
    Rule,
    all_of,
    anything,
    array,
    boolean,
    by_type,
    enum,
    integer,
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
PICTURE_SOURCE: Final = {"image_url": URL, "slack_file": anything}

# --- inside elements

CONFIRM: Final = shape(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": STYLE},
)
LABELLED: Final = {"text": plain(75), "value": string(150)}
OPTION: Final = shape(LABELLED, {"description": plain(75)})
LINK_OPTION: Final = shape(LABELLED, {"description": plain(75), "url": URL})
OPTIONS: Final = array(OPTION, 100)
OPTION_GROUP: Final = shape({"label": plain(75), "options": OPTIONS})

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
OVERFLOW: Final = typed({"options": array(LINK_OPTION, 5)}, {"action_id": NAME, "confirm": CONFIRM})
STATIC_SELECT: Final = all_of(
    typed(
        {},
        {
            "options": OPTIONS,
            "option_groups": array(OPTION_GROUP, 100),
            "initial_option": OPTION,
            "placeholder": plain(150),
            "action_id": NAME,
            "confirm": CONFIRM,
            "focus_on_load": boolean,
        },
    ),
    require_any("options", "option_groups"),
)
PLAIN_TEXT_INPUT: Final = typed(
    {},
    {
        "action_id": NAME,
        "initial_value": string(3000, least=0),
        "multiline": boolean,
        "min_length": integer(0, 3000),
        "max_length": integer(1, 3000),
        "placeholder": plain(150),
        "dispatch_action_config": anything,
        "focus_on_load": boolean,
    },
)
IMAGE_ELEMENT: Final = all_of(
    typed(PICTURE, PICTURE_SOURCE), require_any("image_url", "slack_file")
)
BUTTONS_AND_MENUS: Final = {
    "button": BUTTON,
    "overflow": OVERFLOW,
    "static_select": STATIC_SELECT,
}

# --- rich text

RUN_STYLE: Final = {"style": anything}
RUNS: Final = array(
    by_type(
        {
            "text": typed({"text": string()}, RUN_STYLE),
            "link": typed({"url": URL}, {"text": string(), "unsafe": boolean, **RUN_STYLE}),
            "emoji": typed({"name": NAME}, {"unicode": anything, **RUN_STYLE}),
            "user": typed({"user_id": NAME}, RUN_STYLE),
            "usergroup": typed({"usergroup_id": NAME}, RUN_STYLE),
            "channel": typed({"channel_id": NAME}, RUN_STYLE),
            "broadcast": typed({"range": enum("here", "channel", "everyone")}, RUN_STYLE),
            "date": typed(
                {"timestamp": anything, "format": string()},
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
    {"indent": integer(0, 8), "offset": anything, **BORDER},
)
RICH_TEXT_ELEMENTS: Final = array(
    by_type(
        {
            "rich_text_section": RICH_TEXT_SECTION,
            "rich_text_list": RICH_TEXT_LIST,
            "rich_text_preformatted": typed({"elements": RUNS}, {**BORDER, "language": anything}),
            "rich_text_quote": typed({"elements": RUNS}, BORDER),
        }
    )
)
