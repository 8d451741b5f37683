"""No question and no job takes more calls of SageMaker in a large registry."""

from __future__ import annotations

import pytest

from tests.bench.scale import measure, sweep_pages

MOST = {
    "/model-status": 30,
    "/model-status pending": 10,
    "/model-status GROUP": 3,
    "/model-status GROUP 3": 6,
    "the same in another case": 25,
    "an unknown group": 25,
    "history of a group": 6,
    "Home": 10,
    "a new version is announced": 5,
    "a decision": 4,
    "a sweep": 10,
}


@pytest.mark.parametrize(
    ("groups", "versions"), [(2000, 10), (3, 3000)], ids=["many groups", "large groups"]
)
def test_what_is_asked_of_sagemaker_depends_on_what_is_shown_and_not_on_what_there_is(
    groups: int, versions: int
) -> None:
    calls = measure(groups, versions, waiting=500)

    assert calls.keys() == MOST.keys()
    assert {what: many for what, many in calls.items() if many > MOST[what]} == {}


def test_a_sweep_reads_no_more_of_the_table_though_more_was_decided() -> None:
    assert sweep_pages(decided=100, waiting=500) == sweep_pages(decided=20_000, waiting=500) <= 8
