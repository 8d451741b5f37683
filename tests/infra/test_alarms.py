"""What somebody is told of, and what the dashboard shows."""

from __future__ import annotations

import ast
import json
import re
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pytest

from bot.adapters.aws.job_queue import pause
from tests.infra.cloudformation import ROOT, named, of_type, service

if TYPE_CHECKING:
    from collections.abc import Iterator

ALARMS = of_type("AWS::CloudWatch::Alarm")
EACH = pytest.mark.parametrize("name", ALARMS)
RUNBOOKS = {
    "alarm-dead-letters",
    "alarm-undelivered",
    "alarm-old-line",
    "alarm-errors",
    "alarm-no-sweep",
    "alarm-slack-turned-away",
    "alarm-slack-slow",
}
"""Headings of the README."""


def watched(alarm: dict[str, Any]) -> tuple[str, set[str]]:
    """The metric that an alarm looks at, and the resources that it is of."""
    return alarm["MetricName"], {*named(alarm["Dimensions"])}


# --- alarms ---------------------------------------------------------------------------------------


@EACH
def test_an_alarm_is_a_sentence_that_names_its_runbook(name: str) -> None:
    sentence, runbook = ALARMS[name]["AlarmDescription"].split("; see the README, ")

    assert sentence[0].isupper()
    assert "." not in sentence
    assert runbook.removesuffix(".") in RUNBOOKS


def test_every_runbook_has_an_alarm() -> None:
    text = " ".join(alarm["AlarmDescription"] for alarm in ALARMS.values())

    assert {*re.findall(r"alarm-[a-z-]+", text)} == RUNBOOKS


@EACH
def test_an_alarm_is_told_to_the_topic_where_there_is_one_and_so_is_its_end(name: str) -> None:
    told = ("If", ["AlarmsAreHeard", [("Ref", "AlarmTopic")], ("Ref", "AWS::NoValue")])

    assert ALARMS[name]["AlarmActions"] == ALARMS[name]["OKActions"] == told


@EACH
def test_an_alarm_says_what_silence_means(name: str) -> None:
    """Only of the sweep is silence bad: all else rests where nobody asks anything."""
    silence = "breaching" if name == "AlarmNoSweep" else "notBreaching"

    assert ALARMS[name]["TreatMissingData"] == silence


@pytest.mark.parametrize("queue", ["DeadLetters", "Undelivered"])
def test_the_first_message_that_nobody_works_off_is_an_alarm(queue: str) -> None:
    wanted = "ApproximateNumberOfMessagesVisible", {queue}
    (alarm,) = (
        each for each in ALARMS.values() if "Metrics" not in each and watched(each) == wanted
    )

    assert alarm["Threshold"] == 0
    assert alarm["ComparisonOperator"] == "GreaterThanThreshold"


def test_all_queues_that_only_a_person_empties_are_watched() -> None:
    queues = of_type("AWS::SQS::Queue").keys() - {"Line"}

    assert queues == {"DeadLetters", "Undelivered"}


def test_an_old_line_is_told_before_its_messages_are_dead_letters() -> None:
    attempts = of_type("AWS::SQS::Queue")["Line"]["RedrivePolicy"]["maxReceiveCount"]
    until_dead = sum(pause(OSError(), attempt) for attempt in range(1, attempts))
    alarm = ALARMS["AlarmOldLine"]

    assert watched(alarm) == ("ApproximateAgeOfOldestMessage", {"Line"})
    assert until_dead / 2 <= alarm["Threshold"] < until_dead


@pytest.mark.parametrize(
    "function", [name for name in service()["functions"] if name != "slackRequest"]
)
def test_every_function_has_an_alarm_for_its_errors(function: str) -> None:
    wanted = "Errors", {f"{function[0].upper()}{function[1:]}LambdaFunction"}

    assert wanted in [watched(each) for each in ALARMS.values() if "Metrics" not in each]


def test_the_slack_door_is_watched_from_outside() -> None:
    """It answers 500 to some errors by itself, which Lambda does not count."""
    assert watched(ALARMS["AlarmSlackRequestErrors"]) == ("5xx", {"SlackApi"})


def test_no_sweep_within_a_quarter_of_an_hour_is_an_alarm() -> None:
    alarm = ALARMS["AlarmNoSweep"]

    assert watched(alarm) == ("Invocations", {"SweepLambdaFunction"})
    assert alarm["Period"] * alarm["EvaluationPeriods"] == 900
    assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("LessThanThreshold", 1)


def test_what_was_turned_away_is_counted_where_it_happens() -> None:
    """By the API, whose log a filter reads, and by Lambda."""
    (filter_,) = of_type("AWS::Logs::MetricFilter").values()
    (counted,) = filter_["MetricTransformations"]
    metrics = [
        each["MetricStat"]["Metric"]
        for each in ALARMS["AlarmSlackTurnedAway"]["Metrics"]
        if "MetricStat" in each
    ]

    assert filter_["FilterPattern"] == '{ $.status = "429" }'
    assert {(each["Namespace"], each["MetricName"]) for each in metrics} == {
        ("AWS/Lambda", "Throttles"),
        (counted["MetricNamespace"], counted["MetricName"]),
    }
    assert [f"${{{counted['MetricNamespace'][1]}}}", counted["MetricName"]] in [
        metric for widget in widgets() for metric in widget["properties"].get("metrics", ())
    ]


def test_the_slack_door_is_slow_before_slack_gives_up() -> None:
    alarm = ALARMS["AlarmSlackSlow"]

    assert watched(alarm) == ("Duration", {"SlackRequestLambdaFunction"})
    assert alarm["ExtendedStatistic"] == "p99"
    assert alarm["Threshold"] < 3000


# --- the dashboard --------------------------------------------------------------------------------


def written() -> str:
    (dashboard,) = of_type("AWS::CloudWatch::Dashboard").values()
    return str(dashboard["DashboardBody"][1])


def widgets() -> list[dict[str, Any]]:
    return list(json.loads(written())["widgets"])


def test_no_widget_lies_on_another_or_beyond_the_edge() -> None:
    for widget in widgets():
        assert widget["x"] + widget["width"] <= 24
    for one, other in combinations(widgets(), 2):
        beside = _apart(one, other, "x", "width") or _apart(one, other, "y", "height")
        assert beside, (one["properties"]["title"], other["properties"]["title"])


def _apart(one: dict[str, Any], other: dict[str, Any], start: str, size: str) -> bool:
    return bool(one[start] + one[size] <= other[start] or other[start] + other[size] <= one[start])


def test_the_dashboard_shows_every_alarm() -> None:
    (shown,) = (each["properties"]["alarms"] for each in widgets() if each["type"] == "alarm")

    assert sorted(shown) == sorted(f"${{{name}.Arn}}" for name in ALARMS)


def test_the_dashboard_shows_the_metrics_of_the_bot_and_the_bot_has_them() -> None:
    shown = {*re.findall(r'MetricName=\\"(\w+)\\"', written())}

    assert shown >= {"TimeToCard", "TimeToDecision", "Waiting", "OldestWaiting", "Refused"}
    assert shown - {*measured()} == {"ColdStart"}  # which Powertools counts for us


def test_each_stack_has_its_metrics_under_its_own_name() -> None:
    (filter_,) = of_type("AWS::Logs::MetricFilter").values()
    (counted,) = filter_["MetricTransformations"]
    searched = {*re.findall(r'Namespace=\\"(.+?)\\"', written())}
    told = service()["provider"]["environment"]["POWERTOOLS_METRICS_NAMESPACE"]

    assert told == counted["MetricNamespace"] == ("Ref", "AWS::StackName")
    assert searched == {"${AWS::StackName}"}


def measured() -> Iterator[str]:
    """The names that the code counts or measures something under."""
    for folder in ("bot", "handlers"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                match node:
                    case ast.Call(
                        func=ast.Attribute(attr="count" | "took"),
                        args=[ast.Constant(value=str(name)), *_],
                    ):
                        yield name
