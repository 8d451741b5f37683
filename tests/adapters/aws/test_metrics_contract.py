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
        """The total of *name*."""
        ...

    def with_dimension(self, name: str, dimension: str) -> dict[str, int]:
        """The counts of *name*, by the value of *dimension*."""
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
        counts = self.metrics.counted.items()
        return {key.removeprefix(prefix): n for key, n in counts if key.startswith(prefix)}

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
        """The log when the function has ended."""
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


def test_counts_add_up(case: MetricsCase) -> None:
    case.metrics.count("Swept", 2)
    case.metrics.count("Swept")
    case.metrics.count("Failed", 0)

    assert case.counted("Swept") == 3
    assert case.counted("Failed") == 0


def test_a_metric_with_a_dimension_is_counted_by_dimension_and_in_total(case: MetricsCase) -> None:
    for reason in ("late", "not_an_approver", "late"):
        case.metrics.count("Refused", reason=reason)

    assert case.with_dimension("Refused", "reason") == {"late": 2, "not_an_approver": 1}
    assert case.counted("Refused") == 3


def test_durations_are_recorded_in_seconds(case: MetricsCase) -> None:
    case.metrics.measure("TimeToCard", timedelta(minutes=2))
    case.metrics.measure("TimeToCard", timedelta(milliseconds=500))

    assert case.times("TimeToCard") == [120, 0.5]


def test_a_negative_duration_is_recorded_as_zero(case: MetricsCase) -> None:
    case.metrics.measure("TimeToCard", timedelta(seconds=-3))

    assert case.times("TimeToCard") == [0]


def test_a_metric_that_was_never_recorded_is_zero(case: MetricsCase) -> None:
    assert case.counted("Refused") == 0
    assert case.times("TimeToCard") == []


# --- in the log -----------------------------------------------------------------------------------


def test_the_dimension_of_one_metric_is_not_given_to_another(in_the_log: InTheLog) -> None:
    in_the_log.metrics.count("Waiting", 3)
    in_the_log.metrics.count("Refused", reason="late")
    in_the_log.metrics.count("Waiting", 4)

    assert [blob["reason"] for blob in blobs(in_the_log.log()) if "Refused" in blob] == ["late"]
    assert ["reason" in blob for blob in blobs(in_the_log.log()) if "Waiting" in blob] == [False]
    assert values(in_the_log.log())["Waiting"] == [3, 4]


def test_a_metric_with_a_dimension_is_also_sent_without_it_for_alarms(in_the_log: InTheLog) -> None:
    """CloudWatch does not add up a metric over its dimensions."""
    in_the_log.metrics.count("SlackErrors", code="ratelimited")
    (blob,) = [blob for blob in blobs(in_the_log.log()) if "SlackErrors" in blob]
    (directive,) = blob["_aws"]["CloudWatchMetrics"]

    assert directive["Dimensions"] == [["service"], ["service", "code"]]
    assert Counter(directive["Metrics"][0]) == Counter({"Name": "SlackErrors", "Unit": "Count"})
