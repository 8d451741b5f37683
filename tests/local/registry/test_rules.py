"""11. Rules that call functions."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from moto.events.models import Rule

from infra.local.registry import correct, deliver_to_functions
from tests.local.registry.calls import (
    ACCOUNT,
    EVENT_PATTERN,
    FUNCTION,
    REGION,
    Json,
    a_rule,
    a_version,
    client,
)


@pytest.fixture
def calls(
    registry: Any,  # noqa: ARG001 - it starts the world
    monkeypatch: pytest.MonkeyPatch,
) -> list[tuple[str, Json]]:
    """The events with which functions were called, from moto's bus."""
    monkeypatch.setattr(Rule, "send_to_targets", Rule.send_to_targets)  # put back afterwards
    delivered: list[tuple[str, Json]] = []
    correct()
    deliver_to_functions(lambda function, event: delivered.append((function, event)))
    return delivered


def test_a_function_gets_the_whole_event(registry: Any, calls: list[tuple[str, Json]]) -> None:
    a_rule(FUNCTION)

    arn = a_version(registry)

    [(function, event)] = calls
    assert function == FUNCTION
    assert event["resources"] == [arn]
    assert event["detail"]["ModelPackageArn"] == arn
    assert event["account"] == ACCOUNT
    assert event["time"].endswith("Z")
    assert datetime.fromisoformat(event["time"]).utcoffset() == timedelta(0)
    fields = "version id detail-type source account time region resources detail"
    assert event.keys() == set(fields.split())


def test_a_function_is_not_called_for_what_its_rule_does_not_match(
    registry: Any, calls: list[tuple[str, Json]]
) -> None:
    a_rule(
        FUNCTION, EventPattern=json.dumps(EVENT_PATTERN | {"detail": {"ModelPackageVersion": [2]}})
    )

    a_version(registry)
    second = a_version(registry)

    assert [event["resources"] for _, event in calls] == [[second]]


def test_a_disabled_rule_delivers_nothing(registry: Any, calls: list[tuple[str, Json]]) -> None:
    queue = client("sqs").create_queue(QueueName="all")["QueueUrl"]
    a_rule(FUNCTION, f"arn:aws:sqs:{REGION}:{ACCOUNT}:all")
    client("events").disable_rule(Name="registry")
    a_version(registry)
    assert calls == []
    assert "Messages" not in client("sqs").receive_message(QueueUrl=queue)

    client("events").enable_rule(Name="registry")
    a_version(registry)

    assert len(calls) == 1


def test_a_schedule_matches_no_event(registry: Any, calls: list[tuple[str, Json]]) -> None:
    client("events").put_rule(Name="sweep", ScheduleExpression="rate(15 minutes)")
    client("events").put_targets(Rule="sweep", Targets=[{"Id": "1", "Arn": f"{FUNCTION}-sweep"}])
    a_rule(FUNCTION)

    a_version(registry)

    assert [function for function, _ in calls] == [FUNCTION]


def test_other_targets_of_the_rule_are_left_to_moto(
    registry: Any, calls: list[tuple[str, Json]]
) -> None:
    queue = client("sqs").create_queue(QueueName="all")["QueueUrl"]
    a_rule(FUNCTION, f"arn:aws:sqs:{REGION}:{ACCOUNT}:all")

    arn = a_version(registry)

    [message] = client("sqs").receive_message(QueueUrl=queue)["Messages"]
    assert json.loads(message["Body"])["resources"] == [arn]
    assert len(calls) == 1


def test_a_clients_own_event_reaches_a_function(calls: list[tuple[str, Json]]) -> None:
    a_rule(FUNCTION)
    entry = {
        "Source": "aws.sagemaker",
        "DetailType": "SageMaker Model Package State Change",
        "Detail": "{}",
        "Time": datetime(2026, 3, 1, 9, 0, tzinfo=UTC),
    }

    answer = client("events").put_events(Entries=[entry])

    assert answer["FailedEntryCount"] == 0
    assert calls[0][1]["time"] == "2026-03-01T09:00:00Z"
    assert calls[0][1]["id"] == answer["Entries"][0]["EventId"]


def test_a_function_that_fails_does_not_stop_the_others(
    registry: Any, calls: list[tuple[str, Json]], caplog: pytest.LogCaptureFixture
) -> None:
    def invoke(function: str, event: Json) -> None:
        calls.append((function, event))
        raise RuntimeError("out of memory")

    deliver_to_functions(invoke)
    a_rule(FUNCTION, f"{FUNCTION}-2")

    assert a_version(registry).endswith("/1")
    assert [function for function, _ in calls] == [FUNCTION, f"{FUNCTION}-2"]
    assert "out of memory" in caplog.text
