"""4, 6, 13. ARNs and names: how a group or a package is found, missing, refused or deleted."""

from __future__ import annotations

from typing import Any

import pytest

from tests.local.registry.calls import ACCOUNT, REGION, Json, a_version, described, listed, refusal


def test_trap_11_an_arn_keeps_the_case_of_the_group(registry: Any) -> None:
    arn = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model-package/Churn/1"

    assert a_version(registry) == arn
    assert described(registry, arn)["ModelPackageArn"] == arn


def test_a_version_is_found_by_group_and_number(registry: Any) -> None:
    arn = a_version(registry)

    assert described(registry, "Churn/1")["ModelPackageArn"] == arn


def test_a_version_is_found_whatever_the_case(registry: Any) -> None:
    arn = a_version(registry)

    assert described(registry, arn.lower())["ModelPackageArn"] == arn


def test_the_exact_spelling_is_found_first(registry: Any) -> None:
    for name in ("Alone", "alone"):
        registry.create_model_package(ModelPackageName=name)

    assert described(registry, "Alone")["ModelPackageName"] == "Alone"
    assert described(registry, "alone")["ModelPackageName"] == "alone"


def test_the_name_of_a_group_is_not_a_package(registry: Any) -> None:
    a_version(registry)

    assert refusal(registry.describe_model_package, ModelPackageName="Churn").endswith(
        "model-package/Churn does not exist."
    )


def test_a_group_is_found_by_arn(registry: Any) -> None:
    by_name = registry.describe_model_package_group(ModelPackageGroupName="Churn")
    arn = by_name["ModelPackageGroupArn"]

    by_arn = registry.describe_model_package_group(ModelPackageGroupName=arn)

    assert by_arn["ModelPackageGroupName"] == "Churn"
    assert by_arn["CreationTime"] == by_name["CreationTime"]


def test_a_version_is_registered_and_listed_by_the_arn_of_its_group(registry: Any) -> None:
    group = registry.describe_model_package_group(ModelPackageGroupName="Churn")
    arn = a_version(registry, ModelPackageGroupName=group["ModelPackageGroupArn"])

    assert arn.endswith(":model-package/Churn/1")
    assert described(registry, arn)["ModelPackageGroupName"] == "Churn"
    assert listed(registry, ModelPackageGroupName=group["ModelPackageGroupArn"]) == [1]


def test_the_arn_of_a_group_in_another_registry_is_not_the_group_here(registry: Any) -> None:
    elsewhere = f"arn:aws:sagemaker:{REGION}:999999999999:model-package-group/Churn"

    message = refusal(registry.create_model_package, ModelPackageGroupName=elsewhere)

    assert message == f"ModelPackageGroup {elsewhere} does not exist."


def test_a_version_has_no_package_name_and_a_single_package_no_group(registry: Any) -> None:
    version = described(registry, a_version(registry))
    registry.create_model_package(ModelPackageName="Alone")
    alone = described(registry, "Alone")

    assert "ModelPackageName" not in version
    assert alone["ModelPackageName"] == "Alone"
    assert alone["ModelPackageArn"].endswith(":model-package/Alone")
    assert not {"ModelPackageGroupName", "ModelPackageVersion"} & alone.keys()


@pytest.mark.parametrize("name", ["Churn/7", "Nothing/1", "Alone"])
def test_a_missing_package_is_an_error(registry: Any, name: str) -> None:
    arn = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model-package/{name}"

    assert refusal(registry.describe_model_package, ModelPackageName=name) == (
        f"ModelPackage {arn} does not exist."
    )
    assert refusal(registry.update_model_package, ModelPackageArn=arn) == (
        f"ModelPackage {arn} does not exist."
    )


def test_a_missing_group_is_an_error(registry: Any) -> None:
    arn = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model-package-group/Nothing"
    message = f"ModelPackageGroup {arn} does not exist."

    assert message == refusal(
        registry.describe_model_package_group, ModelPackageGroupName="Nothing"
    )
    assert message == refusal(registry.create_model_package, ModelPackageGroupName="Nothing")


def test_a_group_that_exists_is_not_created_again(registry: Any) -> None:
    before = registry.describe_model_package_group(ModelPackageGroupName="Churn")

    message = refusal(
        registry.create_model_package_group,
        ModelPackageGroupName="Churn",
        ModelPackageGroupDescription="another",
    )

    after = registry.describe_model_package_group(ModelPackageGroupName="Churn")
    assert message == f"Model Package Group already exists: {before['ModelPackageGroupArn']}"
    assert after["CreationTime"] == before["CreationTime"]
    assert "ModelPackageGroupDescription" not in after


def test_a_group_that_does_not_exist_has_no_versions(registry: Any) -> None:
    a_version(registry)

    assert listed(registry, ModelPackageGroupName="Nothing") == []


def test_a_deleted_package_is_an_error(registry: Any, events: list[Json]) -> None:
    arn = a_version(registry)

    registry.delete_model_package(ModelPackageName=arn.lower())

    assert refusal(registry.describe_model_package, ModelPackageName=arn).endswith(" not exist.")
    assert refusal(registry.delete_model_package, ModelPackageName=arn).endswith(" not exist.")
    assert listed(registry) == []
    assert len(events) == 1
