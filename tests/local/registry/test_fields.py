"""2, 3, 12. The fields of a version, its first status, and its validation."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra.local.registry import finish_validation
from infra.local.registry.package import DENIED_KEY
from tests.local.registry.calls import (
    CARD,
    EVERYTHING,
    MODEL,
    VALIDATION,
    Json,
    a_version,
    described,
    listed,
)


@pytest.mark.parametrize("field", EVERYTHING)
def test_every_field_that_create_accepts_and_describe_returns_is_kept(
    registry: Any, field: str
) -> None:
    assert field in MODEL.operation_model("CreateModelPackage").input_shape.members
    assert field in MODEL.operation_model("DescribeModelPackage").output_shape.members

    assert described(registry, a_version(registry, **EVERYTHING))[field] == EVERYTHING[field]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("ModelLifeCycle", {"Stage": "QA", "StageStatus": "Approved", "StageDescription": "ok"}),
        ("SourceUri", "s3://models/other"),
        ("ModelPackageRegistrationType", "Logged"),
        ("InferenceSpecification", {"Containers": [{"Image": "other:2"}]}),
    ],
)
def test_an_update_replaces_the_field_it_sends(registry: Any, field: str, value: Any) -> None:
    arn = a_version(registry, **EVERYTHING)

    registry.update_model_package(ModelPackageArn=arn, **{field: value})

    assert described(registry, arn)[field] == value


def test_a_new_card_status_keeps_the_cards_content(registry: Any) -> None:
    arn = a_version(registry, **EVERYTHING)

    registry.update_model_package(ModelPackageArn=arn, ModelCard={"ModelCardStatus": "Approved"})

    card = described(registry, arn)["ModelCard"]
    assert card == {"ModelCardContent": json.dumps(CARD), "ModelCardStatus": "Approved"}


def test_metadata_only_keeps_the_fields_of_the_card_that_need_no_key(registry: Any) -> None:
    arn = a_version(registry, **EVERYTHING)

    whole = described(registry, arn, IncludedData="AllData")
    cut = described(registry, arn, IncludedData="MetadataOnly")

    card = cut.pop("ModelCard")
    assert json.loads(card["ModelCardContent"]) == {"intended_uses": {"risk_rating": "High"}}
    assert card["ModelCardStatus"] == "Draft"
    assert cut == {field: whole[field] for field in whole if field != "ModelCard"}


def test_a_card_whose_key_may_not_be_used_is_denied_and_its_metadata_are_not(registry: Any) -> None:
    fields = {**EVERYTHING, "SecurityConfig": {"KmsKeyId": DENIED_KEY}}
    arn = a_version(registry, **fields)

    cut = described(registry, arn, IncludedData="MetadataOnly")
    assert json.loads(cut["ModelCard"]["ModelCardContent"]) == {
        "intended_uses": {"risk_rating": "High"}
    }
    for parameters in ({}, {"IncludedData": "AllData"}):
        with pytest.raises(ClientError, match=r"AccessDeniedException.*kms:Decrypt"):
            described(registry, arn, **parameters)


def test_a_version_without_a_card_needs_no_key(registry: Any) -> None:
    arn = a_version(registry, SecurityConfig={"KmsKeyId": DENIED_KEY})

    assert described(registry, arn)["SecurityConfig"] == {"KmsKeyId": DENIED_KEY}


def test_a_field_that_is_not_set_is_absent(registry: Any) -> None:
    package = described(registry, a_version(registry))

    assert not {"ModelCard", "CustomerMetadataProperties", "LastModifiedTime"} & package.keys()
    assert None not in package.values()


def test_a_version_starts_as_pending(registry: Any) -> None:
    arn = a_version(registry)

    summary = registry.list_model_packages(ModelPackageGroupName="Churn")
    assert described(registry, arn)["ModelApprovalStatus"] == "PendingManualApproval"
    assert summary["ModelPackageSummaryList"][0]["ModelApprovalStatus"] == "PendingManualApproval"
    assert listed(registry, ModelApprovalStatus="PendingManualApproval") == [1]


def test_a_version_can_start_as_approved(registry: Any) -> None:
    arn = a_version(registry, ModelApprovalStatus="Approved")

    assert described(registry, arn)["ModelApprovalStatus"] == "Approved"


def test_a_summary_has_the_summarys_fields_only(registry: Any) -> None:
    a_version(registry, **EVERYTHING)

    [summary] = registry.list_model_packages(ModelPackageGroupName="Churn")[
        "ModelPackageSummaryList"
    ]
    fields = MODEL.shape_for("ModelPackageSummary").members.keys()
    assert summary.keys() == fields - {"ModelPackageName"}
    assert summary["ModelLifeCycle"] == EVERYTHING["ModelLifeCycle"]
    assert summary["ModelPackageRegistrationType"] == "Registered"


def test_a_package_without_validation_is_completed_at_once(registry: Any) -> None:
    package = described(registry, a_version(registry))

    assert package["ModelPackageStatus"] == "Completed"
    assert package["ModelPackageStatusDetails"] == {
        "ValidationStatuses": [],
        "ImageScanStatuses": [],
    }


def test_a_package_with_validation_waits_for_it(registry: Any, events: list[Json]) -> None:
    package = described(registry, a_version(registry, ValidationSpecification=VALIDATION))

    details = package["ModelPackageStatusDetails"]
    assert package["ModelPackageStatus"] == "InProgress"
    assert details["ValidationStatuses"] == [{"Name": "smoke", "Status": "InProgress"}]
    assert events[0]["detail"]["ModelPackageStatus"] == "InProgress"


def test_skipped_validation_is_not_waited_for(registry: Any) -> None:
    arn = a_version(registry, ValidationSpecification=VALIDATION, SkipModelValidation="All")

    assert described(registry, arn)["ModelPackageStatus"] == "Completed"


def test_validation_completes_with_an_event(registry: Any, events: list[Json]) -> None:
    arn = a_version(registry, ValidationSpecification=VALIDATION)

    finish_validation(arn)

    package = described(registry, arn)
    details = package["ModelPackageStatusDetails"]
    assert package["ModelPackageStatus"] == "Completed"
    assert details["ValidationStatuses"] == [{"Name": "smoke", "Status": "Completed"}]
    assert len(events) == 2
    assert events[1]["detail"]["ModelPackageStatus"] == "Completed"
    assert events[1]["detail"]["ModelApprovalStatus"] == "PendingManualApproval"
    assert "UpdatedModelPackageFields" not in events[1]["detail"]


def test_validation_fails_with_its_reason(registry: Any, events: list[Json]) -> None:
    arn = a_version(registry, ValidationSpecification=VALIDATION)

    finish_validation(arn, "ClientError: no such image")

    package = described(registry, arn)
    [item] = package["ModelPackageStatusDetails"]["ValidationStatuses"]
    failed = {"Name": "smoke", "Status": "Failed", "FailureReason": "ClientError: no such image"}
    assert item == failed
    assert item.keys() == MODEL.shape_for("ModelPackageStatusItem").members.keys()
    assert events[1]["detail"]["ModelPackageStatus"] == "Failed"


def test_validation_ends_once(registry: Any) -> None:
    arn = a_version(registry, ValidationSpecification=VALIDATION)
    finish_validation(arn)

    with pytest.raises(ValueError, match="is not being validated"):
        finish_validation(arn)
