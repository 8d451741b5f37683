"""Events come late, twice, out of order, half empty, or about nothing."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.world.embedded import ANA, Embedded, buttons, until

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def without_events(world: Embedded) -> Iterator[None]:
    """Meanwhile the bot gets no events of the registry."""
    events = world.client("events")
    rules = events.list_rules()["Rules"]
    (rule,) = [rule["Name"] for rule in rules if "VersionChanged" in rule["Name"]]
    events.disable_rule(Name=rule)
    yield
    events.enable_rule(Name=rule)


def jobs_sent(world: Embedded, arn: str) -> int:
    """Return how many jobs about *arn* were sent to the queue, as the log says."""
    sent = [entry for entry in world.log() if entry.get("message") == "Job sent to the queue"]
    return sum(entry.get("arn") == arn for entry in sent)


def test_the_same_event_five_times_and_out_of_order_is_one_card_and_one_decision(
    world: Embedded,
) -> None:
    arn = world.register(world.new_group())
    world.decide(ANA, arn, "approve")
    card = world.card(arn)
    before = jobs_sent(world, arn)
    for status in (
        "Approved",
        "PendingManualApproval",
        "Rejected",
        "PendingManualApproval",
        "Approved",
    ):
        world.put_event({"ModelPackageArn": arn, "ModelApprovalStatus": status}, [arn])
    until(lambda: jobs_sent(world, arn) >= before + 5, "five events")
    world.rest()

    assert world.card(arn) == card
    assert len(world.thread(card)) == 1
    assert len(world.updates(arn)) == 1


def test_an_event_for_a_version_that_does_not_exist_is_ignored(world: Embedded) -> None:
    arn = f"arn:aws:sagemaker:{world.region}:{world.account}:model-package/never-made/7"
    world.put_event({"ModelPackageArn": arn}, [arn])
    entry = world.logged("Job ignored", reason=f"the registry has no {arn}")

    assert entry["level"] == "WARNING"


def test_an_unversioned_package_is_ignored(world: Embedded) -> None:
    name = f"{world.new_group()}-alone"
    package = world.sagemaker.create_model_package(
        ModelPackageName=name, ModelPackageDescription="one of a kind"
    )
    arn = package["ModelPackageArn"]
    world.logged("Job ignored", reason=f"{arn} is no version of a group")

    assert world.cards(arn) == []


def test_an_event_that_names_no_version_is_ignored(world: Embedded) -> None:
    world.put_event({"ModelApprovalStatus": "Approved"})
    entry = world.logged("Event ignored")

    assert "names no model package" in entry["reason"]


def test_an_event_of_2021_with_times_in_milliseconds_is_understood(world: Embedded) -> None:
    group = world.new_group()
    with without_events(world):
        arn = world.register(group)
    world.put_event(
        {
            "ModelPackageName": f"{group}/1",
            "ModelPackageGroupName": group,
            "ModelPackageVersion": 1,
            "ModelPackageArn": arn,
            "CreationTime": 1622695255225,
            "ModelPackageStatus": "Completed",
            "ModelApprovalStatus": "PendingManualApproval",
        }
    )

    assert buttons(world.card(arn)) == ["approve", "reject"]


def test_an_event_without_the_optional_fields_is_understood(world: Embedded) -> None:
    with without_events(world):
        arn = world.register(world.new_group())
    world.put_event({}, [arn])

    assert buttons(world.card(arn)) == ["approve", "reject"]


def test_after_a_late_event_the_card_shows_the_registry_and_not_the_event(world: Embedded) -> None:
    with without_events(world):
        arn = world.register(world.new_group())
        world.put_event({"ModelPackageArn": arn}, [arn])
    world.put_event({"ModelPackageArn": arn, "ModelApprovalStatus": "Rejected"}, [arn])

    assert buttons(world.card(arn)) == ["approve", "reject"]
