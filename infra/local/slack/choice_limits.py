"""
What Slack accepts as a choice: options, menus, checkboxes, radio buttons, lists of people.

Source: docs.slack.dev/reference/block-kit/block-elements, a page for each.
"""

from collections.abc import Iterator
from typing import Any, Final

from infra.local.slack.element_limits import CONFIRM, NAME, URL, plain, text
from infra.local.slack.rules import (
    Rule,
    array,
    boolean,
    checked,
    enum,
    exactly_one,
    problem,
    shape,
    string,
    typed,
)

LABELLED: Final = {"text": plain(75), "value": string(150)}
OPTION: Final = shape(LABELLED, {"description": plain(75)})
LINK_OPTION: Final = shape(LABELLED, {"description": plain(75), "url": URL})
MARKED_UP_OPTION: Final = shape({"text": text(75), "value": string(150)}, {"description": text(75)})
OPTIONS: Final = array(OPTION, 100)
OPTION_GROUP: Final = shape({"label": plain(75), "options": OPTIONS})

COMMON: Final = {"action_id": NAME, "confirm": CONFIRM, "focus_on_load": boolean}
MENU: Final = {**COMMON, "placeholder": plain(150)}


def _initial_are_options(element: Any, pointer: str) -> Iterator[str]:
    """An initial option has to be one of the options, to the letter."""
    groups = element.get("option_groups", [{"options": element.get("options", [])}])
    options = [option for group in groups for option in group["options"]]
    if "initial_option" in element and element["initial_option"] not in options:
        yield problem("must be one of the options", f"{pointer}/initial_option")
    for index, each in enumerate(element.get("initial_options", ())):
        if each not in options:
            yield problem("must be one of the options", f"{pointer}/initial_options/{index}")


OVERFLOW: Final = typed({"options": array(LINK_OPTION, 5)}, {"action_id": NAME, "confirm": CONFIRM})
STATIC_SELECT: Final = checked(
    typed(
        {},
        {
            **MENU,
            "options": OPTIONS,
            "option_groups": array(OPTION_GROUP, 100),
            "initial_option": OPTION,
        },
    ),
    exactly_one("options", "option_groups"),
    _initial_are_options,
)
CHECKBOXES: Final = checked(
    typed(
        {"options": array(MARKED_UP_OPTION, 10)},
        {**COMMON, "initial_options": array(MARKED_UP_OPTION, 10)},
    ),
    _initial_are_options,
)
RADIO_BUTTONS: Final = checked(
    typed(
        {"options": array(MARKED_UP_OPTION, 10)},
        {**COMMON, "initial_option": MARKED_UP_OPTION},
    ),
    _initial_are_options,
)
USERS_SELECT: Final = typed({}, {**MENU, "initial_user": NAME})
CONVERSATIONS: Final = {
    **MENU,
    "initial_conversation": NAME,
    "default_to_current_conversation": boolean,
    "filter": shape(
        {},
        {
            "include": array(enum("im", "mpim", "private", "public")),
            "exclude_external_shared_channels": boolean,
            "exclude_bot_users": boolean,
        },
    ),
}
CONVERSATIONS_SELECT: Final = typed({}, CONVERSATIONS)

CHOICES: Final[dict[str, Rule]] = {
    "static_select": STATIC_SELECT,
    "checkboxes": CHECKBOXES,
    "radio_buttons": RADIO_BUTTONS,
    "users_select": USERS_SELECT,
    "conversations_select": CONVERSATIONS_SELECT,
}
"""The choices that may be in a section, among actions or in an input."""
INPUT_CHOICES: Final[dict[str, Rule]] = {
    **CHOICES,
    "conversations_select": typed({}, {**CONVERSATIONS, "response_url_enabled": boolean}),
}
"""The same in an input, where a form may ask for a response URL of the conversation."""
