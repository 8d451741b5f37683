"""The deployed EventBridge rules, against events as AWS writes them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from moto.core.utils import camelcase_to_underscores
from moto.events.models import EventPattern

from bot.core.followup.endpoints import EndpointStatus
from bot.core.followup.results import TOLD
from bot.flows.clock.turns import SWEEPS_EVERY
from tests.core.saved import saved
from tests.infra.cloudformation import of_type

RULES = of_type("AWS::Events::Rule")
GROUP = "versionedmp-p-idy6c3e1fiqj"
ARN = f"arn:aws:sagemaker:us-east-2:111122223333:model-package/{GROUP}/2"

# SageMaker developer guide, "Events that SageMaker AI sends to EventBridge"; the published block
# is no valid JSON and is repaired here.
DOCUMENTED: dict[str, Any] = {
    "version": "0",
    "id": "844e2571-85d4-695f-b930-0153b71dcb42",
    "detail-type": "SageMaker Model Package State Change",
    "source": "aws.sagemaker",
    "account": "111122223333",
    "time": "2021-02-24T17:00:14Z",
    "region": "us-east-2",
    "resources": [ARN],
    "detail": {
        "ModelPackageGroupName": GROUP,
        "ModelPackageVersion": 2,
        "ModelPackageArn": ARN,
        "CreationTime": "2021-02-24T17:00:14Z",
        "ModelPackageStatus": "Completed",
        "ModelPackageStatusDetails": {"ValidationStatuses": [], "ImageScanStatuses": []},
        "CertifyForMarketplace": False,
        "ModelApprovalStatus": "Rejected",
        "ModelLifeCycle": {"Stage": "Development", "StageStatus": "Approved"},
        "UpdatedModelPackageFields": ["ModelLifeCycle"],
        "LastModifiedTime": "2021-02-24T17:00:14Z",
    },
}
# As captured in aws-samples/amazon-sagemaker-drift-detection: fewer fields, times as numbers.
CAPTURED: dict[str, Any] = {
    **DOCUMENTED,
    "time": "2021-06-03T04:40:55Z",
    "detail": {
        "ModelPackageName": f"{GROUP}/2",
        "ModelPackageGroupName": GROUP,
        "ModelPackageVersion": 2,
        "ModelPackageArn": ARN,
        "CreationTime": 1622695255225,
        "ModelPackageStatus": "Completed",
        "ModelPackageStatusDetails": {"ValidationStatuses": []},
        "CertifyForMarketplace": False,
        "ModelApprovalStatus": "PendingManualApproval",
    },
}
ENDPOINT = saved("event-of-an-endpoint")
OTHERS = {
    "of a training job": {**DOCUMENTED, "detail-type": "SageMaker Training Job State Change"},
    "of a model card": {**DOCUMENTED, "detail-type": "SageMaker Model Card State Change"},
    "of CloudTrail": {**DOCUMENTED, "detail-type": "AWS API Call via CloudTrail"},
    "of somebody who imitates SageMaker": {**DOCUMENTED, "source": "my.sagemaker"},
    "of a clock": {**DOCUMENTED, "detail-type": "Scheduled Event", "source": "aws.events"},
}


def matches(event: dict[str, Any], rule: str = "VersionChanged") -> bool:
    pattern = RULES[rule]["EventPattern"]
    return bool(EventPattern.load(json.dumps(pattern)).matches_event(event))


@pytest.mark.parametrize("event", [DOCUMENTED, CAPTURED], ids=["documented", "captured"])
def test_the_rule_matches_the_events_of_a_version(event: dict[str, Any]) -> None:
    assert matches(event)


@pytest.mark.parametrize("status", ["PendingManualApproval", "Approved", "Rejected"])
def test_the_rule_matches_every_status(status: str) -> None:
    """Decisions that were made outside the bot must reach their card, too."""
    detail = {**CAPTURED["detail"], "ModelApprovalStatus": status}

    assert matches({**CAPTURED, "detail": detail})


@pytest.mark.parametrize("which", OTHERS)
def test_the_rule_matches_no_event(which: str) -> None:
    assert not matches(OTHERS[which])
    assert not matches(OTHERS[which], "EndpointChanged")


def of_endpoint(status: str) -> dict[str, Any]:
    return {**ENDPOINT, "detail": {**ENDPOINT["detail"], "EndpointStatus": status}}


def test_only_the_rule_for_endpoints_matches_the_documented_event_of_an_endpoint() -> None:
    assert matches(ENDPOINT, "EndpointChanged")
    assert not matches(ENDPOINT)
    assert not matches(DOCUMENTED, "EndpointChanged")


@pytest.mark.parametrize("state", EndpointStatus)
def test_the_rule_for_endpoints_matches_the_states_that_are_told_or_remembered(
    state: EndpointStatus,
) -> None:
    """Events spell them in capitals with underscores (events page); the API does not."""
    event = of_endpoint(camelcase_to_underscores(state.value).upper())

    remembered = {*TOLD, EndpointStatus.UPDATING, EndpointStatus.CREATING}
    assert matches(event, "EndpointChanged") is (state in remembered - {EndpointStatus.GONE})


@pytest.mark.parametrize("status", ["SYSTEM_UPDATING", "ROLLING_BACK"])
def test_the_rule_for_endpoints_matches_no_other_state(status: str) -> None:
    assert not matches(of_endpoint(status), "EndpointChanged")


def test_the_rule_for_endpoints_matches_no_other_event_of_an_endpoint() -> None:
    deployment = {**ENDPOINT, "detail-type": "SageMaker Endpoint Deployment State Change"}

    assert not matches(deployment, "EndpointChanged")
    assert not matches({**ENDPOINT, "source": "my.sagemaker"}, "EndpointChanged")


def test_a_schedule_calls_the_sweep() -> None:
    assert RULES["SweepSchedule"]["ScheduleExpression"].startswith("rate(")


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_may_invoke_its_function(rule: str) -> None:
    permissions = of_type("AWS::Lambda::Permission").values()
    allowed = {
        each["FunctionName"]
        for each in permissions
        if each["SourceArn"] == ("GetAtt", f"{rule}.Arn")
    }

    assert {target["Arn"] for target in RULES[rule]["Targets"]} == allowed


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_may_send_what_it_cannot_deliver_to_the_undelivered_queue(rule: str) -> None:
    (policy,) = of_type("AWS::SQS::QueuePolicy").values()
    (right,) = policy["PolicyDocument"]["Statement"]

    assert right["Principal"] == {"Service": "events.amazonaws.com"}
    assert right["Action"] == "sqs:SendMessage"
    assert ("GetAtt", f"{rule}.Arn") in right["Condition"]["ArnEquals"]["aws:SourceArn"]
    for target in RULES[rule]["Targets"]:
        assert (
            target["DeadLetterConfig"]["Arn"] == right["Resource"] == ("GetAtt", "Undelivered.Arn")
        )


def test_an_event_on_which_the_function_fails_is_retried_and_then_kept() -> None:
    """A scheduled call is not retried: the next one comes sooner."""
    configs = of_type("AWS::Lambda::EventInvokeConfig").values()
    attempts = {each["FunctionName"][1]: each["MaximumRetryAttempts"] for each in configs}

    assert attempts == {"RegistryEventLambdaFunction": 2, "SweepLambdaFunction": 0}
    for each in configs:
        assert each["DestinationConfig"]["OnFailure"]["Destination"] == (
            "GetAtt",
            "Undelivered.Arn",
        )


def test_a_scheduled_call_expires_when_the_next_one_is_due() -> None:
    (target,) = RULES["SweepSchedule"]["Targets"]

    minutes = int(SWEEPS_EVERY.total_seconds() // 60)
    assert RULES["SweepSchedule"]["ScheduleExpression"] == f"rate({minutes} minutes)"
    assert target["RetryPolicy"]["MaximumEventAgeInSeconds"] <= 300
