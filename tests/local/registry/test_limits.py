"""9. The limits that the service model states."""

from __future__ import annotations

from typing import Any

import pytest

from tests.local.registry.calls import (
    IMAGE,
    INFERENCE,
    MODEL,
    Json,
    a_version,
    described,
    listed,
    refusal,
    stated,
)


def test_a_description_may_be_as_long_as_the_model_says_and_no_longer(registry: Any) -> None:
    most = stated("ApprovalDescription", "max")
    arn = a_version(registry)
    registry.update_model_package(ModelPackageArn=arn, ApprovalDescription="é" * most)

    message = refusal(
        registry.update_model_package, ModelPackageArn=arn, ApprovalDescription="x" * (most + 1)
    )

    assert message == (
        f"1 validation error detected: Value '{'x' * (most + 1)}' at 'approvalDescription' failed "
        f"to satisfy constraint: Member must have length less than or equal to {most}"
    )


@pytest.mark.parametrize("newline", ["\n", "\r", "\r\n", "\x85", "\u2028", "\u2029"])
def test_a_description_is_one_line(registry: Any, newline: str) -> None:
    text = f"looks{newline}good"

    message = refusal(
        registry.update_model_package, ModelPackageArn=a_version(registry), ApprovalDescription=text
    )

    assert message == (
        f"1 validation error detected: Value '{text}' at 'approvalDescription' failed to satisfy "
        "constraint: Member must satisfy regular expression pattern: "
        f"{stated('ApprovalDescription', 'pattern')}"
    )


@pytest.mark.parametrize("call", ["create_model_package", "update_model_package"])
def test_a_status_is_one_that_the_model_knows(registry: Any, call: str) -> None:
    about = {
        "create_model_package": {"ModelPackageGroupName": "Churn"},
        "update_model_package": {"ModelPackageArn": a_version(registry)},
    }

    message = refusal(getattr(registry, call), **about[call], ModelApprovalStatus="approved")

    assert message == (
        "1 validation error detected: Value 'approved' at 'modelApprovalStatus' failed to satisfy "
        "constraint: Member must satisfy enum value set: "
        f"[{', '.join(stated('ModelApprovalStatus', 'enum'))}]"
    )


def test_a_nested_limit_is_checked_and_its_place_named(registry: Any) -> None:
    containers = [{"Image": IMAGE}, {"Image": "has space"}]

    message = refusal(
        registry.create_model_package,
        ModelPackageGroupName="Churn",
        InferenceSpecification={"Containers": containers},
    )

    assert message == (
        "1 validation error detected: Value 'has space' at "
        "'inferenceSpecification.containers.2.member.image' failed to satisfy constraint: "
        f"Member must satisfy regular expression pattern: {stated('ContainerImage', 'pattern')}"
    )


def test_items_of_a_plain_list_are_reported_by_the_list(registry: Any) -> None:
    message = refusal(
        registry.create_model_package,
        ModelPackageGroupName="Churn",
        InferenceSpecification=INFERENCE | {"SupportedContentTypes": ["x" * 300]},
    )

    assert "'inferenceSpecification.supportedContentTypes' failed to satisfy" in message
    assert "Member must satisfy constraint: [Member must have length less than" in message


def test_every_broken_limit_is_counted(registry: Any) -> None:
    message = refusal(
        registry.update_model_package,
        ModelPackageArn=a_version(registry),
        ModelApprovalStatus="Nope",
        ApprovalDescription="x\n" * 1000,
    )

    assert message.startswith("3 validation errors detected: Value 'Nope'")
    assert message.count("; Value ") == 2


def test_a_value_that_the_model_marks_as_sensitive_is_not_repeated(registry: Any) -> None:
    most = stated("ModelCardContent", "max")

    message = refusal(
        registry.update_model_package,
        ModelPackageArn=a_version(registry),
        ModelCard={"ModelCardContent": "x" * (most + 1)},
    )

    assert message == (
        "1 validation error detected: Value at 'modelCard.modelCardContent' failed to satisfy "
        f"constraint: Member must have length less than or equal to {most}"
    )


def test_a_field_that_the_model_requires_must_be_set(registry: Any) -> None:
    assert refusal(registry.update_model_package) == (
        "1 validation error detected: Value null at 'modelPackageArn' failed to satisfy "
        "constraint: Member must not be null"
    )
    assert "'modelLifeCycle.stageStatus'" in refusal(
        registry.update_model_package,
        ModelPackageArn=a_version(registry),
        ModelLifeCycle={"Stage": "QA"},
    )


@pytest.mark.parametrize(("size", "bound"), [(0, "greater"), (101, "less")])
def test_a_page_size_is_within_the_models_range(registry: Any, size: int, bound: str) -> None:
    limit = stated("MaxResults", "min" if bound == "greater" else "max")

    for call in (registry.list_model_packages, registry.list_model_package_groups):
        assert refusal(call, MaxResults=size) == (
            f"1 validation error detected: Value '{size}' at 'maxResults' failed to satisfy "
            f"constraint: Member must have value {bound} than or equal to {limit}"
        )


@pytest.mark.parametrize(
    ("call", "sent", "place"),
    [
        ("create_model_package_group", {"ModelPackageGroupName": "a_b"}, "modelPackageGroupName"),
        ("create_model_package", {"ModelPackageName": "a_b"}, "modelPackageName"),
        ("describe_model_package", {"ModelPackageName": "Churn/1/2"}, "modelPackageName"),
        ("update_model_package", {"ModelPackageArn": "Churn/1"}, "modelPackageArn"),
        ("list_model_packages", {"NameContains": "a b"}, "nameContains"),
        ("list_model_package_groups", {"SortBy": "Age"}, "sortBy"),
    ],
)
def test_every_operation_of_the_registry_keeps_its_limits(
    registry: Any, call: str, sent: Json, place: str
) -> None:
    assert f" at '{place}' failed to satisfy constraint: " in refusal(
        getattr(registry, call), **sent
    )


def test_no_limit_is_enforced_that_the_model_does_not_state(registry: Any) -> None:
    text = MODEL.operation_model("CreateModelPackage").input_shape.members["Domain"]
    assert not text.metadata

    arn = a_version(registry, Domain="two\nlines" * 1000)
    for status in ("Approved", "PendingManualApproval", "Rejected"):
        registry.update_model_package(ModelPackageArn=arn, ModelApprovalStatus=status)

    assert described(registry, arn)["ModelApprovalStatus"] == "Rejected"


def test_a_version_refuses_tags_and_a_single_package_takes_them(registry: Any) -> None:
    tags = [{"Key": "team", "Value": "growth"}]
    text = MODEL.operation_model("CreateModelPackage").input_shape.members["Tags"].documentation
    assert "you cannot supply a <code>tag</code> argument" in text

    message = refusal(registry.create_model_package, ModelPackageGroupName="Churn", Tags=tags)
    registry.create_model_package(ModelPackageName="Alone", Tags=tags)

    assert message.startswith("Tags are not supported in Model Package versions.")
    assert listed(registry) == []


def test_a_package_has_a_group_or_a_name_and_not_both(registry: Any) -> None:
    assert refusal(registry.create_model_package) == "Missing ARN."
    assert "Cannot determine which one to use." in refusal(
        registry.create_model_package, ModelPackageGroupName="Churn", ModelPackageName="Alone"
    )
