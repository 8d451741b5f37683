"""The planted bugs are still bugs in the code as it is."""

from __future__ import annotations

import pytest

from tests.simulation.plant import ROOT, Bug, all_bugs

BUGS = all_bugs()


def test_there_are_fifty_bugs_with_a_name_each() -> None:
    assert len({bug.name for bug in BUGS}) == len(BUGS) == 50


@pytest.mark.parametrize("bug", BUGS, ids=[bug.name for bug in BUGS])
def test_the_bug_can_be_planted_in_one_place_and_compiles(bug: Bug) -> None:
    source = (ROOT / bug.file).read_text(encoding="utf-8")
    planted = bug.planted_in(source)

    assert planted != source
    compile(planted, bug.file, "exec")


def test_a_bug_that_has_no_place_or_several_is_not_planted() -> None:
    bug = Bug(name="some-bug", area="decide", file="bot/some.py", before="a", after="b")
    for source in ("c", "a a"):
        with pytest.raises(ValueError, match="has to occur once"):
            bug.planted_in(source)
