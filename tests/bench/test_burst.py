"""Many new versions at once hold up nobody."""

from __future__ import annotations

import pytest

from tests.bench.burst import Burst


@pytest.mark.parametrize(
    ("seconds", "most"), [(60.0, 1.15), (1.0, 1.25)], ids=["in a minute", "in a second"]
)
def test_a_thousand_new_versions_hold_up_no_decision_and_no_question(
    seconds: float, most: float
) -> None:
    burst = Burst(1000, seconds)
    burst.run()
    results = burst.results()

    assert results["cards"] == 1000
    assert results["dead letters"] == 0
    for asked, done in (
        ("forms submitted", "decision applied, s"),
        ("questions", "question answered, s"),
    ):
        assert results[done]["count"] == results[asked] > 50
        assert results[done]["longest"] <= 5
    assert results["decision told, s"]["count"] == results["forms submitted"]
    assert results["decision told, s"]["median"] <= 5
    # Slack takes a message a second.
    assert results["last card, s"] <= most * results["messages in the channel until then"]
    assert sum(results["refused by Slack"].values()) < 1000 / 4
    assert results["searches of the history"] == 0


def test_questions_to_a_registry_that_does_not_answer_hold_up_no_decision() -> None:
    burst = Burst(60, 60.0, hanging="AnswerQuestion")
    burst.run()
    results = burst.results()

    assert results["decision applied, s"]["count"] == results["forms submitted"] > 5
    assert results["decision applied, s"]["longest"] <= 5
    assert results["question answered, s"]["count"] == 0
