from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.core.votes.lease import DURATION
from bot.core.votes.processed import KEPT
from tests.infra.cloudformation import (
    ROOT,
    conditions_in,
    load,
    made_for_functions,
    named,
    of_type,
    parts,
    resources,
    section,
    service,
)

QUEUES = of_type("AWS::SQS::Queue")
JOB_QUEUES = ("ClickQueue", "QuestionQueue", "JobQueue")


def test_every_file_in_infra_is_part_of_the_deployment_or_known_not_to_be() -> None:
    """The rules file, the Slack app's manifest and two separate stacks are not."""
    others = {"approvals.yml", "slack-manifest.yml", "guard-rail.yml", "registry-account.yml"}
    files = {path.name for path in (ROOT / "infra").glob("*.yml")}

    assert files - others == {path.name for path in parts()}


FILES = pytest.mark.parametrize(
    "path", [ROOT / "serverless.yml", *parts()], ids=lambda path: path.name
)


@FILES
def test_every_reference_is_to_a_resource_or_a_parameter(path: Any) -> None:
    names = {name for name in named(load(path)) if not name.startswith("AWS::")}

    assert names - made_for_functions() <= resources().keys() | section("Parameters").keys()


@FILES
def test_every_condition_that_is_used_exists(path: Any) -> None:
    assert {*conditions_in(load(path))} <= section("Conditions").keys()


def test_references_and_conditions_are_found() -> None:
    """Otherwise the tests above would pass on a file that they cannot read."""
    environment = service()["provider"]["environment"]
    ours = {name for name in named(environment) if not name.startswith("AWS::")}
    assert ours == {
        *("Ledger", *JOB_QUEUES, "SlackSecret", "DecisionRole", "Registries"),
    }
    assert {*named(load(ROOT / "infra" / "events.yml"))} >= {"RegistryEventLambdaFunction"}
    assert {*conditions_in(environment)} == {"DecisionRoleIsOn"}
    assert {*conditions_in(resources())} == section("Conditions").keys()


@pytest.mark.parametrize("name", QUEUES)
def test_a_queue_has_dead_letters_or_holds_them(name: str) -> None:
    """Dead letters of queues, of functions that are invoked asynchronously, and of rules."""
    kept = {dead_letters_of(other) for other in QUEUES.values()} | {*named(dead_ends())}

    assert dead_letters_of(QUEUES[name]) in QUEUES or name in kept


def dead_ends() -> list[Any]:
    """Where failed invocations and undelivered events go."""
    functions = of_type("AWS::Lambda::EventInvokeConfig").values()
    targets = [each for rule in of_type("AWS::Events::Rule").values() for each in rule["Targets"]]
    return [
        *(each["DestinationConfig"]["OnFailure"] for each in functions),
        *(each["DeadLetterConfig"] for each in targets),
    ]


def dead_letters_of(queue: dict[str, Any]) -> str | None:
    policy = queue.get("RedrivePolicy")
    return next(named(policy["deadLetterTargetArn"])) if policy else None


def test_dead_letters_are_fifo_and_kept_as_long_as_jobs() -> None:
    for name in JOB_QUEUES:
        jobs, dead = QUEUES[name], QUEUES[str(dead_letters_of(QUEUES[name]))]
        assert dead["MessageRetentionPeriod"] >= jobs["MessageRetentionPeriod"]
        assert dead["FifoQueue"] is jobs["FifoQueue"] is True


def test_the_queues_of_jobs_differ_only_in_their_names() -> None:
    first, *others = ({**QUEUES[name], "QueueName": ""} for name in JOB_QUEUES)

    assert others == [first, first]


def test_a_lease_ends_no_earlier_than_ten_seconds_after_its_worker() -> None:
    """Slack's history and SageMaker's answers may lag behind what the worker did last."""
    timeout = service()["functions"]["worker"]["timeout"]

    assert timedelta(seconds=timeout + 10) <= DURATION


def test_what_a_job_changed_is_remembered_until_the_job_cannot_come_back() -> None:
    """It may come from the dead letters, on their last day, and be tried for a day after that."""
    jobs, dead = QUEUES["JobQueue"], QUEUES["DeadLetters"]
    kept = timedelta(seconds=jobs["MessageRetentionPeriod"] + dead["MessageRetentionPeriod"])

    assert kept + timedelta(days=1) <= KEPT


def test_the_visibility_timeout_is_six_times_the_timeout_of_the_worker() -> None:
    """As AWS recommends (Lambda developer guide, SQS)."""
    worker = service()["functions"]["worker"]

    assert QUEUES["JobQueue"]["VisibilityTimeout"] >= 6 * worker["timeout"]


def test_the_worker_reads_all_queues_and_reports_what_failed() -> None:
    sources = [event["sqs"] for event in service()["functions"]["worker"]["events"]]

    assert [[*named(each["arn"])] for each in sources] == [[name] for name in JOB_QUEUES]
    assert {each["functionResponseType"] for each in sources} == {"ReportBatchItemFailures"}


def test_data_that_must_not_be_lost_is_retained_when_the_stack_is_deleted() -> None:
    kept = {name for name, raw in resources().items() if raw.get("DeletionPolicy") == "Retain"}

    assert kept == {"Ledger", "SlackSecret", "Key"}


def test_the_ledger_can_be_restored_and_is_not_deleted_by_mistake() -> None:
    ledger = of_type("AWS::DynamoDB::Table")["Ledger"]

    assert ledger["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
    assert ledger["DeletionProtectionEnabled"] is True
