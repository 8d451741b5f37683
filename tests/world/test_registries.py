"""A registry of another account and Region, next to the bot's own with a group of the same name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from infra.local import aws
from tests.world.embedded import ANA, BEN, FRAUD, ROOT, Embedded, buttons, running, words

if TYPE_CHECKING:
    from collections.abc import Iterator

THERE = "222222222222/eu-west-1"
GROUP = "fraud-detector"
FULL_NAME = f"{THERE}/{GROUP}"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    folder = tmp_path_factory.mktemp("registries")
    shipped = (ROOT / "infra" / "approvals.yml").read_text(encoding="utf-8")
    rules = folder / "approvals.yml"
    wider = shipped.replace("groups: fraud-*", 'groups: [fraud-*, "222222222222/*/fraud-*"]')
    rules.write_text(wider, encoding="utf-8")
    with running("empty", folder, {"REGISTRIES": THERE, "APPROVALS_FILE": str(rules)}) as world:
        world.sagemaker.create_model_package_group(ModelPackageGroupName=GROUP)
        there(world).create_model_package_group(ModelPackageGroupName=GROUP)
        yield world


def there(world: Embedded) -> Any:
    """SageMaker in the other account and Region, as a pipeline of that account calls it."""
    return aws.client_in("sagemaker", world.aws, THERE)


def register_there(world: Embedded) -> str:
    return str(there(world).create_model_package(ModelPackageGroupName=GROUP)["ModelPackageArn"])


def described_there(world: Embedded, arn: str) -> Any:
    return there(world).describe_model_package(ModelPackageName=arn)


def test_a_version_of_another_account_is_announced_and_decided_in_the_name_of_a_person(
    world: Embedded,
) -> None:
    namesake = world.register(GROUP)
    arn = register_there(world)
    card = world.card(arn)
    world.decide(ANA, arn, "approve", "better than the last")
    version = described_there(world, arn)

    assert arn.startswith("arn:aws:sagemaker:eu-west-1:222222222222:model-package/")
    assert card["channel"] == FRAUD
    assert f"{FULL_NAME} version" in words(card)
    assert version["ModelApprovalStatus"] == "Approved"
    assert version["ApprovalDescription"].startswith("better than the last (")
    who = version["LastModifiedBy"]["IamIdentity"]
    assert who["SourceIdentity"] == ANA
    assert "::222222222222:assumed-role/model-approvals-decide/approval-" in who["Arn"]

    assert world.status(namesake) == "PendingManualApproval"
    assert "approve" in buttons(world.card(namesake))
    assert "222222222222" not in words(world.card(namesake)).replace(arn, "")


def test_an_outside_change_in_another_registry_reaches_its_card(world: Embedded) -> None:
    arn = register_there(world)
    world.card(arn)
    there(world).update_model_package(ModelPackageArn=arn, ModelApprovalStatus="Rejected")
    card = world.card_when(arn, lambda card: "approve" not in buttons(card))

    assert "Rejected" in words(card)


def test_a_group_of_another_registry_is_asked_for_by_its_full_name(world: Embedded) -> None:
    arn = register_there(world)
    number = described_there(world, arn)["ModelPackageVersion"]
    world.card(arn)

    assert FULL_NAME in words(world.ask(BEN))
    assert arn in words(world.ask(BEN, f"{FULL_NAME} {number}"))
    assert f"{FULL_NAME} has no version 99999." in words(world.ask(BEN, f"{FULL_NAME} 99999"))
