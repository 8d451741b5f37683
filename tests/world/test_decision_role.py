"""The person in AWS's own records: every decision goes through the decision role."""

from __future__ import annotations

from typing import Any

from tests.world.embedded import ANA, BEN, Embedded


def last_modified_by(world: Embedded, arn: str) -> Any:
    return world.describe(arn)["LastModifiedBy"]["IamIdentity"]


def test_the_registry_names_the_person_and_the_decision(world: Embedded) -> None:
    arn = world.register(world.new_group("rent"))
    world.decide(BEN, arn, "approve")

    who = last_modified_by(world, arn)
    decision = world.describe(arn)["CustomerMetadataProperties"]["approval-decision"]
    assert who["SourceIdentity"] == BEN
    assert who["Arn"].endswith(f"/approval-{decision}")


def test_a_decision_survives_an_outage_of_sts(world: Embedded) -> None:
    arn = world.register(world.new_group())
    world.card(arn)
    world.add_fault("AssumeRole", "Throttling", times=5)
    world.decide(ANA, arn, "approve")

    assert last_modified_by(world, arn)["SourceIdentity"] == ANA


def test_without_the_right_to_the_decision_role_nothing_is_decided(world: Embedded) -> None:
    arn = world.register(world.new_group())
    form = world.open_form(ANA, arn, "approve")
    world.add_fault("AssumeRole", "AccessDenied")
    world.submit(ANA, form, "because")
    world.rest()

    assert world.status(arn) == "PendingManualApproval"
