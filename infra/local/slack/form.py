"""What a person fills into a form: as Slack sends it, and as its client checks it before."""

from collections.abc import Sequence
from typing import Any, Final

from infra.local.slack.model import Json, interactive

FIELDS: Final = {
    "plain_text_input": ("value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "checkboxes": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
}
"""By type of element: the field with what was filled in, and the one with the initial value."""


def values_of(blocks: Sequence[Json], filled: Json) -> Json:
    """Return `state.values` for these blocks: every field, null or no options if it is empty."""
    values: Json = {}
    for block, element in interactive(blocks):
        if element["type"] in FIELDS:
            field, initial = FIELDS[element["type"]]
            entry = filled.get(block["block_id"], {}).get(element["action_id"])
            value = element.get(initial) if entry is None else entry.get(field)
            in_block = values.setdefault(block["block_id"], {})
            nothing: list[Json] | None = [] if field == "selected_options" else None
            in_block[element["action_id"]] = {"type": element["type"], field: value or nothing}
    return values


def input_blocks(blocks: Sequence[Json]) -> list[Json]:
    """Return the input blocks; only these can show an error."""
    return [block for block in blocks if block["type"] == "input"]


def errors(blocks: Sequence[Json], values: Json) -> dict[str, str]:
    """Return the errors, by block, with which Slack's client does not submit a form."""
    checked = {each["block_id"]: _error(each, values) for each in input_blocks(blocks)}
    return {block_id: error for block_id, error in checked.items() if error}


def _error(block: Json, values: Json) -> str:
    element = block["element"]
    field, _ = FIELDS[element["type"]]
    value: Any = values[block["block_id"]][element["action_id"]][field]
    if isinstance(value, bool | float | int):
        return "This is not what the field holds."
    if not value:
        return "" if block.get("optional") else "Please complete this required field."
    if len(value) < element.get("min_length", 0):
        return f"Please enter at least {element['min_length']} characters."
    if len(value) > element.get("max_length", len(value)):
        return f"Please enter no more than {element['max_length']} characters."
    return ""
