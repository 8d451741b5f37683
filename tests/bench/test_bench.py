from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

import pytest

from tests.bench import bots, gates, report, timing
from tests.bench.calls import CallCounts, Step, count
from tests.bench.events import KINDS, event
from tests.bench.quota import PROFILES, Profile
from tests.bench.stand_in import standing_in
from tests.runtime.emulator import NotFetched, fetch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path
    from typing import Any

    from tests.bench.bots import Bot
    from tests.bench.stand_in import StandIn


@pytest.fixture(scope="module")
def textbook(tmp_path_factory: pytest.TempPathFactory) -> Bot:
    try:
        emulator = fetch()
    except NotFetched as reason:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"AWS's Lambda emulator is not here: {reason}")
    return bots.textbook(emulator, tmp_path_factory.mktemp("textbook"))


@pytest.fixture
def server() -> Iterator[StandIn]:
    with standing_in() as server:
        yield server


def test_the_textbook_bot_opens_a_form_and_leaves_the_rest_to_lazy_listeners(
    textbook: Bot, server: StandIn
) -> None:
    with timing.running(textbook, server) as function:
        answers = [function.invoke(event(kind))["statusCode"] for kind in KINDS]
        lazily = event("submit")
        lazily["headers"] |= {
            "x-slack-bolt-lazy-only": "1",
            "x-slack-bolt-lazy-function-name": "update",
        }
        function.invoke(lazily)

    assert answers == [200, 200, 200]
    assert server.calls == ["auth.test", "views.open", "Invoke", "Invoke", "UpdateModelPackage"]


@pytest.mark.parametrize(
    "profile", [Profile("at once", 885), Profile("later", 885, init_is_free=True)]
)
def test_each_call_is_timed_behind_a_limit(
    textbook: Bot, server: StandIn, profile: Profile
) -> None:
    times = timing.measure((textbook,), profile, timing.Plan(1, 2, ("click",)), server)

    many = {(cell.start, cell.kind): len(values.all) for cell, values in times.items()}
    assert many == {
        (start, what): number
        for start, number in ((timing.COLD, 1), (timing.WARM, 2))
        for what in ("click", timing.FORM)
    }
    medians = {(cell.start, cell.kind): values.median for cell, values in times.items()}
    assert (
        medians[timing.COLD, "click"]
        > medians[timing.COLD, timing.FORM]
        > medians[timing.WARM, "click"]
    )


def test_an_answer_that_is_no_acknowledgement_is_not_timed(textbook: Bot, server: StandIn) -> None:
    stranger = replace(
        textbook, environment={**textbook.environment, "SLACK_SIGNING_SECRET": "another"}
    )

    with pytest.raises(RuntimeError, match=r"textbook does not acknowledge a click: .*401"):
        timing.measure((stranger,), PROFILES[0], timing.Plan(1, 0), server)


BUSY = """
import time
latest = time.monotonic() + 1
while time.monotonic() < latest:
    pass
print(time.process_time())
"""


def controlling(share: float) -> AbstractContextManager[str]:
    if kernel := gates.best():
        return gates.controlling(kernel, share)
    pytest.skip("no control group can be made here")


@pytest.mark.parametrize("gate", [gates.throttling, controlling])
def test_a_process_behind_a_gate_has_its_share_and_no_more(
    gate: Callable[[float], AbstractContextManager[str]],
) -> None:
    with gate(0.25) as line:
        program = f'pid=$$\n{line}\nexec "$0" -c "$1"'
        done = subprocess.run(  # noqa: S603 - a shell that runs the tests' interpreter
            ["/bin/sh", "-c", program, sys.executable, BUSY],
            capture_output=True,
            text=True,
            check=True,
            timeout=30,
        )

    assert float(done.stdout) < 0.6


def test_a_failed_attempt_to_make_a_control_group_leaves_nothing_behind(tmp_path: Path) -> None:
    kernel = gates.Kernel(2, tmp_path, "cpu.max", "{quota} 20000")

    with pytest.raises(FileNotFoundError), gates.controlling(kernel, 0.5):
        pass

    assert list(tmp_path.iterdir()) == []


@pytest.mark.filterwarnings("ignore:No application metrics to publish")
def test_a_decision_updates_the_version_once_and_a_vote_does_not() -> None:
    steps = {step.name: step.counts for step in count()}

    updates = {name: counts.aws["sagemaker:UpdateModelPackage"] for name, counts in steps.items()}
    assert [name for name, many in updates.items() if many == 1] == [
        "one vote decides",
        "one vote decides, functions just started",
        "the second vote decides",
    ]
    assert sum(updates.values()) == 3
    assert steps["one vote decides"].slack["chat.update"] == 1
    assert not {name for counts in steps.values() for name in counts.aws if "?" in name}


# --- the report -----------------------------------------------------------------------------------


def results(ours: float = 400, aws: int = 8) -> report.Results:
    """Of a run in which each call of ours took so long, and a decision so many calls to AWS."""
    took = {bots.OURS: timing.Times((ours,)), bots.TEXTBOOK: timing.Times((1000, 1000))}
    cells = product([p.name for p in PROFILES], (timing.COLD, timing.WARM), (*KINDS, timing.FORM))
    calls = {"sagemaker:UpdateModelPackage": 1, "dynamodb:GetItem": aws - 1}
    counts = CallCounts(Counter(calls), Counter({"chat.update": 3}))
    sizes: Any = {
        "there": {bots.OURS: None},
        "here": {bots.OURS: 4_100_000, bots.TEXTBOOK: 8_200_000},
    }
    return report.Results(
        {timing.Cell(*cell, bot): took[bot] for cell in cells for bot in took},
        sizes,
        (Step("a vote", counts),),
    )


def test_the_table_has_a_row_for_everything_that_was_measured() -> None:
    rows = report.table(results()).splitlines()[2:]

    assert len(rows) == len(PROFILES) * 2 * 4 + 2 + 1
    assert "| cold, ack of a click, 1,024 MB | 400 ms (400) | 1,000 ms (1,000) | 0.40 |" in rows
    assert "| zip, here | 4.1 MB | 8.2 MB | 0.50 |" in rows
    assert "| zip, there | n/a | n/a | n/a |" in rows
    assert "| calls, a vote | 8 AWS, 3 Slack | n/a | n/a |" in rows


def test_calls_are_listed_by_name() -> None:
    assert report.calls(results()) == (
        "- a vote: sagemaker:UpdateModelPackage, 7 x dynamodb:GetItem, 3 x chat.update\n"
    )


def test_a_goal_that_was_missed_is_reported_as_missed() -> None:
    missed = [line for line in report.goals(results()).splitlines() if "NOT" in line]
    more = report.goals(results(ours=1001, aws=9))

    assert missed == ["- NOT met: zip at most 8 MB: n/a, there"]
    assert "- NOT met: cold ack of a click at 1,024 MB at most half of the textbook's: 1.00" in more
    assert "- NOT met: cold ack of a click at 1,024 MB under 1 s: 1,001 ms" in more
    assert "- NOT met: at most 8 AWS calls: 9, a vote" in more
