"""Reads what a person did from the body of a client call; refuses what no person could do."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from infra.local.slack import form
from infra.local.slack.model import Json, interactive
from infra.local.slack.workspace import Workspace

COMMAND: Final = "/model-status"
MOST: Final = 1_000_000
"""The largest number that a call takes."""
COPIED: Final = (
    *("type", "action_id", "text", "value", "style", "placeholder"),
    *("initial_option", "initial_options", "initial_user", "initial_conversation"),
)
"""The fields of an element that Slack sends with what was done with it."""
CHOSEN: Final = {
    "overflow": "selected_option",
    "static_select": "selected_option",
    "radio_buttons": "selected_option",
    "checkboxes": "selected_options",
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
}
"""
By type of element: the field with what was chosen.

Source: docs.slack.dev/reference/interaction-payloads/block_actions-payload, and slackapi/
java-slack-sdk, json-logs/samples/app-backend/interactive-components.
"""


class WrongInput(Exception):
    """The caller asks for what no person could do; the message says what is wrong."""


def text_of(body: Json, name: str) -> str:
    """Return a field that must be there. Raises WrongInput."""
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise WrongInput(f"`{name}` is missing.")
    return value


def number_of(body: Json, name: str, default: int) -> int:
    """Return a number, 1 or more; *default* if it is left out. Raises WrongInput."""
    value = body.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MOST:
        raise WrongInput(f"`{name}` is a number, 1 or more.")
    return value


def command_text(body: Json) -> str:
    """Return the text after the command, which itself may be left out. Raises WrongInput."""
    text = body.get("text", "")
    if not isinstance(text, str):
        raise WrongInput("`text` is no text.")
    text = text.strip()
    first, _, rest = text.partition(" ")
    if first == COMMAND:
        return rest.strip()
    if first.startswith("/"):
        raise WrongInput(f"There is no command {first} here, only {COMMAND}.")
    return text


def action(blocks: Sequence[Json], body: Json, workspace: Workspace) -> Json:
    """Return what was done with which element, as Slack writes it. Raises WrongInput."""
    block, element = _element(blocks, body)
    action: Json = {name: element[name] for name in COPIED if name in element}
    action["block_id"] = block["block_id"]
    if element["type"] in CHOSEN:
        field = CHOSEN[element["type"]]
        action[field] = _chosen(field, element, body.get(field), workspace)
    elif element["type"] != "button":
        raise WrongInput(f"{element['action_id']} is not clicked but filled in.")
    return action


def with_choice(filled: Json, action: Json) -> Json:
    """Return what is filled in, with what an action has chosen."""
    if CHOSEN.get(action["type"]) not in action:
        return filled
    in_block = {**filled.get(action["block_id"], {}), action["action_id"]: action}
    return {**filled, action["block_id"]: in_block}


def filled(blocks: Sequence[Json], body: Json) -> Json:
    """Return what the person has filled in. Raises WrongInput for fields that do not exist."""
    values: Any = body.get("values", {})
    fields = form.values_of(blocks, {})
    if not isinstance(values, dict):
        raise WrongInput("`values` is an object, as in Slack's view.state.values.")
    for block_id, in_block in values.items():
        if not isinstance(in_block, dict) or in_block.keys() - fields.get(block_id, {}).keys():
            raise WrongInput(f"{block_id} has no such field to fill in.")
        if not all(isinstance(each, dict) for each in in_block.values()):
            raise WrongInput(f"A field of {block_id} is not as in Slack's view.state.values.")
    return values


def _element(blocks: Sequence[Json], body: Json) -> tuple[Json, Json]:
    """Return the one element that is meant, with its block."""
    action_id, block_id = text_of(body, "action_id"), body.get("block_id")
    candidates = [
        (block, element)
        for block, element in interactive(blocks)
        if element["action_id"] == action_id and block_id in (None, block["block_id"])
    ]
    if not candidates:
        raise WrongInput(f"There is nothing called {action_id} to click (any more).")
    candidates = [(block, element) for block, element in candidates if _is_told_at_once(block)]
    if not candidates:
        raise WrongInput(f"{action_id} is sent with its form, and not at once.")
    if len(candidates) > 1:
        raise WrongInput(f"{action_id} is there {len(candidates)} times: say which block_id.")
    return candidates[0]


def _is_told_at_once(block: Json) -> bool:
    """Return whether Slack sends an action (docs.slack.dev, "Input block", `dispatch_action`)."""
    return block["type"] != "input" or block.get("dispatch_action") is True


def _chosen(field: str, element: Json, wanted: Any, workspace: Workspace) -> Any:
    """Return what was chosen, if a person could. Raises WrongInput."""
    match field, wanted:
        case "selected_option", _:
            return _option(element, wanted, field)
        case "selected_options", list():
            return [_option(element, each, field) for each in wanted]
        case "selected_user", str() if wanted in workspace.users:
            return wanted
        case "selected_conversation", str() if wanted in workspace.channels:
            return wanted
    raise WrongInput(f"`{field}` is not among the choices of {element['action_id']}.")


def _option(element: Json, wanted: Any, field: str) -> Json:
    """Return the option that is meant; its value is enough to name it."""
    value = wanted.get("value") if isinstance(wanted, dict) else None
    for option in _options(element):
        if option["value"] == value:
            return option
    raise WrongInput(f"`{field}` is not among the options of {element['action_id']}.")


def _options(element: Json) -> Iterator[Json]:
    yield from element.get("options", ())
    for group in element.get("option_groups", ()):
        yield from group["options"]
