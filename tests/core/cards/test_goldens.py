"""
What people see in every situation, kept as text that a reviewer reads.

A text shows all that people see. It does not show what a button or a form sends back, nor how
blocks are nested: a few situations, one for each structure, are kept as JSON as well.
"""

import json
from collections.abc import Callable
from typing import Final

import pytest

from tests.conftest import GOLDEN
from tests.core.reading import as_golden
from tests.core.situations.all import ALL

AS_JSON: Final = (
    "answer-help",
    "answer-pending-first-page",
    "card-approved-here-and-live",
    "card-waiting",
    "card-with-one-vote-of-two",
    "endpoint-failed",
    "form-approve",
    "form-approve-ones-own",
    "form-refused",
    "history-last-page",
    "home-while-one-is-in-the-making",
    "private-may-not",
    "thread-approve",
)


@pytest.mark.parametrize("name", ALL)
def test_people_see_what_was_reviewed(name: str, golden: Callable[[str, str], None]) -> None:
    golden(f"{name}.txt", as_golden(ALL[name]))


@pytest.mark.parametrize("name", AS_JSON)
def test_slack_gets_the_blocks_that_were_reviewed(
    name: str, golden: Callable[[str, str], None]
) -> None:
    golden(f"{name}.json", json.dumps(ALL[name], indent=2, ensure_ascii=False) + "\n")


def test_no_golden_file_is_left_over() -> None:
    texts, blocks = {f"{name}.txt" for name in ALL}, {f"{name}.json" for name in AS_JSON}

    assert {path.name for path in GOLDEN.iterdir()} == texts | blocks
