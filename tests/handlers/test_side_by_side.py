"""
A new version is deployed while the one before still runs: they share the table and the queue.

What another version stored and sent is in `tests/samples`; what of it is read and kept, field by
field, `tests/samples` and `tests/adapters/store` test.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.samples import made, values
from tests.world.embedded import ANA

if TYPE_CHECKING:
    from tests.handlers.bench import Bench
    from tests.handlers.slack_requests import Json

SAVED = made.saved()
REQUESTS = [name for name in SAVED if name.startswith("requests/")]
MESSAGES = [name for name in SAVED if name.startswith("queue/")]


def table(bench: Bench) -> dict[str, Any]:
    return {"TableName": bench.environment["LEDGER_TABLE"]}


def register_version(bench: Bench) -> None:
    """Register the version that the samples are about; its event reaches no handler yet."""
    bench.people.sagemaker.create_model_package_group(ModelPackageGroupName="fraud-detector")
    assert bench.people.register("fraud-detector") == values.ARN


def stored_request(bench: Bench) -> Json:
    key = {"pk": {"S": values.ARN}, "sk": {"S": "request"}}
    item: Json = bench.people.client("dynamodb").get_item(**table(bench), Key=key)["Item"]
    return item


def sent(bench: Bench, name: str) -> str:
    """The message in the sample, answered by the bench's Slack."""
    return made.text(SAVED[name]).replace("https://hooks.slack.com", bench.slack.url)


@pytest.mark.parametrize("name", REQUESTS)
def test_a_request_that_another_version_stored_is_reconciled_and_finished(
    bench: Bench, name: str
) -> None:
    register_version(bench)
    bench.people.client("dynamodb").put_item(**table(bench), Item=made.item(SAVED[name]))
    bench.emit(bench.events[-1])
    bench.work_all()
    bench.sweep()
    bench.work_all()
    item, before = stored_request(bench), SAVED[name]["body"]
    after = json.loads(item["body"]["S"])

    assert not item["unfinished"]["BOOL"]
    assert (after["open_decision"], after["outbox"]) == (None, [])
    assert after["status"] == item["status"]["S"] == bench.people.status(values.ARN)
    assert {*before["processed_ids"]} <= {*after["processed_ids"]}


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_that_another_version_sent_is_processed(bench: Bench, name: str) -> None:
    register_version(bench)
    bench.emit(bench.events[-1])
    bench.work_all()
    body = sent(bench, name)
    bench.put(body, "a")
    records = bench.take()

    assert [record["body"] for record in records] == [body]
    assert bench.work(records) == []


def test_a_click_on_a_card_that_showed_something_else_changes_nothing(bench: Bench) -> None:
    register_version(bench)
    bench.emit(bench.events[-1])
    bench.work_all()
    bench.put(sent(bench, "queue/submit_form"), "a")
    bench.work_all()

    assert bench.people.status(values.ARN) == "PendingManualApproval"
    assert len(bench.people.private_messages(ANA)) == 1


@pytest.mark.parametrize("change", [{"v": 2}, {"job": "roll_back"}])
def test_a_message_that_only_a_newer_version_reads_waits_for_that_version(
    bench: Bench, change: Json
) -> None:
    newer = {**SAVED["queue/reconcile_version"], **change}
    bench.put(made.text(newer), "a")

    assert bench.work(bench.take()) == [made.text(newer)]
