"""The alarms, their runbooks and the dashboard."""

from __future__ import annotations

import ast
import json
import re
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pytest

from bot.adapters.aws.deadline import SLACK_WAITS
from bot.adapters.aws.job_queue import pause
from bot.flows.tell.still_trying import ATTEMPT, LAST_ATTEMPT
from tests.infra.cloudformation import ROOT, named, of_type, service

if TYPE_CHECKING:
    from collections.abc import Iterator

ALARMS = of_type("AWS::CloudWatch::Alarm")
EACH = pytest.mark.parametrize("name", ALARMS)
RUNBOOKS = {
    "alarm-dead-letters",
    "alarm-undelivered",
    "alarm-old-jobs",
    "alarm-people-wait",
    "alarm-errors",
    "alarm-no-sweep",
    "alarm-slack-throttled",
    "alarm-slack-slow",
}
"""Headings of infra/README.md, as GitHub makes anchors of them."""


def watched(alarm: dict[str, Any]) -> tuple[str, set[str]]:
    """The metric that an alarm watches, and the resources that the metric is about."""
    return alarm["MetricName"], {*named(alarm["Dimensions"])}


# --- alarms ---------------------------------------------------------------------------------------


@EACH
def test_an_alarm_is_a_sentence_that_names_its_runbook(name: str) -> None:
    sentence, runbook = ALARMS[name]["AlarmDescription"].split("; see infra/README.md#")

    assert sentence[0].isupper()
    assert "." not in sentence
    assert runbook.removesuffix(".") in RUNBOOKS


def test_every_runbook_has_an_alarm() -> None:
    text = " ".join(alarm["AlarmDescription"] for alarm in ALARMS.values())

    assert {*re.findall(r"alarm-[a-z-]+", text)} == RUNBOOKS


@EACH
def test_the_topic_is_notified_when_an_alarm_starts_and_when_it_ends(name: str) -> None:
    actions = ("If", ["AlarmTopicIsSet", [("Ref", "AlarmTopic")], ("Ref", "AWS::NoValue")])

    assert ALARMS[name]["AlarmActions"] == ALARMS[name]["OKActions"] == actions


@EACH
def test_missing_data_is_an_alarm_only_for_the_sweep(name: str) -> None:
    """Everything else is idle while nobody asks anything."""
    missing = "breaching" if name == "AlarmNoSweep" else "notBreaching"

    assert ALARMS[name]["TreatMissingData"] == missing


@pytest.mark.parametrize("queue", ["DeadLetters", "Undelivered"])
def test_the_first_message_that_no_function_processes_is_an_alarm(queue: str) -> None:
    wanted = "ApproximateNumberOfMessagesVisible", {queue}
    (alarm,) = (
        each for each in ALARMS.values() if "Metrics" not in each and watched(each) == wanted
    )

    assert alarm["Threshold"] == 0
    assert alarm["ComparisonOperator"] == "GreaterThanThreshold"


def test_all_queues_that_only_a_person_empties_have_an_alarm() -> None:
    queues = of_type("AWS::SQS::Queue").keys() - {"ClickQueue", "QuestionQueue", "JobQueue"}

    assert queues == {"DeadLetters", "Undelivered"}


def test_the_dead_letter_alarm_says_how_often_a_job_is_tried() -> None:
    attempts = of_type("AWS::SQS::Queue")["JobQueue"]["RedrivePolicy"]["maxReceiveCount"]

    assert f" {attempts} times " in ALARMS["AlarmDeadLetters"]["AlarmDescription"]


def test_the_bot_knows_which_attempt_at_a_job_is_the_last() -> None:
    """By that, whoever submitted it is told that it is a dead letter, in time."""
    attempts = of_type("AWS::SQS::Queue")["JobQueue"]["RedrivePolicy"]["maxReceiveCount"]

    assert attempts == LAST_ATTEMPT


def test_old_jobs_are_an_alarm_before_they_become_dead_letters() -> None:
    attempts = of_type("AWS::SQS::Queue")["JobQueue"]["RedrivePolicy"]["maxReceiveCount"]
    until_dead = sum(pause(OSError(), attempt) for attempt in range(1, attempts))
    alarm = ALARMS["AlarmOldJobs"]

    assert watched(alarm) == ("ApproximateAgeOfOldestMessage", {"JobQueue"})
    assert until_dead / 2 <= alarm["Threshold"] < until_dead


def test_people_who_wait_are_an_alarm_soon_after_they_were_told_that_the_bot_still_tries() -> None:
    until_told = sum(pause(OSError(), attempt) for attempt in range(1, ATTEMPT))
    alarm = ALARMS["AlarmPeopleWait"]

    metrics = [each["MetricStat"]["Metric"] for each in alarm["Metrics"] if "MetricStat" in each]
    assert [watched(metric) for metric in metrics] == [
        ("ApproximateAgeOfOldestMessage", {"ClickQueue"}),
        ("ApproximateAgeOfOldestMessage", {"QuestionQueue"}),
    ]
    assert until_told < alarm["Threshold"] <= 120


@pytest.mark.parametrize(
    "function", [name for name in service()["functions"] if name != "slackRequest"]
)
def test_every_function_has_an_alarm_for_its_errors(function: str) -> None:
    wanted = "Errors", {f"{function[0].upper()}{function[1:]}LambdaFunction"}

    assert wanted in [watched(each) for each in ALARMS.values() if "Metrics" not in each]


def test_errors_of_slack_requests_are_counted_at_the_api() -> None:
    """The function answers some errors with 500, which Lambda does not count as errors."""
    assert watched(ALARMS["AlarmSlackRequestErrors"]) == ("5xx", {"SlackApi"})


def test_no_sweep_within_a_quarter_of_an_hour_is_an_alarm() -> None:
    alarm = ALARMS["AlarmNoSweep"]

    assert watched(alarm) == ("Invocations", {"SweepLambdaFunction"})
    assert alarm["Period"] * alarm["EvaluationPeriods"] == 900
    assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("LessThanThreshold", 1)


def test_throttled_requests_are_counted_at_the_api_and_at_lambda() -> None:
    """A filter on the API's log counts those of the API."""
    (filter_,) = of_type("AWS::Logs::MetricFilter").values()
    (counted,) = filter_["MetricTransformations"]
    metrics = [
        each["MetricStat"]["Metric"]
        for each in ALARMS["AlarmSlackThrottled"]["Metrics"]
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


def test_one_answer_that_slack_got_too_late_is_an_alarm() -> None:
    """By the timestamp of the request, and by the API: both know how long a cold start took."""
    alarm = ALARMS["AlarmSlackSlow"]
    (sum_,) = [each["Expression"] for each in alarm["Metrics"] if "Expression" in each]
    metrics = [each["MetricStat"] for each in alarm["Metrics"] if "MetricStat" in each]

    assert {(each["Metric"]["MetricName"], each["Stat"]) for each in metrics} == {
        ("Late", "Sum"),
        ("Latency", "Maximum"),
    }
    assert {each["Period"] for each in metrics} == {60}
    assert f"> {SLACK_WAITS * 1000:.0f}" in sum_
    assert "Late" in {*measured()}
    assert (alarm["DatapointsToAlarm"], alarm["Threshold"]) == (1, 0)
    assert alarm["EvaluationPeriods"] > 1  # a metric that comes late is looked at again


# --- the dashboard --------------------------------------------------------------------------------


def written() -> str:
    (dashboard,) = of_type("AWS::CloudWatch::Dashboard").values()
    return str(dashboard["DashboardBody"][1])


def widgets() -> list[dict[str, Any]]:
    return list(json.loads(written())["widgets"])


def test_no_widget_overlaps_another_or_exceeds_the_grid() -> None:
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


def test_the_dashboard_shows_metrics_that_the_bot_has() -> None:
    shown = {*re.findall(r'MetricName=\\"(\w+)\\"', written())}

    assert shown >= {"TimeToCard", "TimeToDecision", "Waiting", "OldestWaiting", "Refused"}
    assert shown - {*measured()} == {"ColdStart"}  # which Powertools counts for us


def test_the_namespace_of_the_metrics_is_the_name_of_the_stack() -> None:
    (filter_,) = of_type("AWS::Logs::MetricFilter").values()
    (counted,) = filter_["MetricTransformations"]
    searched = {*re.findall(r'Namespace=\\"(.+?)\\"', written())}
    namespace = service()["provider"]["environment"]["POWERTOOLS_METRICS_NAMESPACE"]

    assert namespace == counted["MetricNamespace"] == ("Ref", "AWS::StackName")
    assert searched == {"${AWS::StackName}"}


def measured() -> Iterator[str]:
    """The names of the metrics that the code emits."""
    for folder in ("bot", "handlers"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                match node:
                    case ast.Call(
                        func=ast.Attribute(attr="count" | "measure"),
                        args=[ast.Constant(value=str(name)), *_],
                    ):
                        yield name
