"""A slice of what `make simulate` goes through, and the simulation itself."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.simulation.chance import BETWEEN, Line, shorter
from tests.simulation.run import from_lines, from_seed

if TYPE_CHECKING:
    from collections.abc import Sequence

PARTS = 4


@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_is_lost_doubled_or_untrue_whatever_the_order_of_things(
    part: int, request: pytest.FixtureRequest
) -> None:
    for seed in range(part, request.config.getoption("--stories"), PARTS):
        result = from_seed(seed)
        if result.broken:
            result.broken.add_note(f"make simulate SEEDS={seed}")
            raise result.broken


def test_one_seed_is_one_story_in_every_process() -> None:
    command = [sys.executable, "-m", "tests.simulation", "--seeds", "5", "--transcript"]
    elsewhere = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    here = from_seed(5, transcript=True).transcript
    assert elsewhere.stdout.splitlines()[: len(here)] == list(here)
    assert len(here) > 100


def test_a_story_is_told_again_by_its_lines() -> None:
    for seed in range(8):
        first = from_seed(seed)
        again = from_lines(first.lines)
        assert again.lines == first.lines


def test_a_line_is_read_as_it_is_written() -> None:
    for line in from_seed(7).lines:
        assert Line.parse(str(line)) == line


def test_a_story_is_as_short_as_what_it_takes() -> None:
    lines = [Line(BETWEEN, 0, str(number)) for number in range(40)]

    def fails(kept: Sequence[Line]) -> bool:
        return {lines[3], lines[29]} <= set(kept)

    assert shorter(lines, fails) == [lines[3], lines[29]]
