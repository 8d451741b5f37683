"""What every metric sink promises: CloudWatch's, and the one in memory for the tests of flows."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

import pytest
from aws_lambda_powertools import Metrics

from bot.adapters.aws.metrics import EmfMetrics
from tests.doubles.metrics import FakeMetrics
from tests.handlers.logbook import blobs, kinds, values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.flows.ports import MetricSink


class MetricsCase(Protocol):
    """A metric sink, and a look at what it recorded."""

    metrics: MetricSink

    def counted(self, name: str) -> int:
        """How many of *name* there were."""
        ...

    def with_dimension(self, name: str, dimension: str) -> dict[str, int]:
        """How many of *name* there were, by the value of *dimension*."""
        ...

    def times(self, name: str) -> list[float]:
        """The seconds that *name* took."""
        ...


class InMemory:
    def __init__(self) -> None:
        self.metrics = FakeMetrics()

    def counted(self, name: str) -> int:
        return self.metrics.counted[name]

    def with_dimension(self, name: str, dimension: str) -> dict[str, int]:
        prefix = f"{name} {dimension}="
        found = self.metrics.counted.items()
        return {key.removeprefix(prefix): n for key, n in found if key.startswith(prefix)}

    def times(self, name: str) -> list[float]:
        return self.metrics.times.get(name, [])


class InTheLog:
    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self._log = ""
        self._metrics = Metrics(namespace="Tests", service="tests")
        self.metrics = EmfMetrics(self._metrics)
        self.metrics.count("Tests")  # Powertools warns if nothing at all is counted

    def counted(self, name: str) -> int:
        return int(sum(values(self.log()).get(name, [])))

    def with_dimension(self, name: str, dimension: str) -> dict[str, int]:
        return kinds(self.log(), name, dimension)

    def times(self, name: str) -> list[float]:
        return values(self.log()).get(name, [])

    def log(self) -> str:
        """What stands in the log when the function has ended."""
        if self._metrics.metric_set:
            self._metrics.flush_metrics()
        self._log += self._capsys.readouterr().out
        return self._log

    def clear(self) -> None:
        self._metrics.clear_metrics()


@pytest.fixture
def in_the_log(capsys: pytest.CaptureFixture[str]) -> Iterator[InTheLog]:
    case = InTheLog(capsys)
    yield case
    case.clear()


@pytest.fixture(params=["in memory", "in the log"])
def case(request: pytest.FixtureRequest) -> MetricsCase:
    if request.param == "in memory":
        return InMemory()
    fixture: MetricsCase = request.getfixturevalue("in_the_log")
    return fixture


def test_what_is_counted_adds_up(case: MetricsCase) -> None:
    case.metrics.count("Swept", 2)
    case.metrics.count("Swept")
    case.metrics.count("Failed", 0)

    assert case.counted("Swept") == 3
    assert case.counted("Failed") == 0


def test_what_has_kinds_is_counted_by_kind_and_as_a_whole(case: MetricsCase) -> None:
    for reason in ("late", "not_an_approver", "late"):
        case.metrics.count("Refused", reason=reason)

    assert case.with_dimension("Refused", "reason") == {"late": 2, "not_an_approver": 1}
    assert case.counted("Refused") == 3


def test_each_time_is_noted_in_seconds(case: MetricsCase) -> None:
    case.metrics.measure("TimeToCard", timedelta(minutes=2))
    case.metrics.measure("TimeToCard", timedelta(milliseconds=500))

    assert case.times("TimeToCard") == [120, 0.5]


def test_clocks_that_differ_do_not_make_less_than_nothing(case: MetricsCase) -> None:
    case.metrics.measure("TimeToCard", timedelta(seconds=-3))

    assert case.times("TimeToCard") == [0]


def test_of_what_never_was_there_is_nothing(case: MetricsCase) -> None:
    assert case.counted("Refused") == 0
    assert case.times("TimeToCard") == []


# --- in the log -----------------------------------------------------------------------------------


def test_a_kind_is_no_kind_of_what_is_counted_beside_it(in_the_log: InTheLog) -> None:
    in_the_log.metrics.count("Waiting", 3)
    in_the_log.metrics.count("Refused", reason="late")
    in_the_log.metrics.count("Waiting", 4)

    assert [blob["reason"] for blob in blobs(in_the_log.log()) if "Refused" in blob] == ["late"]
    assert ["reason" in blob for blob in blobs(in_the_log.log()) if "Waiting" in blob] == [False]
    assert values(in_the_log.log())["Waiting"] == [3, 4]


def test_an_alarm_can_look_at_the_whole(in_the_log: InTheLog) -> None:
    """CloudWatch adds nothing up over dimensions by itself."""
    in_the_log.metrics.count("SlackErrors", code="ratelimited")
    (blob,) = [blob for blob in blobs(in_the_log.log()) if "SlackErrors" in blob]
    (directive,) = blob["_aws"]["CloudWatchMetrics"]

    assert directive["Dimensions"] == [["service"], ["service", "code"]]
    assert Counter(directive["Metrics"][0]) == Counter({"Name": "SlackErrors", "Unit": "Count"})
