"""What a person fills into a form: as Slack sends it, and what its client checks before it does."""

from collections.abc import Sequence
from typing import Any, Final

from infra.local.slack.model import Json, interactive

# Where an element keeps what was filled in, and where what it starts with.
FIELDS: Final = {
    "plain_text_input": ("value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
}


def values_of(blocks: Sequence[Json], filled: Json) -> Json:
    """`state.values` for these blocks: every field is there, null where nothing was filled in."""
    values: Json = {}
    for block, element in interactive(blocks):
        if element["type"] in FIELDS:
            field, initial = FIELDS[element["type"]]
            given = filled.get(block["block_id"], {}).get(element["action_id"])
            value = element.get(initial) if given is None else given.get(field)
            mine = values.setdefault(block["block_id"], {})
            mine[element["action_id"]] = {"type": element["type"], field: value or None}
    return values


def inputs(blocks: Sequence[Json]) -> list[Json]:
    """The blocks that are questions, under which a complaint can stand."""
    return [block for block in blocks if block["type"] == "input"]


def complaints(blocks: Sequence[Json], values: Json) -> dict[str, str]:
    """What Slack's client says under the fields of a form that it does not submit."""
    found = {each["block_id"]: _complaint(each, values) for each in inputs(blocks)}
    return {block_id: complaint for block_id, complaint in found.items() if complaint}


def _complaint(block: Json, values: Json) -> str:
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
