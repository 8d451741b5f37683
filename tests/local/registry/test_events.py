"""10. The events of creates and updates."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from infra.local.registry import correct
from tests.local.registry.calls import (
    ACCOUNT,
    EVENT_PATTERN,
    EVERYTHING,
    REGION,
    Json,
    a_rule,
    a_version,
    client,
    described,
)

if TYPE_CHECKING:
    import pytest


def test_trap_11_a_new_version_is_an_event(registry: Any, events: list[Json]) -> None:
    arn = a_version(registry, **EVERYTHING)

    [event] = events
    package = described(registry, arn)
    detail = event.pop("detail")
    created = package["CreationTime"].astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert datetime.fromisoformat(event.pop("time")).utcoffset() == timedelta(0)
    assert len(event.pop("id")) == 36
    assert event == {
        "version": "0",
        "detail-type": "SageMaker Model Package State Change",
        "source": "aws.sagemaker",
        "account": ACCOUNT,
        "region": REGION,
        "resources": [arn],
    }
    assert detail.pop("CreationTime") == created
    assert detail == {field: package[field] for field in detail}
    assert detail.keys() == {
        "ModelPackageGroupName",
        "ModelPackageVersion",
        "ModelPackageArn",
        "ModelPackageDescription",
        "InferenceSpecification",
        "ModelPackageStatus",
        "ModelPackageStatusDetails",
        "CertifyForMarketplace",
        "ModelApprovalStatus",
        "MetadataProperties",
        "ModelMetrics",
        "ModelLifeCycle",
    }


def test_an_update_is_an_event_that_names_the_fields(registry: Any, events: list[Json]) -> None:
    arn = a_version(registry)

    registry.update_model_package(
        ModelPackageArn=arn,
        ModelApprovalStatus="Approved",
        ApprovalDescription="looks good",
        CustomerMetadataPropertiesToRemove=["team"],
        SourceUri="s3://models/other",
        ModelLifeCycle={"Stage": "QA", "StageStatus": "Approved"},
    )

    detail = events[-1]["detail"]
    # "sourceUri" is spelled so on the events page.
    assert set(detail["UpdatedModelPackageFields"]) == {
        "ModelApprovalStatus",
        "ApprovalDescription",
        "CustomerMetadataProperties",
        "sourceUri",
        "ModelLifeCycle",
    }
    assert detail["ModelApprovalStatus"] == "Approved"
    assert detail["ApprovalDescription"] == "looks good"
    assert datetime.fromisoformat(detail["LastModifiedTime"]).utcoffset() == timedelta(0)


def test_an_update_that_changes_nothing_is_an_event(registry: Any, events: list[Json]) -> None:
    arn = a_version(registry)
    unchanged = {"ModelPackageArn": arn, "ModelApprovalStatus": "PendingManualApproval"}

    registry.update_model_package(**unchanged)
    registry.update_model_package(ModelPackageArn=arn)

    assert [each["detail"].get("UpdatedModelPackageFields") for each in events] == [
        None,
        ["ModelApprovalStatus"],
        [],
    ]
    assert len({each["id"] for each in events}) == 3


def test_no_event_names_an_actor(registry: Any, events: list[Json]) -> None:
    arn = a_version(registry)
    registry.update_model_package(ModelPackageArn=arn, ModelApprovalStatus="Approved")

    assert len(events) == 2
    assert "AKIDann" not in json.dumps(events)


def test_a_package_without_a_group_is_an_event_too(registry: Any, events: list[Json]) -> None:
    registry.create_model_package(ModelPackageName="Alone")

    detail = events[0]["detail"]
    assert detail["ModelPackageName"] == "Alone"
    assert not {"ModelPackageGroupName", "ModelPackageVersion", "ModelApprovalStatus"} & set(detail)


def test_a_read_emits_no_event(registry: Any, events: list[Json]) -> None:
    registry.list_model_packages()
    registry.describe_model_package_group(ModelPackageGroupName="Churn")

    assert events == []


def test_an_event_is_a_copy(registry: Any, events: list[Json]) -> None:
    arn = a_version(registry, **EVERYTHING)

    events[0]["detail"]["ModelLifeCycle"]["Stage"] = "Production"

    assert described(registry, arn)["ModelLifeCycle"]["Stage"] == "Development"


def test_an_event_that_the_listener_fails_on_does_not_fail_the_call(
    registry: Any, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(_event: Json) -> None:
        raise RuntimeError("nobody listens")

    correct(refuse)

    assert a_version(registry).endswith("/1")
    assert "nobody listens" in caplog.text


def test_correcting_again_replaces_the_listener_and_keeps_the_versions(registry: Any) -> None:
    arn = a_version(registry)
    others: list[Json] = []

    correct(others.append)
    registry.update_model_package(ModelPackageArn=arn, ModelApprovalStatus="Approved")

    assert [each["resources"] for each in others] == [[arn]]


def test_without_a_listener_motos_bus_matches_its_rules(registry: Any) -> None:
    correct()
    queue = client("sqs").create_queue(QueueName="approved")["QueueUrl"]
    a_rule(
        f"arn:aws:sqs:{REGION}:{ACCOUNT}:approved",
        EventPattern=json.dumps(EVENT_PATTERN | {"detail": {"ModelApprovalStatus": ["Approved"]}}),
    )
    arn = a_version(registry)
    registry.update_model_package(ModelPackageArn=arn, ModelApprovalStatus="Approved")

    [message] = client("sqs").receive_message(QueueUrl=queue, MaxNumberOfMessages=10)["Messages"]
    event = json.loads(message["Body"])
    assert event["resources"] == [arn]
    assert event["detail"]["UpdatedModelPackageFields"] == ["ModelApprovalStatus"]
