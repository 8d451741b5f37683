from __future__ import annotations

from typing import Any

import pytest

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


def test_the_parts_of_the_deployment_are_all_the_parts_that_there_are() -> None:
    """What is no part: the rules file, the Slack app's manifest, and two stacks of their own."""
    others = {"approvals.yml", "slack-manifest.yml", "guard-rail.yml", "registry-account.yml"}
    files = {path.name for path in (ROOT / "infra").glob("*.yml")}

    assert files - others == {path.name for path in parts()}


FILES = pytest.mark.parametrize(
    "path", [ROOT / "serverless.yml", *parts()], ids=lambda path: path.name
)


@FILES
def test_every_reference_leads_to_a_resource_or_a_parameter(path: Any) -> None:
    found = {name for name in named(load(path)) if not name.startswith("AWS::")}

    assert found - made_for_functions() <= resources().keys() | section("Parameters").keys()


@FILES
def test_every_condition_that_is_named_is_there(path: Any) -> None:
    assert {*conditions_in(load(path))} <= section("Conditions").keys()


def test_references_and_conditions_are_found_at_all() -> None:
    """Or the tests above would be silent about a file that they cannot read."""
    told = service()["provider"]["environment"]
    ours = {name for name in named(told) if not name.startswith("AWS::")}
    assert ours == {"Ledger", "JobQueue", "SlackSecret", "DecisionRole", "Registries"}
    assert {*named(load(ROOT / "infra" / "events.yml"))} >= {"RegistryEventLambdaFunction"}
    assert {*conditions_in(told)} == {"DecisionRoleIsOn"}
    assert {*conditions_in(resources())} == section("Conditions").keys()


@pytest.mark.parametrize("name", QUEUES)
def test_a_queue_has_dead_letters_or_keeps_them(name: str) -> None:
    """Those of queues, of functions that nobody waits for, and of rules."""
    kept = {dead_letters_of(other) for other in QUEUES.values()} | {*named(dead_ends())}

    assert dead_letters_of(QUEUES[name]) in QUEUES or name in kept


def dead_ends() -> list[Any]:
    """Where goes what a function or a rule could not do."""
    functions = of_type("AWS::Lambda::EventInvokeConfig").values()
    targets = [each for rule in of_type("AWS::Events::Rule").values() for each in rule["Targets"]]
    return [
        *(each["DestinationConfig"]["OnFailure"] for each in functions),
        *(each["DeadLetterConfig"] for each in targets),
    ]


def dead_letters_of(queue: dict[str, Any]) -> str | None:
    policy = queue.get("RedrivePolicy")
    return next(named(policy["deadLetterTargetArn"])) if policy else None


def test_dead_letters_are_kept_as_long_as_the_line_and_are_fifo_like_it() -> None:
    line, dead = QUEUES["JobQueue"], QUEUES[str(dead_letters_of(QUEUES["JobQueue"]))]

    assert dead["MessageRetentionPeriod"] >= line["MessageRetentionPeriod"]
    assert dead["FifoQueue"] is line["FifoQueue"] is True


def test_the_worker_has_a_sixth_of_the_time_for_which_its_messages_are_hidden() -> None:
    """AWS advises six times the function's timeout (Lambda developer guide, SQS)."""
    worker = service()["functions"]["worker"]

    assert QUEUES["JobQueue"]["VisibilityTimeout"] >= 6 * worker["timeout"]


def test_the_worker_takes_from_the_line_and_reports_what_failed() -> None:
    (event,) = service()["functions"]["worker"]["events"]

    assert [*named(event["sqs"]["arn"])] == ["JobQueue"]
    assert event["sqs"]["functionResponseType"] == "ReportBatchItemFailures"


def test_what_people_would_miss_outlives_the_stack() -> None:
    kept = {name for name, raw in resources().items() if raw.get("DeletionPolicy") == "Retain"}

    assert kept == {"Ledger", "SlackSecret", "Key"}


def test_what_was_decided_can_be_had_back_and_is_not_deleted_by_mistake() -> None:
    ledger = of_type("AWS::DynamoDB::Table")["Ledger"]

    assert ledger["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
    assert ledger["DeletionProtectionEnabled"] is True
