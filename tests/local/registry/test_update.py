"""1. What an update changes, and what it leaves."""

from __future__ import annotations

from typing import Any

from tests.local.registry.calls import (
    EVERYTHING,
    IMAGE,
    Json,
    a_version,
    described,
    refusal,
    stated,
)


def test_trap_11_an_update_changes_only_what_it_sends(registry: Any) -> None:
    arn = a_version(registry, **EVERYTHING)
    before = described(registry, arn)

    registry.update_model_package(ModelPackageArn=arn, ApprovalDescription="looks good")

    after = described(registry, arn)
    assert after.pop("ApprovalDescription") == "looks good"
    assert after.keys() - before.keys() == {"LastModifiedTime", "LastModifiedBy"}
    assert {field: after[field] for field in before} == before


def test_a_status_alone_leaves_the_description_and_the_metadata(registry: Any) -> None:
    arn = a_version(registry, CustomerMetadataProperties={"team": "growth"})
    registry.update_model_package(ModelPackageArn=arn, ApprovalDescription="looks good")

    registry.update_model_package(ModelPackageArn=arn, ModelApprovalStatus="Approved")

    package = described(registry, arn)
    assert package["ModelApprovalStatus"] == "Approved"
    assert package["ApprovalDescription"] == "looks good"
    assert package["CustomerMetadataProperties"] == {"team": "growth"}


def test_an_empty_description_is_a_description(registry: Any) -> None:
    arn = a_version(registry)
    registry.update_model_package(ModelPackageArn=arn, ApprovalDescription="looks good")

    registry.update_model_package(ModelPackageArn=arn, ApprovalDescription="")

    assert described(registry, arn)["ApprovalDescription"] == ""


def test_metadata_is_merged(registry: Any) -> None:
    arn = a_version(registry, CustomerMetadataProperties={"team": "growth", "tier": "1"})

    registry.update_model_package(
        ModelPackageArn=arn, CustomerMetadataProperties={"tier": "2", "by": "ann"}
    )

    properties = described(registry, arn)["CustomerMetadataProperties"]
    assert properties == {"team": "growth", "tier": "2", "by": "ann"}


def test_metadata_can_be_removed_without_sending_any(registry: Any) -> None:
    arn = a_version(registry, CustomerMetadataProperties={"team": "growth", "tier": "1"})

    registry.update_model_package(
        ModelPackageArn=arn, CustomerMetadataPropertiesToRemove=["tier", "never-there"]
    )

    assert described(registry, arn)["CustomerMetadataProperties"] == {"team": "growth"}


def test_the_last_property_removed_leaves_no_metadata(registry: Any) -> None:
    arn = a_version(registry, CustomerMetadataProperties={"team": "growth"})

    registry.update_model_package(ModelPackageArn=arn, CustomerMetadataPropertiesToRemove=["team"])

    assert "CustomerMetadataProperties" not in described(registry, arn)


def test_more_inference_specifications_are_appended(registry: Any) -> None:
    arn = a_version(registry, **EVERYTHING)

    registry.update_model_package(
        ModelPackageArn=arn,
        AdditionalInferenceSpecificationsToAdd=[{"Name": "cpu", "Containers": [{"Image": IMAGE}]}],
    )

    specifications = described(registry, arn)["AdditionalInferenceSpecifications"]
    assert [each["Name"] for each in specifications] == ["gpu", "cpu"]


def test_there_cannot_be_more_inference_specifications_in_total_than_the_model_says(
    registry: Any,
) -> None:
    most = stated("AdditionalInferenceSpecifications", "max")
    arn = a_version(registry, **EVERYTHING)
    more = [{"Name": f"n{n}", "Containers": [{"Image": IMAGE}]} for n in range(most)]

    message = refusal(
        registry.update_model_package,
        ModelPackageArn=arn,
        AdditionalInferenceSpecificationsToAdd=more,
    )

    assert message.endswith(f"Member must have length less than or equal to {most}")
    assert len(described(registry, arn)["AdditionalInferenceSpecifications"]) == 1


def test_an_update_that_is_refused_changes_nothing(registry: Any, events: list[Json]) -> None:
    arn = a_version(registry)
    before = described(registry, arn)

    refusal(
        registry.update_model_package,
        ModelPackageArn=arn,
        ModelApprovalStatus="Approved",
        ApprovalDescription="two\nlines",
    )

    assert described(registry, arn) == before
    assert len(events) == 1
