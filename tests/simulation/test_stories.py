"""What went wrong once does not go wrong again."""

from __future__ import annotations

from textwrap import dedent

import pytest

from tests.simulation.chance import Line
from tests.simulation.run import from_lines
from tests.simulation.stories import STORIES


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_every_promise_holds_in_the_story(story: str) -> None:
    lines = [Line.parse(text) for text in dedent(story).strip().splitlines()]
    result = from_lines(lines)
    if result.broken:
        raise result.broken


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_the_story_can_still_be_told(story: str) -> None:
    """A line that cannot happen any more would be left out, and the test would show nothing."""
    lines = [Line.parse(text) for text in dedent(story).strip().splitlines()]
    told = from_lines(lines).lines
    assert [str(line) for line in told] == [str(line) for line in lines]
