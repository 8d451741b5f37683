"""Reads what a person did from the JSON of a client call; refuses what no person could do."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from infra.local.slack import form
from infra.local.slack.model import Json, interactive

COMMAND: Final = "/model-status"


class WrongInput(Exception):
    """The caller asks for what no person could do; says so in a sentence."""


def text_of(body: Json, name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise WrongInput(f"`{name}` is missing.")
    return value


def command_text(body: Json) -> str:
    """What stands after the command; the command itself may be left out."""
    text = str(body.get("text", "")).strip()
    first, _, rest = text.partition(" ")
    if first == COMMAND:
        return rest.strip()
    if first.startswith("/"):
        raise WrongInput(f"There is no command {first} here, only {COMMAND}.")
    return text


def action(blocks: Sequence[Json], body: Json) -> Json:
    """What was done with which element, as Slack writes it."""
    block, element = _element(blocks, body)
    kept = ("type", "action_id", "text", "value", "style", "placeholder")
    done = {name: element[name] for name in kept if name in element}
    done["block_id"] = block["block_id"]
    if element["type"] != "button":
        done["selected_option"] = _selected(element, body.get("selected_option"))
    return done


def picked(done: Json) -> Json:
    """What an action leaves filled in: the option, if one was selected."""
    if "selected_option" not in done:
        return {}
    return {done["block_id"]: {done["action_id"]: done}}


def filled(blocks: Sequence[Json], body: Json) -> Json:
    """What the person has filled in so far, in fields that are there."""
    given: Any = body.get("values", {})
    fields = form.values_of(blocks, {})
    if not isinstance(given, dict):
        raise WrongInput("`values` is an object, as in Slack's view.state.values.")
    for block_id, in_block in given.items():
        if not isinstance(in_block, dict) or in_block.keys() - fields.get(block_id, {}).keys():
            raise WrongInput(f"{block_id} has no such field to fill in.")
        if not all(isinstance(each, dict) for each in in_block.values()):
            raise WrongInput(f"A field of {block_id} is not as in Slack's view.state.values.")
    return given


def _element(blocks: Sequence[Json], body: Json) -> tuple[Json, Json]:
    """The one element that is meant, with its block."""
    action_id, block_id = text_of(body, "action_id"), body.get("block_id")
    found = [
        (block, element)
        for block, element in interactive(blocks)
        if element["action_id"] == action_id and block_id in {None, block["block_id"]}
    ]
    if not found:
        raise WrongInput(f"There is nothing called {action_id} to click (any more).")
    if len(found) > 1:
        raise WrongInput(f"{action_id} is there {len(found)} times: say which block_id.")
    return found[0]


def _selected(element: Json, wanted: Any) -> Json:
    """The option that is meant; its value is enough to name it."""
    value = wanted.get("value") if isinstance(wanted, dict) else None
    for option in _options(element):
        if option["value"] == value:
            return option
    raise WrongInput(f"`selected_option` is not among the options of {element['action_id']}.")


def _options(element: Json) -> Iterator[Json]:
    yield from element.get("options", ())
    for group in element.get("option_groups", ()):
        yield from group["options"]
