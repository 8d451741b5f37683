"""
What Slack accepts as a table.

Sources: docs.slack.dev/reference/block-kit/blocks/table-block; NousResearch/hermes-agent #57128 for
what it refuses besides: empty cells, numbers, no settings for a column.
"""

from collections.abc import Iterator
from typing import Any, Final

from infra.local.slack.element_limits import NAME, RICH_TEXT_ELEMENTS
from infra.local.slack.lengths import text_length
from infra.local.slack.rules import (
    Rule,
    array,
    boolean,
    by_type,
    checked,
    enum,
    problem,
    shape,
    string,
    typed,
)

CHARACTERS: Final = 10_000


def _not_empty(cell: Any, pointer: str) -> Iterator[str]:
    if not any(element.get("elements") for element in cell["elements"]):
        yield problem("must not be empty", pointer)


def _short_enough(block: Any, pointer: str) -> Iterator[str]:
    if text_length(block["rows"]) > CHARACTERS:
        yield problem(f"no more than {CHARACTERS} characters allowed", f"{pointer}/rows")


CELL: Final = by_type(
    {
        "raw_text": typed({"text": string()}),
        "rich_text": checked(typed({"elements": RICH_TEXT_ELEMENTS}), _not_empty),
    }
)
COLUMN: Final = shape({}, {"align": enum("left", "center", "right"), "is_wrapped": boolean})
TABLE: Final[Rule] = checked(
    typed(
        {"rows": array(array(CELL, 20), 100)},
        {"block_id": NAME, "column_settings": array(COLUMN, 20, least=0)},
    ),
    _short_enough,
)
