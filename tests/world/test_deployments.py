"""What CI/CD deploys is announced to the people who decided."""

from __future__ import annotations

import json

import pytest

from tests.doubles.cicd import CiCd
from tests.world.embedded import ANA, RELEASES, Embedded, until, words


@pytest.fixture
def cicd(world: Embedded) -> CiCd:
    return CiCd(world.sagemaker)


def notices_of(world: Embedded, endpoint: str) -> list[str]:
    """The messages about *endpoint* in the channel for releases."""
    messages = (m for m in world.state()["messages"] if m["channel"] == RELEASES)
    return [words(m) for m in messages if f"Endpoint {endpoint} " in words(m)]


def wait_for_notices(world: Embedded, endpoint: str, many: int) -> list[str]:
    until(lambda: len(notices_of(world, endpoint)) >= many, f"{many} messages of {endpoint}")
    world.rest()
    return notices_of(world, endpoint)


def send_event(world: Embedded, arn: str, status: str) -> None:
    """Let EventBridge deliver an event of the endpoint *arn* that says *status*."""
    detail = {"EndpointArn": arn, "EndpointStatus": status}
    entry = {
        "Source": "aws.sagemaker",
        "DetailType": "SageMaker Endpoint State Change",
        "Detail": json.dumps(detail),
        "Resources": [arn],
    }
    world.client("events").put_events(Entries=[entry])


def finished_jobs(world: Embedded, arn: str) -> int:
    """The number of finished and ignored jobs about *arn*."""
    finished = ("Job finished", "Job ignored")
    return sum(e.get("arn") == arn and e.get("message") in finished for e in world.log())


def test_a_version_that_comes_into_service_is_announced_in_its_thread_and_the_channels(
    world: Embedded, cicd: CiCd
) -> None:
    group = world.new_group()
    arn = world.register(group)
    world.decide(ANA, arn, "approve")
    cicd.create(f"{group}-Prod", [arn])
    expected = f"Endpoint {group}-Prod is in service with {group} version 1."

    assert world.thread_with(world.card(arn), 2)[1:] == [expected]
    assert wait_for_notices(world, f"{group}-Prod", 1) == [expected]


def test_an_endpoint_that_fails_is_announced_with_the_reason(world: Embedded, cicd: CiCd) -> None:
    group = world.new_group()
    arn = world.register(group)
    world.decide(ANA, arn, "approve")
    cicd.create(group, [arn], fails="The container did not answer <!here>.")
    expected = f"@{ANA}: ⚠️ Endpoint {group} failed. It was to serve {group} version 1:"

    assert world.thread_with(world.card(arn), 2)[1:] == [
        f"{expected}\nThe container did not answer <!here>."
    ]


def test_an_update_that_fails_is_announced_in_the_thread_of_the_new_version(
    world: Embedded, cicd: CiCd
) -> None:
    group = world.new_group()
    old, new = world.register(group), world.register(group)
    world.card(old)
    card = world.card(new)
    cicd.create(group, [old])
    wait_for_notices(world, group, 1)
    cicd.update(group, [new], fails="No memory.")
    expected = (
        f"⚠️ Endpoint {group} could not be changed to {group} version 2, "
        f"and is still in service with {group} version 1:\nNo memory."
    )

    assert world.thread_with(card, 1) == [expected]
    assert wait_for_notices(world, group, 2)[1:] == [expected]
    cicd.update(group, [new])
    in_service = (
        f"Endpoint {group} is in service with {group} version 2, in place of {group} version 1."
    )
    until(lambda: world.thread(card) == [in_service], "the edited message")


def test_an_endpoint_that_is_created_again_and_fails_again_is_announced_again(
    world: Embedded, cicd: CiCd
) -> None:
    group = world.new_group()
    arn = world.register(group)
    card = world.card(arn)
    cicd.create(group, [arn], fails="No memory.")
    world.thread_with(card, 1)
    wait_for_notices(world, group, 1)
    cicd.delete(group)
    cicd.create(group, [arn], fails="No memory.")
    expected = f"⚠️ Endpoint {group} failed. It was to serve {group} version 1:\nNo memory."

    assert world.thread_with(card, 2) == wait_for_notices(world, group, 2) == [expected] * 2


def test_a_card_follows_its_version_through_production(world: Embedded, cicd: CiCd) -> None:
    """What is next to deploy, what serves, a failure, a rollback, and the end of the endpoint."""
    group = world.new_group()
    old, new = world.register(group), world.register(group)
    endpoint, headlines = f"{group}-prod", []

    def note(arn: str, expected: str) -> None:
        world.card_when(arn, lambda card: expected in words(card))
        headlines.append(expected)

    world.decide(ANA, old, "approve")
    note(old, "🟢 Approved; next to deploy")
    cicd.create(endpoint, [old])
    note(old, f"🟢 Approved, serving on {endpoint} since")
    note(new, f"{endpoint} serves version 1 since")
    world.decide(ANA, new, "approve")
    note(new, "⏳ Approved, next to deploy, version 1 still serves")
    cicd.update(endpoint, [new], fails="No memory.")
    note(new, "⚠️ Approved, NOT serving: deployment failed, version 1 still serves")
    note(new, "Its deployment failed. SageMaker says: No memory.")
    cicd.update(endpoint, [new])
    note(new, f"🟢 Approved, serving on {endpoint} since")
    note(old, "⚪ Approved, not serving: version 2 is")
    world.decide(ANA, new, "revoke")
    note(new, f"⚠️ Revoked, still serving on {endpoint}")
    cicd.update(endpoint, [old])
    note(new, "↩️ Revoked; version 1 serving again")
    cicd.delete(endpoint)
    note(old, f"⚪ Approved, not serving: {endpoint} is deleted")
    assert len(headlines) == 11


def test_repeated_late_and_unordered_events_are_announced_once(world: Embedded, cicd: CiCd) -> None:
    group = world.new_group()
    arn = world.register(group)
    card = world.card(arn)
    endpoint = cicd.create(group, [arn])
    world.thread_with(card, 1)
    for status in ("IN_SERVICE", "FAILED", "UPDATING", "IN_SERVICE"):
        send_event(world, endpoint, status)
    until(lambda: finished_jobs(world, endpoint) >= 5, "five jobs")
    world.rest()

    assert len(world.thread(card)) == len(notices_of(world, group)) == 1


@pytest.mark.parametrize(
    "method", ["DescribeEndpoint", "chat.postMessage", "PutItem", "conversations.history"]
)
def test_after_an_outage_a_deployment_is_announced_once(
    world: Embedded, cicd: CiCd, method: str
) -> None:
    group = world.new_group()
    arn = world.register(group)
    card = world.card(arn)
    world.rest()
    world.add_fault(method, "timeout" if "." not in method else "fatal_error", 1)
    cicd.create(group, [arn])

    # After a failure, Slack's history is given ten seconds to show what was posted.
    assert len(world.thread_with(card, 1, patience=30)) == 1
    assert len(wait_for_notices(world, group, 1)) == 1


def test_an_endpoint_that_is_gone_is_ignored(world: Embedded) -> None:
    arn = f"arn:aws:sagemaker:{world.region}:{world.account}:endpoint/deleted-since"
    send_event(world, arn, "IN_SERVICE")
    entry = world.logged("Job ignored", arn=arn)

    assert entry["job"] == "reconcile_endpoint"
    assert "there is no endpoint" in entry["reason"]


def test_an_endpoint_without_a_version_of_a_registry_is_ignored(
    world: Embedded, cicd: CiCd
) -> None:
    arn = cicd.create(world.new_group())

    assert "serves no version" in world.logged("Job ignored", arn=arn)["reason"]


def test_a_version_without_a_card_and_without_a_rule_is_not_announced(
    world: Embedded, cicd: CiCd
) -> None:
    group = world.new_group("orphan")
    arn = world.register(group, "Approved")
    endpoint = cicd.create(group, [arn])
    world.logged("Job finished", arn=endpoint)

    assert [m for m in world.state()["messages"] if f"Endpoint {group} " in words(m)] == []
