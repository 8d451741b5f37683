"""What an endpoint serves of a group, one look after the other."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.core.followup.endpoints import Endpoint, EndpointStatus, Serving
from bot.core.followup.serving import (
    changed_versions,
    servings_after_deletion,
    servings_of,
)
from tests.doubles.builders import NOON, a_version
from tests.doubles.endpoints import a_memory, an_endpoint

FOUR, FIVE = a_version(4), a_version(5)
OTHER = a_version(1, group="churn")
VERSIONS = {version.arn: version for version in (FOUR, FIVE, OTHER)}
STATES = EndpointStatus


def endpoint(*versions: Any, minutes: int = 0, **changes: Any) -> Endpoint:
    fields = {"state": STATES.IN_SERVICE, "pending_versions": (), "reason": "", **changes}
    return Endpoint(
        arn=an_endpoint(),
        name="fraud-prod",
        versions=tuple(version.arn for version in versions),
        created=NOON,
        modified=NOON + timedelta(minutes=minutes),
        **fields,
    )


def after(*looks: Endpoint) -> tuple[Serving, ...]:
    """What is known after these looks; a change is remembered as the flow does it."""
    memory = a_memory()
    for look in looks:
        named = (*look.versions, *look.pending_versions, *memory.pending_versions)
        servings = servings_of(look, memory, {arn: VERSIONS[arn] for arn in named})
        pending = look.pending_versions or memory.pending_versions
        done = look.state not in {STATES.UPDATING, STATES.OTHER}
        memory = replace(memory, servings=servings, pending_versions=() if done else pending)
    return memory.servings


def numbers(serving: Serving) -> dict[str, list[int]]:
    names = ("versions", "replaced", "pending", "failed")
    lists = {name: [each.number for each in getattr(serving, name)] for name in names}
    return {name: each for name, each in lists.items() if each}


UPDATING = {"state": STATES.UPDATING, "pending_versions": (FIVE.arn,)}


def test_a_version_in_service_is_served_since_the_endpoint_changed() -> None:
    (serving,) = after(endpoint(FOUR))

    assert numbers(serving) == {"versions": [4]}
    assert serving.since == NOON


def test_an_endpoint_that_scales_serves_since_before() -> None:
    (serving,) = after(endpoint(FOUR), endpoint(FOUR, minutes=9))

    assert serving.since == NOON


def test_while_an_update_is_under_way_the_old_version_is_served() -> None:
    (serving,) = after(endpoint(FOUR), endpoint(FOUR, minutes=1, **UPDATING))

    assert numbers(serving) == {"versions": [4], "pending": [5]}


def test_after_an_update_the_new_version_replaces_the_old_one() -> None:
    (serving,) = after(
        endpoint(FOUR), endpoint(FOUR, minutes=1, **UPDATING), endpoint(FIVE, minutes=2)
    )

    assert numbers(serving) == {"versions": [5], "replaced": [4]}
    assert serving.since == NOON + timedelta(minutes=2)


def test_a_failed_update_is_known_until_something_else_is_served() -> None:
    failing = (
        endpoint(FOUR),
        endpoint(FOUR, minutes=1, **UPDATING),
        endpoint(FOUR, minutes=2, reason="no memory"),
    )
    (failed,) = after(*failing)
    (scaled,) = after(*failing, endpoint(FOUR, minutes=3))
    (retried,) = after(*failing, endpoint(FOUR, minutes=3, **UPDATING))
    (served,) = after(*failing, endpoint(FIVE, minutes=3))

    assert (numbers(failed), failed.reason) == ({"versions": [4], "failed": [5]}, "no memory")
    assert (numbers(scaled), scaled.reason) == (numbers(failed), "no memory")
    assert (numbers(retried), retried.reason) == ({"versions": [4], "pending": [5]}, "")
    assert numbers(served) == {"versions": [5], "replaced": [4]}


def test_a_failed_endpoint_serves_nothing() -> None:
    (serving,) = after(endpoint(FOUR, state=STATES.FAILED, reason="no memory"))

    assert (numbers(serving), serving.reason) == ({"failed": [4]}, "no memory")


def test_an_endpoint_that_is_out_of_service_serves_nothing_and_no_deployment_failed() -> None:
    (serving,) = after(endpoint(FOUR), endpoint(FOUR, minutes=1, state=STATES.OUT_OF_SERVICE))

    assert numbers(serving) == {"replaced": [4]}


def test_a_mix_is_of_the_old_and_the_new_version() -> None:
    (serving,) = after(
        endpoint(FOUR),
        endpoint(FOUR, minutes=1, **UPDATING),
        endpoint(FOUR, minutes=2, state=STATES.MIXED),
    )

    assert numbers(serving)["versions"] == [4, 5]


def test_what_a_version_is_that_cannot_be_read_is_not_known() -> None:
    servings = servings_of(endpoint(FOUR, FIVE), a_memory(), {FOUR.arn: FOUR})

    assert [serving.is_complete for serving in servings] == [False]


@pytest.mark.parametrize("state", [STATES.IN_SERVICE, STATES.UPDATING])
def test_a_version_that_was_deleted_is_served_on_since_before(state: EndpointStatus) -> None:
    memory = a_memory(servings=after(endpoint(FOUR)))
    (serving,) = servings_of(endpoint(FOUR, minutes=9, state=state), memory, {})

    assert numbers(serving) == {"versions": [4]}
    assert serving.since == NOON


def test_a_version_that_was_never_seen_is_not_known_once_it_is_deleted() -> None:
    memory = a_memory(servings=after(endpoint(FOUR)))
    (serving,) = servings_of(endpoint(FIVE, minutes=9), memory, {})

    assert numbers(serving) == {"replaced": [4]}
    assert not serving.is_complete


def test_the_same_arn_in_a_new_configuration_is_served_since_then() -> None:
    """The version can have been deleted and registered again."""
    memory = a_memory(servings=after(endpoint(FOUR)), config="old")
    (serving,) = servings_of(endpoint(FOUR, minutes=9, config="new"), memory, {FOUR.arn: FOUR})

    assert serving.since == NOON + timedelta(minutes=9)


def test_a_new_endpoint_serves_nothing_until_it_is_in_service() -> None:
    (serving,) = after(endpoint(FOUR, state=STATES.CREATING))

    assert numbers(serving) == {"pending": [4]}


@pytest.mark.parametrize("state", [STATES.UPDATING, STATES.OTHER, STATES.MIXED])
def test_since_when_is_unknown_where_the_bot_came_in_the_middle(state: EndpointStatus) -> None:
    (serving,) = after(endpoint(FOUR, state=state))

    assert numbers(serving) == {"versions": [4]}
    assert serving.since is None


def test_an_endpoint_that_is_deleted_serves_nothing_and_replaced_what_it_served() -> None:
    served = after(endpoint(FOUR))
    (deleting,) = after(endpoint(FOUR), endpoint(FOUR, minutes=1, state=STATES.DELETING))
    (gone,) = servings_after_deletion(a_memory(servings=served))

    assert numbers(deleting) == numbers(gone) == {"replaced": [4]}
    assert gone.state is STATES.GONE


def test_an_endpoint_of_several_groups_is_known_in_each() -> None:
    fraud, churn = after(endpoint(FOUR, OTHER))

    assert (fraud.group, numbers(fraud)) == ("fraud", {"versions": [4]})
    assert (churn.group, numbers(churn)) == ("churn", {"versions": [1]})


def test_a_group_that_is_served_no_more_is_still_known() -> None:
    churn, fraud = after(endpoint(OTHER), endpoint(FOUR, minutes=1))

    assert numbers(churn) == {"replaced": [1]}
    assert numbers(fraud) == {"versions": [4]}


def test_the_cards_of_all_versions_that_were_or_are_named_read_otherwise_after_a_change() -> None:
    before = after(endpoint(FOUR))
    now = after(endpoint(FOUR), endpoint(FIVE, minutes=1))

    assert set(changed_versions(before, now)) == {FOUR.arn, FIVE.arn}
    assert changed_versions(before, after(endpoint(FOUR, minutes=5))) != ()


def test_a_card_reads_the_same_after_an_endpoint_has_scaled() -> None:
    looks = (endpoint(FOUR), endpoint(FOUR, minutes=5))

    assert changed_versions(after(looks[0]), after(*looks)) == ()


def test_what_was_served_twice_is_the_latest_of_what_was_ever_served() -> None:
    moves = [endpoint(FOUR), endpoint(FIVE, minutes=1), endpoint(FOUR, minutes=2)]
    (serving,) = after(*moves, endpoint(minutes=3, state=STATES.DELETING))

    assert [each.number for each in serving.earlier] == [5, 4]
