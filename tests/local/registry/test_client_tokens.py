"""7. A call repeated with the same client token."""

from __future__ import annotations

from typing import Any

from tests.local.registry.calls import Json, a_version, described, listed, refusal


def test_a_repeated_create_is_answered_and_creates_nothing(
    registry: Any, events: list[Json]
) -> None:
    first = a_version(registry, ClientToken="same-one")

    assert a_version(registry, ClientToken="same-one") == first
    assert listed(registry) == [1]
    assert len(events) == 1


def test_a_repeated_update_is_answered_and_changes_nothing(
    registry: Any, events: list[Json]
) -> None:
    arn = a_version(registry)
    decision = {"ModelPackageArn": arn, "ModelApprovalStatus": "Approved", "ClientToken": "d-1"}
    registry.update_model_package(**decision)
    registry.update_model_package(ModelPackageArn=arn, ModelApprovalStatus="Rejected")

    assert registry.update_model_package(**decision)["ModelPackageArn"] == arn

    assert described(registry, arn)["ModelApprovalStatus"] == "Rejected"
    assert len(events) == 3


def test_a_refused_call_does_not_use_up_its_token(registry: Any) -> None:
    arn = a_version(registry)
    refusal(
        registry.update_model_package,
        ModelPackageArn=arn,
        ApprovalDescription="two\nlines",
        ClientToken="d-1",
    )

    registry.update_model_package(
        ModelPackageArn=arn, ApprovalDescription="one line", ClientToken="d-1"
    )

    assert described(registry, arn)["ApprovalDescription"] == "one line"


def test_without_a_token_each_call_is_executed(registry: Any, events: list[Json]) -> None:
    arn = a_version(registry)
    for _ in range(2):
        registry.update_model_package(ModelPackageArn=arn, ModelApprovalStatus="Approved")

    assert len(events) == 3
