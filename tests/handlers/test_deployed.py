"""From an endpoint's event to the messages about it: the queue, the log and the metrics."""

from __future__ import annotations

import json
from io import StringIO
from typing import TYPE_CHECKING

from handlers import worker
from tests.doubles.cicd import CiCd
from tests.handlers.logbook import kinds, lines
from tests.world.embedded import words

if TYPE_CHECKING:
    import pytest

    from tests.handlers.bench import Bench

MESSAGE = "Endpoint fraud-prod is in service with fraud-detector version 1."
ENDPOINT = "arn:aws:sagemaker:us-east-1:123456789012:endpoint/fraud-prod"


def serve(bench: Bench, arn: str) -> None:
    CiCd(bench.people.sagemaker).create("fraud-prod", [arn])
    bench.emit(bench.events[-1])


def messages_about(bench: Bench, endpoint: str = "fraud-prod") -> list[str]:
    texts = map(words, bench.people.state()["messages"])
    return [text for text in texts if f"Endpoint {endpoint} " in text]


def test_an_event_puts_its_endpoint_into_a_message_group_of_its_own(bench: Bench) -> None:
    arn = bench.a_card()
    bench.emit(bench.events[-1])
    serve(bench, arn)
    records = bench.take()
    groups = {record["attributes"]["MessageGroupId"].partition("-")[0] for record in records}

    jobs = [json.loads(record["body"]) for record in records]
    job = {"v": 1, "job": "reconcile_endpoint", "arn": ENDPOINT, "from_sweep": False}
    assert job in jobs
    assert "endpoint" in groups


def test_a_deployed_version_is_announced_in_its_thread_and_the_channel_for_releases(
    bench: Bench,
) -> None:
    serve(bench, bench.a_card())
    bench.work_all()

    assert messages_about(bench) == [MESSAGE] * 2


def test_a_message_that_sqs_delivers_twice_is_announced_once(bench: Bench) -> None:
    serve(bench, bench.a_card())
    records = bench.take()
    assert bench.work(records) == bench.work(records) == []

    assert messages_about(bench) == [MESSAGE] * 2


def test_nothing_is_announced_before_it_is_written_down(bench: Bench) -> None:
    serve(bench, bench.a_card())
    records = bench.take()
    bench.calls.add("TransactWriteItems", "ValidationException")
    assert bench.work(records) == [record["body"] for record in records]
    assert messages_about(bench) == []
    bench.work(records)

    assert messages_about(bench) == [MESSAGE] * 2


def test_a_job_about_an_endpoint_is_counted_and_logged_with_its_arn(
    bench: Bench, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(bench, bench.a_card())
    capsys.readouterr()
    monkeypatch.setattr(worker.logger.registered_handler, "stream", log := StringIO())
    bench.work_all()
    finished = [line for line in lines(log.getvalue()) if line["message"] == "Job finished"]

    counted = kinds(capsys.readouterr().out, "Jobs", "kind")
    assert counted == {"reconcile_endpoint": 1, "reconcile_version": 1}
    assert finished[0]["arn"].endswith(":endpoint/fraud-prod")


def test_an_endpoint_takes_three_calls_of_sagemaker_and_one_for_each_version(bench: Bench) -> None:
    serve(bench, bench.a_card())
    bench.calls.made.clear()
    bench.work(bench.take())
    described = [call for call in bench.calls.made if call.startswith("Describe")]

    assert described == [
        "DescribeEndpoint",
        "DescribeEndpointConfig",
        "DescribeModel",
        "DescribeModelPackage",
    ]
