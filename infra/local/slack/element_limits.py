"""
What Slack accepts inside a block: texts, buttons, menus, inputs, images and rich text.

The first half of the table of limits; `limits` has the second, and says where the numbers are from.
"""

from typing import Final

from infra.local.slack.rules import (
    Rule,
    anything,
    by_type,
    choice,
    every,
    flag,
    many,
    number,
    one_of_fields,
    shape,
    string,
    typed,
)


def plain(most: int) -> Rule:
    return by_type({"plain_text": typed({"text": string(most)}, {"emoji": flag})})


def text(most: int) -> Rule:
    return by_type(
        {
            "plain_text": typed({"text": string(most)}, {"emoji": flag}),
            "mrkdwn": typed({"text": string(most)}, {"verbatim": flag}),
        }
    )


NAME: Final = string(255)
URL: Final = string(3000)
STYLE: Final = choice("primary", "danger")
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
OPTIONS: Final = many(OPTION, 100)
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
OVERFLOW: Final = typed({"options": many(LINK_OPTION, 5)}, {"action_id": NAME, "confirm": CONFIRM})
STATIC_SELECT: Final = every(
    typed(
        {},
        {
            "options": OPTIONS,
            "option_groups": many(OPTION_GROUP, 100),
            "initial_option": OPTION,
            "placeholder": plain(150),
            "action_id": NAME,
            "confirm": CONFIRM,
            "focus_on_load": flag,
        },
    ),
    one_of_fields("options", "option_groups"),
)
PLAIN_TEXT_INPUT: Final = typed(
    {},
    {
        "action_id": NAME,
        "initial_value": string(3000, least=0),
        "multiline": flag,
        "min_length": number(0, 3000),
        "max_length": number(1, 3000),
        "placeholder": plain(150),
        "dispatch_action_config": anything,
        "focus_on_load": flag,
    },
)
IMAGE_ELEMENT: Final = every(
    typed(PICTURE, PICTURE_SOURCE), one_of_fields("image_url", "slack_file")
)
BUTTONS_AND_MENUS: Final = {
    "button": BUTTON,
    "overflow": OVERFLOW,
    "static_select": STATIC_SELECT,
}

# --- rich text

RUN_STYLE: Final = {"style": anything}
RUNS: Final = many(
    by_type(
        {
            "text": typed({"text": string()}, RUN_STYLE),
            "link": typed({"url": URL}, {"text": string(), "unsafe": flag, **RUN_STYLE}),
            "emoji": typed({"name": NAME}, {"unicode": anything, **RUN_STYLE}),
            "user": typed({"user_id": NAME}, RUN_STYLE),
            "usergroup": typed({"usergroup_id": NAME}, RUN_STYLE),
            "channel": typed({"channel_id": NAME}, RUN_STYLE),
            "broadcast": typed({"range": choice("here", "channel", "everyone")}, RUN_STYLE),
            "date": typed(
                {"timestamp": anything, "format": string()},
                {"url": URL, "fallback": string(), **RUN_STYLE},
            ),
        }
    ),
    least=0,
)
BORDER: Final = {"border": number(0, 1)}
RICH_TEXT_SECTION: Final = typed({"elements": RUNS})
RICH_TEXT_LIST: Final = typed(
    {
        "style": choice("bullet", "ordered"),
        "elements": many(by_type({"rich_text_section": RICH_TEXT_SECTION})),
    },
    {"indent": number(0, 8), "offset": anything, **BORDER},
)
RICH_TEXT_ELEMENTS: Final = many(
    by_type(
        {
            "rich_text_section": RICH_TEXT_SECTION,
            "rich_text_list": RICH_TEXT_LIST,
            "rich_text_preformatted": typed({"elements": RUNS}, {**BORDER, "language": anything}),
            "rich_text_quote": typed({"elements": RUNS}, BORDER),
        }
    )
)
