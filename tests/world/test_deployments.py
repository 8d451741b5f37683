"""What CI/CD makes of a decision reaches those who made it."""

from __future__ import annotations

import json

import pytest

from tests.doubles.cicd import CiCd
from tests.world.embedded import ANA, RELEASES, Embedded, until, words


@pytest.fixture
def cicd(world: Embedded) -> CiCd:
    return CiCd(world.sagemaker)


def told(world: Embedded, endpoint: str) -> list[str]:
    """What the channel for releases hears of *endpoint*."""
    found = (m for m in world.state()["messages"] if m["channel"] == RELEASES)
    return [words(m) for m in found if f"Endpoint {endpoint} " in words(m)]


def told_when(world: Embedded, endpoint: str, many: int) -> list[str]:
    until(lambda: len(told(world, endpoint)) >= many, f"{many} messages of {endpoint}")
    world.rest()
    return told(world, endpoint)


def say_again(world: Embedded, arn: str, status: str) -> None:
    """Let EventBridge deliver an event of the endpoint *arn* that says *status*."""
    detail = {"EndpointArn": arn, "EndpointStatus": status}
    entry = {
        "Source": "aws.sagemaker",
        "DetailType": "SageMaker Endpoint State Change",
        "Detail": json.dumps(detail),
        "Resources": [arn],
    }
    world.client("events").put_events(Entries=[entry])


def heard(world: Embedded, arn: str) -> int:
    """How many jobs about *arn* are over."""
    over = ("Job finished", "Job ignored")
    return sum(e.get("arn") == arn and e.get("message") in over for e in world.log())


def test_an_approved_version_that_comes_into_service_is_told_in_its_thread_and_to_the_channels(
    world: Embedded, cicd: CiCd
) -> None:
    group = world.new_group()
    arn = world.register(group)
    world.decide(ANA, arn, "approve")
    cicd.create(f"{group}-Prod", [arn])
    said = f"Endpoint {group}-Prod is in service with {group} version 1."

    assert world.thread_with(world.card(arn), 2)[1:] == [said]
    assert told_when(world, f"{group}-Prod", 1) == [said]


def test_an_endpoint_that_fails_is_told_with_the_reason(world: Embedded, cicd: CiCd) -> None:
    group = world.new_group()
    arn = world.register(group)
    world.decide(ANA, arn, "approve")
    cicd.create(group, [arn], fails="The container did not answer <!here>.")
    said = f"Endpoint {group} failed with {group} version 1:"

    assert world.thread_with(world.card(arn), 2)[1:] == [
        f"{said}\nThe container did not answer <!here>."
    ]


def test_an_update_that_fails_is_told_in_the_thread_of_what_did_not_come(
    world: Embedded, cicd: CiCd
) -> None:
    group = world.new_group()
    old, new = world.register(group), world.register(group)
    world.card(old)
    card = world.card(new)
    cicd.create(group, [old])
    told_when(world, group, 1)
    cicd.update(group, [new], fails="No memory.")
    said = (
        f"Endpoint {group} could not be changed to {group} version 2, "
        f"and is still in service with {group} version 1:\nNo memory."
    )

    assert world.thread_with(card, 1) == [said]
    assert told_when(world, group, 2)[1:] == [said]
    cicd.update(group, [new])
    assert world.thread_with(card, 2)[1:] == [
        f"Endpoint {group} is in service with {group} version 2."
    ]


def test_an_endpoint_that_is_made_anew_and_fails_as_before_is_told_again(
    world: Embedded, cicd: CiCd
) -> None:
    group = world.new_group()
    arn = world.register(group)
    card = world.card(arn)
    cicd.create(group, [arn], fails="No memory.")
    world.thread_with(card, 1)
    told_when(world, group, 1)
    cicd.delete(group)
    cicd.create(group, [arn], fails="No memory.")
    said = f"Endpoint {group} failed with {group} version 1:\nNo memory."

    assert world.thread_with(card, 2) == told_when(world, group, 2) == [said] * 2


def test_events_that_come_again_late_and_out_of_order_are_told_once(
    world: Embedded, cicd: CiCd
) -> None:
    group = world.new_group()
    arn = world.register(group)
    card = world.card(arn)
    endpoint = cicd.create(group, [arn])
    world.thread_with(card, 1)
    for status in ("IN_SERVICE", "FAILED", "UPDATING", "IN_SERVICE"):
        say_again(world, endpoint, status)
    until(lambda: heard(world, endpoint) >= 5, "five jobs")
    world.rest()

    assert len(world.thread(card)) == len(told(world, group)) == 1


@pytest.mark.parametrize(
    "method", ["DescribeEndpoint", "chat.postMessage", "PutItem", "conversations.history"]
)
def test_after_an_outage_it_is_told_once(world: Embedded, cicd: CiCd, method: str) -> None:
    group = world.new_group()
    arn = world.register(group)
    card = world.card(arn)
    world.rest()
    world.add_fault(method, "timeout" if "." not in method else "fatal_error", 1)
    cicd.create(group, [arn])

    assert len(world.thread_with(card, 1)) == 1
    assert len(told_when(world, group, 1)) == 1


def test_an_endpoint_that_is_gone_is_set_aside(world: Embedded) -> None:
    arn = f"arn:aws:sagemaker:{world.region}:{world.account}:endpoint/deleted-since"
    say_again(world, arn, "IN_SERVICE")
    said = world.logged("Job ignored", arn=arn)

    assert said["job"] == "reconcile_endpoint"
    assert "does not exist any more" in said["reason"]


def test_an_endpoint_without_a_version_of_a_registry_is_set_aside(
    world: Embedded, cicd: CiCd
) -> None:
    arn = cicd.create(world.new_group())

    assert "serves no version" in world.logged("Job ignored", arn=arn)["reason"]


def test_nothing_is_told_of_a_version_without_a_card_and_without_a_rule(
    world: Embedded, cicd: CiCd
) -> None:
    group = world.new_group("orphan")
    arn = world.register(group, "Approved")
    endpoint = cicd.create(group, [arn])
    world.logged("Job finished", arn=endpoint)

    assert [m for m in world.state()["messages"] if f"Endpoint {group} " in words(m)] == []
