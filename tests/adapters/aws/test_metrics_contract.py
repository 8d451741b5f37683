"""What every meter promises: CloudWatch's, and the one in memory that the flows are tested on."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

import pytest
from aws_lambda_powertools import Metrics

from bot.adapters.aws.metrics import EmfMetrics
from tests.doubles.meter import FakeMeter
from tests.handlers.logbook import blobs, kinds, values

if TYPE_CHECKING:
    from collections.abc import Iterator


class Gauge(Protocol):
    """A meter, and a look at what it says."""

    meter: Metrics

    def counted(self, name: str) -> int:
        """How many of *name* there were."""
        ...

    def of_kind(self, name: str, dimension: str) -> dict[str, int]:
        """How many of *name* there were of each kind."""
        ...

    def times(self, name: str) -> list[float]:
        """The seconds that *name* took."""
        ...


class InMemory:
    def __init__(self) -> None:
        self.meter = FakeMeter()

    def counted(self, name: str) -> int:
        return self.meter.counted[name]

    def of_kind(self, name: str, dimension: str) -> dict[str, int]:
        prefix = f"{name} {dimension}="
        found = self.meter.counted.items()
        return {key.removeprefix(prefix): n for key, n in found if key.startswith(prefix)}

    def times(self, name: str) -> list[float]:
        return self.meter.times.get(name, [])


class InTheLog:
    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self._log = ""
        self._metrics = Metrics(namespace="Tests", service="tests")
        self.meter = EmfMetrics(self._metrics)
        self.meter.count("Tests")  # Powertools has no word for nothing at all

    def counted(self, name: str) -> int:
        return int(sum(values(self.log()).get(name, [])))

    def of_kind(self, name: str, dimension: str) -> dict[str, int]:
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
    gauge = InTheLog(capsys)
    yield gauge
    gauge.clear()


@pytest.fixture(params=["in memory", "in the log"])
def gauge(request: pytest.FixtureRequest) -> Gauge:
    if request.param == "in memory":
        return InMemory()
    found: Gauge = request.getfixturevalue("in_the_log")
    return found


def test_what_is_counted_adds_up(gauge: Gauge) -> None:
    gauge.meter.count("Swept", 2)
    gauge.meter.count("Swept")
    gauge.meter.count("Failed", 0)

    assert gauge.counted("Swept") == 3
    assert gauge.counted("Failed") == 0


def test_what_has_kinds_is_counted_by_kind_and_as_a_whole(gauge: Gauge) -> None:
    for reason in ("late", "not_an_approver", "late"):
        gauge.meter.count("Refused", reason=reason)

    assert gauge.of_kind("Refused", "reason") == {"late": 2, "not_an_approver": 1}
    assert gauge.counted("Refused") == 3


def test_each_time_is_noted_in_seconds(gauge: Gauge) -> None:
    gauge.meter.took("TimeToCard", timedelta(minutes=2))
    gauge.meter.took("TimeToCard", timedelta(milliseconds=500))

    assert gauge.times("TimeToCard") == [120, 0.5]


def test_clocks_that_differ_do_not_make_less_than_nothing(gauge: Gauge) -> None:
    gauge.meter.took("TimeToCard", timedelta(seconds=-3))

    assert gauge.times("TimeToCard") == [0]


def test_of_what_never_was_there_is_nothing(gauge: Gauge) -> None:
    assert gauge.counted("Refused") == 0
    assert gauge.times("TimeToCard") == []


# --- in the log -----------------------------------------------------------------------------------


def test_a_kind_is_no_kind_of_what_is_counted_beside_it(in_the_log: InTheLog) -> None:
    in_the_log.meter.count("Waiting", 3)
    in_the_log.meter.count("Refused", reason="late")
    in_the_log.meter.count("Waiting", 4)

    assert [blob["reason"] for blob in blobs(in_the_log.log()) if "Refused" in blob] == ["late"]
    assert ["reason" in blob for blob in blobs(in_the_log.log()) if "Waiting" in blob] == [False]
    assert values(in_the_log.log())["Waiting"] == [3, 4]


def test_an_alarm_can_look_at_the_whole(in_the_log: InTheLog) -> None:
    """CloudWatch adds nothing up over dimensions by itself."""
    in_the_log.meter.count("SlackErrors", code="ratelimited")
    (blob,) = [blob for blob in blobs(in_the_log.log()) if "SlackErrors" in blob]
    (directive,) = blob["_aws"]["CloudWatchMetrics"]

    assert directive["Dimensions"] == [["service"], ["service", "code"]]
    assert Counter(directive["Metrics"][0]) == Counter({"Name": "SlackErrors", "Unit": "Count"})
