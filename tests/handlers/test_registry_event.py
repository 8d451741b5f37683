from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import BotoCoreError

from bot.core.errors import Unavailable
from tests.handlers.bench import TRIES, Bench

if TYPE_CHECKING:
    from tests.handlers.slack_requests import Json

ARN = "arn:aws:sagemaker:us-east-2:111122223333:model-package/versionedmp-p-idy6c3e1fiqj/2"


def an_event(number: int = 1, **fields: object) -> Json:
    """Of the documented fields, those that every event has."""
    return {
        "version": "0",
        "id": f"844e2571-85d4-695f-b930-{number:012}",
        "detail-type": "SageMaker Model Package State Change",
        "source": "aws.sagemaker",
        "account": "111122223333",
        "time": "2021-02-24T17:00:14Z",
        "region": "us-east-2",
        "resources": [ARN],
        "detail": {"ModelPackageArn": ARN},
        **fields,
    }


def test_an_event_puts_its_version_into_the_queue(bench: Bench) -> None:
    bench.emit(an_event())

    assert [(job["job"], job["arn"]) for job in bench.waiting()] == [("reconcile_version", ARN)]
    assert bench.calls.made[0] == "SendMessage"


@pytest.mark.parametrize(
    "fields",
    [
        {"detail": {}},
        {"detail": None},
        {"resources": []},
        {"time": 1614186014000, "detail": {"ModelPackageArn": ARN, "CreationTime": 1622695255225}},
    ],
    ids=["only resources", "no detail at all", "only the detail", "epoch milliseconds"],
)
def test_the_arn_is_all_that_an_event_needs(bench: Bench, fields: dict[str, object]) -> None:
    bench.emit(an_event(**fields))

    assert [job["arn"] for job in bench.waiting()] == [ARN]


@pytest.mark.parametrize(
    "fields",
    [
        {"detail": {}, "resources": []},
        {"detail": {"ModelPackageArn": 7}, "resources": []},
        {"detail": {"ModelPackageArn": "arn:aws:sagemaker:us-east-2:1:model-package-group/x"}},
        {"detail": {}, "resources": "none"},
    ],
)
def test_an_event_that_names_no_version_is_ignored(
    bench: Bench, fields: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    bench.emit(an_event(**fields))

    assert bench.waiting() == []
    assert "Event ignored" in caplog.messages


@pytest.mark.parametrize("time", ["2021-02-24T17:00:14Z", 1614186014000])
def test_the_status_that_an_event_reports_goes_into_the_queue(bench: Bench, time: object) -> None:
    detail = {
        "ModelPackageArn": ARN,
        "ModelApprovalStatus": "Rejected",
        "LastModifiedTime": time,
    }
    bench.emit(an_event(detail=detail))

    assert [job["reported"] for job in bench.waiting()] == [
        {"status": "Rejected", "modified": "2021-02-24T17:00:14+00:00"}
    ]


def test_an_event_delivered_twice_is_in_the_queue_once(bench: Bench) -> None:
    bench.emit(an_event())
    bench.emit(an_event())

    assert len(bench.waiting()) == 1


def test_events_about_one_version_are_in_one_message_group(bench: Bench) -> None:
    bench.emit(an_event(1))
    bench.emit(an_event(2))
    groups = {record["attributes"]["MessageGroupId"] for record in bench.take()}

    assert len(groups) == 1


def test_an_event_that_cannot_be_queued_fails_so_that_lambda_tries_it_again(bench: Bench) -> None:
    bench.calls.add("SendMessage", "500", TRIES)
    with pytest.raises((Unavailable, BotoCoreError)):
        bench.emit(an_event())
    bench.emit(an_event())

    assert len(bench.waiting()) == 1
