from __future__ import annotations

import pytest

from tests.handlers.bench import TRIES, Bench
from tests.world.embedded import ANA, buttons

# Powertools warns of a call that counted nothing; a job that fails counts nothing.
pytestmark = pytest.mark.filterwarnings("ignore:No application metrics to publish")


def test_the_sweep_finds_a_version_whose_event_was_lost(bench: Bench) -> None:
    bench.people.sagemaker.create_model_package_group(ModelPackageGroupName="fraud-detector")
    arn = bench.people.register("fraud-detector")
    bench.sweep()
    bench.work_all()

    assert buttons(bench.people.card(arn)) == ["approve", "reject"]


def test_the_sweep_lists_what_waits_with_one_call_and_what_was_approved_lately_with_another(
    bench: Bench,
) -> None:
    for group in ("fraud-detector", "house-prices", "support-router"):
        bench.people.sagemaker.create_model_package_group(ModelPackageGroupName=group)
        bench.people.register(group)
    bench.calls.made.clear()
    bench.sweep()

    assert bench.calls.made.count("ListModelPackages") == 2
    assert len(bench.waiting()) == 3


def test_the_sweep_updates_a_card_of_a_decision_without_an_event(bench: Bench) -> None:
    arn = bench.a_card()
    bench.people.outside(arn, "Approved")
    bench.sweep()
    bench.work_all()

    assert buttons(bench.people.card(arn)) == ["revoke"]


def test_the_sweep_finishes_a_decision_whose_job_was_lost(bench: Bench) -> None:
    arn = bench.a_card()
    form = bench.people.open_form(ANA, arn, "approve")
    bench.work_all()
    bench.people.submit(ANA, form, "fine")
    bench.calls.add("UpdateModelPackage", "500", TRIES)
    (lost,) = bench.take()
    assert bench.work([lost]) == [lost["body"]]
    bench.people.sqs.delete_message(
        QueueUrl=bench.queue_of(lost), ReceiptHandle=lost["receiptHandle"]
    )
    bench.sweep()
    bench.work_all()

    assert bench.people.status(arn) == "Approved"
    assert buttons(bench.people.card(arn)) == ["revoke"]
