"""What Slack accepts of blocks together: ids that differ, one focus, inputs that can be sent."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from infra.local.slack.model import Json, elements_of, every_block
from infra.local.slack.rules import problem


def duplicate_ids(blocks: list[Any], pointer: str) -> Iterator[str]:
    """Yield the ids of blocks, and of elements of one block, that are there twice."""
    places = [*every_block(blocks, pointer)]
    yield from _duplicates("block_id", places)
    for each, place in places:
        if each["type"] == "actions":
            elements = [(one, f"{place}/elements/{i}") for i, one in enumerate(each["elements"])]
            yield from _duplicates("action_id", elements)


def _duplicates(field: str, places: Iterable[tuple[Json, str]]) -> Iterator[str]:
    seen = set()
    for each, place in places:
        value = each.get(field)
        if value is not None and value in seen:
            yield problem(f"duplicate {field}: {value}", f"{place}/{field}")
        seen.add(value)


def focus_twice(view: Json) -> Iterator[str]:
    """Yield that more than one element of a view wants the focus."""
    blocks = [block for block, _ in every_block(view["blocks"])]
    wishes = [each.get("focus_on_load", False) for block in blocks for each in elements_of(block)]
    if sum(wishes) > 1:
        yield problem("only one element may have `focus_on_load`", "/view/blocks")


def submit_missing(view: Mapping[str, Any]) -> Iterator[str]:
    """Yield the inputs of a form that nobody could submit."""
    if view["type"] == "modal" and "submit" not in view:
        for index, each in enumerate(view["blocks"]):
            if each["type"] == "input":
                message = "must define `submit` to use an `input` block in modals"
                yield problem(message, f"/view/blocks/{index}/input")
