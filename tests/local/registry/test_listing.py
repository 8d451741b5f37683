"""8. Numbers of versions, and lists in pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any

import pytest
from moto.sagemaker.models import sagemaker_backends

from tests.local.registry.calls import ACCOUNT, MODEL, REGION, a_version, listed, refusal, stated


def test_a_number_is_the_highest_plus_one(registry: Any) -> None:
    for _ in range(3):
        a_version(registry)
    backend = sagemaker_backends[ACCOUNT][REGION]
    del backend.model_packages[f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model-package/Churn/1"]

    assert a_version(registry).endswith("/4")


def test_a_page_is_complete_although_a_version_before_it_left_the_filter(registry: Any) -> None:
    arns = [a_version(registry) for _ in range(4)]
    pending = {"ModelApprovalStatus": "PendingManualApproval", "ModelPackageGroupName": "Churn"}
    first = registry.list_model_packages(**pending, MaxResults=1)
    for arn in arns[:2]:
        registry.update_model_package(ModelPackageArn=arn, ModelApprovalStatus="Approved")

    assert listed(registry, **pending, MaxResults=1, NextToken=first["NextToken"]) == [3]


@pytest.mark.parametrize("by", stated("ModelPackageSortBy", "enum"))
@pytest.mark.parametrize("order", stated("SortOrder", "enum"))
def test_all_pages_together_are_the_whole_list(registry: Any, by: str, order: str) -> None:
    for _ in range(11):
        a_version(registry)
    pages = registry.get_paginator("list_model_packages").paginate(
        ModelPackageGroupName="Churn", SortBy=by, SortOrder=order, PaginationConfig={"PageSize": 4}
    )

    numbers = [
        [each["ModelPackageVersion"] for each in p["ModelPackageSummaryList"]] for p in pages
    ]
    ascending = list(range(1, 12))
    assert [len(page) for page in numbers] == [4, 4, 3]
    assert list(chain.from_iterable(numbers)) == (
        ascending if order == "Ascending" else ascending[::-1]
    )


def test_equal_creation_times_are_ordered_by_version(
    registry: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("infra.local.registry.backend.utcnow", lambda: datetime(2026, 3, 1, 9, 0))  # noqa: DTZ001 - moto's times are naive
    for _ in range(11):
        a_version(registry)

    assert listed(registry, MaxResults=100) == list(range(1, 12))
    assert listed(registry, MaxResults=100, SortOrder="Descending") == list(range(11, 0, -1))


def test_a_list_is_ascending_by_default_as_the_model_says(registry: Any) -> None:
    text = MODEL.operation_model("ListModelPackages").input_shape.members["SortOrder"]
    assert "The default is <code>Ascending</code>" in text.documentation
    for _ in range(3):
        a_version(registry)

    assert listed(registry) == [1, 2, 3]


def test_a_page_has_ten_items_by_default(registry: Any) -> None:
    for _ in range(11):
        a_version(registry)

    assert listed(registry) == list(range(1, 11))


@pytest.mark.parametrize("token", ["garbage", "e30=", "WyJOYW1lIl0=", "MQ==", "äöü"])
def test_an_invalid_token_is_refused(registry: Any, token: str) -> None:
    assert refusal(registry.list_model_packages, NextToken=token) == "Invalid NextToken."
    assert refusal(registry.list_model_package_groups, NextToken=token) == "Invalid NextToken."


def test_a_token_of_another_order_is_refused(registry: Any) -> None:
    for _ in range(2):
        a_version(registry)
    page = registry.list_model_packages(ModelPackageGroupName="Churn", MaxResults=1)

    message = refusal(
        registry.list_model_packages,
        ModelPackageGroupName="Churn",
        SortBy="Name",
        NextToken=page["NextToken"],
    )

    assert message == "Invalid NextToken."


def test_without_group_or_type_only_single_packages_are_listed(registry: Any) -> None:
    a_version(registry)
    registry.create_model_package(ModelPackageName="Alone")

    def names(**asked: Any) -> list[str]:
        page = registry.list_model_packages(**asked)
        return [
            each["ModelPackageArn"].split("/", 1)[1] for each in page["ModelPackageSummaryList"]
        ]

    assert names() == ["Alone"]
    assert names(ModelPackageType="Unversioned") == ["Alone"]
    assert names(ModelPackageType="Versioned") == ["Churn/1"]
    assert names(ModelPackageType="Both", SortBy="Name") == ["Alone", "Churn/1"]


def test_lists_are_filtered_by_name_and_time(registry: Any) -> None:
    a_version(registry)
    registry.create_model_package_group(ModelPackageGroupName="Risk")
    a_version(registry, ModelPackageGroupName="Risk")
    soon = datetime.now(UTC) + timedelta(minutes=1)

    def groups(**asked: Any) -> list[str]:
        page = registry.list_model_package_groups(**asked)
        return [each["ModelPackageGroupName"] for each in page["ModelPackageGroupSummaryList"]]

    assert groups(NameContains="is") == ["Risk"]
    assert groups(CreationTimeAfter=soon) == []
    assert groups(CreationTimeBefore=soon, SortOrder="Descending") == ["Risk", "Churn"]
    assert listed(registry, CreationTimeAfter=soon) == []
    assert listed(registry, CreationTimeBefore=soon, NameContains="hur") == [1]


def test_groups_are_paged_in_the_same_way(registry: Any) -> None:
    registry.create_model_package_group(ModelPackageGroupName="Risk")
    first = registry.list_model_package_groups(MaxResults=1, SortBy="Name")

    second = registry.list_model_package_groups(SortBy="Name", NextToken=first["NextToken"])

    assert second["ModelPackageGroupSummaryList"][0]["ModelPackageGroupName"] == "Risk"
    assert "NextToken" not in second
