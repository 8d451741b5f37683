from __future__ import annotations

from collections import Counter
from itertools import product
from typing import TYPE_CHECKING

from infra.local import deployment
from tests.bench import bench, bots, report, timing
from tests.bench.calls import CallCounts, Step
from tests.bench.events import KINDS, QUESTION
from tests.bench.quota import FULL_SPEED, HALF, HALF_THROTTLED, THROTTLED
from tests.runtime.lambdas import Image

if TYPE_CHECKING:
    from typing import Any

FOUR = {
    bots.OURS: 400.0,
    bots.TEXTBOOK: 1000.0,
    bots.OURS_PLAIN: 900.0,
    bots.TEXTBOOK_COMPILED: 500.0,
}


def results(ours: float = 400, aws: int = 11, slack: int = 3) -> report.Results:
    """Of a run in which each call of ours took so long, and a decision so many calls."""
    took = {bot: timing.Times((ms, ms)) for bot, ms in {**FOUR, bots.OURS: ours}.items()}
    starts = ((FULL_SPEED, timing.COLD), (FULL_SPEED, timing.WARM), (THROTTLED, timing.COLD))
    times = {
        timing.Cell(*start, kind, bot): took[bot]
        for start, kind, bot in product(starts, (*KINDS, timing.FORM), FOUR)
    }
    times[timing.Cell(HALF, timing.COLD, QUESTION, bots.OURS)] = took[bots.OURS]
    calls = {"sagemaker:UpdateModelPackage": 1, "dynamodb:GetItem": aws - 1}
    counts = CallCounts(Counter(calls), Counter({"chat.update": slack}))
    sizes: Any = {
        "there": {bots.OURS: None},
        "here": {bots.OURS: 4_100_000, bots.TEXTBOOK: 8_200_000},
    }
    return report.Results(times, sizes, (Step("a vote", counts),))


def test_the_table_has_a_row_for_everything_that_was_measured() -> None:
    head, _, *rows = report.table(results()).splitlines()

    assert head.count("|") == rows[0].count("|") == 8
    assert len(rows) == 3 * 4 + 1 + 2 + 1
    took = "400 ms (400) | 1,000 ms (1,000) | 900 ms (900) | 500 ms (500) | 0.40 | 0.80"
    assert f"| cold, ack of a click, 1,024 MB, INIT at full speed | {took} |" == rows[0]
    assert f"| warm, ack of a submit, 1,024 MB | {took} |" in rows
    alone = "400 ms (400) | n/a | n/a | n/a | n/a | n/a"
    asked = "cold, worker answers a question, 512 MB, INIT at full speed"
    assert f"| {asked} | {alone} |" in rows
    assert "| zip, here | 4.1 MB | 8.2 MB | n/a | n/a | 0.50 | n/a |" in rows
    assert "| zip, there | n/a | n/a | n/a | n/a | n/a | n/a |" in rows
    assert "| calls, a vote | 11 AWS, 3 Slack | n/a | n/a | n/a | n/a | n/a |" in rows


def test_init_at_full_speed_is_timed_first_as_lambda_does_it() -> None:
    four = tuple(bots.Bot(name, Image(*[deployment.ROOT] * 3), "", {}) for name in report.BOTS)
    profiles = [profile for _, profile, _ in bench.runs(four, bench.QUICK)]

    assert profiles == [FULL_SPEED, HALF, HALF, THROTTLED, HALF_THROTTLED]


def test_calls_are_listed_by_name() -> None:
    assert report.calls(results()) == (
        "- a vote: sagemaker:UpdateModelPackage, 10 x dynamodb:GetItem, 3 x chat.update\n"
    )


def test_a_goal_that_was_missed_is_reported_as_missed() -> None:
    assert missed(results(ours=350)) == ["zip at most 8 MB: n/a, there"]
    assert missed(results(ours=1501, aws=12, slack=5)) == [
        "cold ack of a click at most 0.40 of the textbook's: 1.501, 1,024 MB, INIT at full speed",
        "cold ack of a click at most 0.35 of the textbook's: 1.501, 1,024 MB, INIT throttled",
        "warm ack of a click at most 1.50 of the textbook's: 1.501, 1,024 MB",
        "cold ack of a click under 1 s: 1,501 ms, 1,024 MB, INIT throttled",
        "at most 11 AWS calls: 12, a vote",
        "at most 4 Slack calls: 5, a vote",
        "zip at most 8 MB: n/a, there",
    ]
    assert "throttled" in missed(results(ours=351))[0]


def missed(of: report.Results) -> list[str]:
    lines = report.goals(of).splitlines()
    return [line.removeprefix("- NOT met: ") for line in lines if "NOT" in line]
