"""The template as a whole: lint, parameters, the HTTP API, encryption, traces and logs."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from cfnlint.api import lint

from infra.local import deployment
from tests.infra.cloudformation import (
    ROOT,
    load,
    made_for_functions,
    named,
    of_type,
    options,
    parts,
    resources,
    section,
    service,
)
from tests.infra.policies import meets_all

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ALONE = ("guard-rail.yml", "registry-account.yml")
"""Separate stacks."""


# --- what cfn-lint says ---------------------------------------------------------------------------


def found_in(template: str) -> list[str]:
    return [f"{match.rule.id} {match.message}" for match in lint(template)]


def test_cfn_lint_finds_nothing() -> None:
    plan = deployment.read()
    values = {name.replace("_", ""): {"Value": value} for name, value in plan.environment.items()}
    outputs = {**plan.template["Outputs"], **values}
    template = {"AWSTemplateFormatVersion": "2010-09-09", **plan.template, "Outputs": outputs}

    assert found_in(json.dumps(template)) == []


@pytest.mark.parametrize("name", ALONE)
def test_cfn_lint_finds_nothing_in_a_separate_stack(name: str) -> None:
    assert found_in((ROOT / "infra" / name).read_text(encoding="utf-8")) == []


def test_cfn_lint_would_find_a_mistake() -> None:
    template = {
        "Resources": {"JobQueue": {"Type": "AWS::SQS::Queue", "Properties": {"Fifo": True}}}
    }

    assert found_in(json.dumps(template))


def skips_in(node: Any) -> Iterator[dict[str, str]]:
    if isinstance(node, dict):
        yield from node.get("checkov", {}).get("skip", ())
    if isinstance(node, dict | list | tuple):
        for child in node.values() if isinstance(node, dict) else node:
            yield from skips_in(child)


@pytest.mark.parametrize("path", parts(), ids=lambda path: path.name)
def test_every_finding_of_checkov_that_is_accepted_has_a_reason(path: Path) -> None:
    for skip in skips_in(load(path)):
        assert skip["id"].startswith("CKV_")
        assert skip["comment"].endswith(".")


def test_findings_are_accepted_centrally_only_for_what_the_framework_creates() -> None:
    """In our own files the reason is beside the finding."""
    bucket = {"ServerlessDeploymentBucket"}
    changed = load(ROOT / "infra" / "checks.yml")["extensions"]

    assert changed.keys() <= made_for_functions() | bucket
    assert all(raw.keys() == {"Metadata"} for raw in changed.values())


# --- parameters -----------------------------------------------------------------------------------


def test_every_parameter_is_an_option_of_a_deploy_with_the_same_default() -> None:
    defaults = {name: value.rsplit("'", 2)[1] for name, value in options().items()}

    assert defaults == {name: raw["Default"] for name, raw in section("Parameters").items()}


def test_the_stack_that_the_framework_creates_first_gets_no_parameters() -> None:
    """It only has a bucket, and CloudFormation would refuse parameters that it lacks."""
    assert "name" not in service()["provider"]["deploymentBucket"]
    assert "stackParameters" not in service()["provider"]


@pytest.mark.parametrize("name", section("Outputs"))
def test_every_output_says_what_it_is_for(name: str) -> None:
    output = section("Outputs")[name]

    assert output["Description"].startswith(("For ", "Where ", "The address "))
    assert {each for each in named(output["Value"]) if not each.startswith("AWS::")} <= {
        *resources()
    }


# --- the http api ---------------------------------------------------------------------------------


def test_slack_reaches_one_path_with_one_method() -> None:
    (route,) = of_type("AWS::ApiGatewayV2::Route").values()
    (permission,) = (
        each
        for each in of_type("AWS::Lambda::Permission").values()
        if each["Principal"] == "apigateway.amazonaws.com"
    )

    assert route["RouteKey"] == "POST /slack"
    assert permission["SourceArn"][1].endswith(":${SlackApi}/*/POST/slack")
    assert section("Outputs")["SlackUrl"]["Value"][1].endswith("/slack")


def test_the_internet_reaches_functions_through_the_api_only() -> None:
    events = [event for raw in service()["functions"].values() for event in raw.get("events", ())]

    assert [raw for raw in service()["functions"].values() if "url" in raw] == []
    assert [kind for event in events for kind in event] == ["sqs"] * 3


def test_a_flood_is_throttled_before_it_costs_anything() -> None:
    (stage,) = of_type("AWS::ApiGatewayV2::Stage").values()
    limits = stage["DefaultRouteSettings"]

    assert 0 < limits["ThrottlingRateLimit"] <= limits["ThrottlingBurstLimit"] <= 100


def test_the_log_of_the_api_is_json_without_headers_and_bodies() -> None:
    (stage,) = of_type("AWS::ApiGatewayV2::Stage").values()
    line = stage["AccessLogSettings"]["Format"]
    values = {"$context.status": "429", "$context.error.message": "Too Many Requests"}
    written = json.loads(
        re.sub(r"\$context\.[\w.]+", lambda match: values.get(match[0], "-"), line)
    )
    (filter_,) = of_type("AWS::Logs::MetricFilter").values()

    assert filter_["FilterPattern"] == f'{{ $.status = "{written["status"]}" }}'
    assert written["error"] == "Too Many Requests"
    assert "messageString" not in line  # which brings its own quotation marks
    assert "header" not in line.lower()
    assert "body" not in line.lower()


# --- keys, traces, logs ---------------------------------------------------------------------------


def test_everything_that_is_stored_is_encrypted_with_the_key_if_there_is_one() -> None:
    (ledger,) = of_type("AWS::DynamoDB::Table").values()
    (secret,) = of_type("AWS::SecretsManager::Secret").values()
    queues = of_type("AWS::SQS::Queue").values()

    assert "Key" in named(ledger["SSESpecification"])
    assert "Key" in named(secret["KmsKeyId"])
    for queue in queues:
        assert queue["KmsMasterKeyId"] == (
            "If",
            ["KeyIsOn", ("GetAtt", "Key.Arn"), ("Ref", "AWS::NoValue")],
        )
        assert queue["SqsManagedSseEnabled"] == ("If", ["KeyIsOn", ("Ref", "AWS::NoValue"), True])


@pytest.mark.parametrize(
    ("service_that_calls", "usable"),
    [("sqs", True), ("dynamodb", True), ("s3", False), ("", False)],
)
def test_the_key_is_used_through_the_services_that_store_data_only(
    service_that_calls: str, usable: bool
) -> None:
    (key,) = of_type("AWS::KMS::Key").values()
    (right,) = (each for each in key["KeyPolicy"]["Statement"] if each["Principal"] == {"AWS": "*"})
    conditions = right["Condition"]["StringEquals"]
    via = [text.replace("${AWS::Region}", "us-east-1") for _, text in conditions["kms:ViaService"]]
    context = {
        "kms:CallerAccount": "1",
        "kms:ViaService": f"{service_that_calls}.us-east-1.amazonaws.com",
    }
    resolved = {"StringEquals": {"kms:CallerAccount": "1", "kms:ViaService": via}}

    assert conditions["kms:CallerAccount"] == ("Ref", "AWS::AccountId")
    assert meets_all(resolved, context) is usable


def test_nothing_in_the_ledger_expires() -> None:
    """A missing entry would break the chain of the audit trail."""
    (ledger,) = of_type("AWS::DynamoDB::Table").values()

    assert "TimeToLiveSpecification" not in ledger


def test_every_call_is_traced_by_lambda_itself() -> None:
    libraries = (ROOT / "requirements.txt").read_text(encoding="utf-8")

    assert service()["provider"]["tracing"] == {"lambda": True}
    assert "xray" not in libraries.lower()


def test_every_log_expires() -> None:
    kept = [raw["RetentionInDays"] for raw in of_type("AWS::Logs::LogGroup").values()]

    assert all(0 < days <= 400 for days in [*kept, service()["provider"]["logRetentionInDays"]])


@pytest.mark.parametrize("function", service()["functions"])
def test_a_function_has_a_reason_for_its_size_and_its_time(function: str) -> None:
    """Beside the number, so that it is read when the number is changed."""
    text = (ROOT / "serverless.yml").read_text(encoding="utf-8")
    (section_of_it,) = [
        part
        for part in text.split("\n\n")
        if part.lstrip().startswith((f"{function}:",)) or f"\n  {function}:" in part
    ]
    numbers = [
        line for line in section_of_it.splitlines() if "memorySize" in line or "timeout" in line
    ]

    assert len(numbers) == 2
    assert all(" # " in line for line in numbers)
