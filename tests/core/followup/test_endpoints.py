from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.core.followup.endpoints import Endpoint, EndpointMemory, EndpointStatus, Served, Serving
from bot.core.followup.results import EndpointResult, memory_of_same, result_of
from bot.core.registry.version import Arn
from tests.doubles.builders import NOON, an_arn
from tests.doubles.endpoints import a_memory, an_endpoint

ARN = an_endpoint()
FOUR, FIVE = an_arn(4), an_arn(5)
NOTHING = a_memory(arn=ARN)
LATER = NOON + timedelta(hours=1)


def endpoint(state: EndpointStatus = EndpointStatus.IN_SERVICE, **changes: Any) -> Endpoint:
    fields = {"arn": ARN, "name": "fraud-prod", "versions": (FOUR,), **changes}
    return Endpoint(state=state, **{"created": NOON, "modified": NOON, **fields})


def result_after(current: Endpoint, memory: EndpointMemory = NOTHING) -> EndpointResult:
    result = result_of(current, memory)
    assert result
    return result


@pytest.mark.parametrize("state", ["SystemUpdating", "RollingBack", "New"])
def test_every_state_of_a_running_change_counts_as_other(state: str) -> None:
    assert EndpointStatus(state) is EndpointStatus.OTHER


@pytest.mark.parametrize("state", [EndpointStatus.UPDATING, EndpointStatus.OTHER])
def test_a_running_change_has_no_result(state: EndpointStatus) -> None:
    assert (
        result_of(
            endpoint(state, pending_versions=(FIVE,)),
            a_memory(arn=ARN, pending_versions=(FIVE,)),
        )
        is None
    )


def test_an_update_that_deployed_the_pending_version_missed_nothing() -> None:
    result = result_after(endpoint(versions=(FIVE,)), a_memory(arn=ARN, pending_versions=(FIVE,)))

    assert (result.serves, result.missed) == ((FIVE,), ())


def test_an_update_that_changed_nothing_missed_the_pending_version() -> None:
    result = result_after(
        endpoint(reason="no memory"), a_memory(arn=ARN, pending_versions=(FIVE, FOUR))
    )

    assert (result.serves, result.missed, result.reason) == ((FOUR,), (FIVE,), "no memory")


@pytest.mark.parametrize("versions", [(), (FOUR,)])
def test_a_change_failed_if_the_old_configuration_is_in_service_although_it_was_deleted(
    versions: tuple[Arn, ...],
) -> None:
    memory = a_memory(arn=ARN, pending_versions=(FIVE,), pending_config="new")
    current = endpoint(versions=versions, is_complete=False, config="old", reason="no memory")

    result = result_after(current, memory)

    assert (result.serves, result.missed, result.reason) == (versions, (FIVE,), "no memory")


def test_a_change_succeeded_if_the_new_configuration_is_in_service_although_it_was_deleted() -> (
    None
):
    memory = a_memory(arn=ARN, pending_versions=(FIVE,), pending_config="new")
    current = endpoint(versions=(), is_complete=False, config="new")

    result = result_after(current, memory)

    assert (result.serves, result.missed) == ((FIVE,), ())


def test_nothing_is_known_of_a_deleted_configuration_without_a_change() -> None:
    assert result_of(endpoint(versions=(), is_complete=False, config="old"), NOTHING) is None


def test_a_deleted_configuration_serves_what_it_was_seen_to_serve() -> None:
    served = Serving(
        group="fraud",
        endpoint=ARN,
        name="fraud-prod",
        state=EndpointStatus.IN_SERVICE,
        versions=(Served(FOUR, 4),),
        changed=NOON,
    )
    memory = a_memory(arn=ARN, config="old", servings=(served,))
    result = result_after(endpoint(versions=(), is_complete=False, config="old"), memory)

    assert result.serves == (FOUR,)


@pytest.mark.parametrize("state", [EndpointStatus.IN_SERVICE, EndpointStatus.OUT_OF_SERVICE])
def test_a_reason_that_was_there_before_does_not_belong_to_this_change(
    state: EndpointStatus,
) -> None:
    """It stays with the endpoint when the next change succeeds."""
    memory = a_memory(arn=ARN, pending_versions=(FIVE,), reason="of last week")

    assert (
        result_after(endpoint(state, versions=(FIVE,), reason="of last week"), memory).reason == ""
    )


def test_a_new_reason_is_reported_although_nothing_was_missed() -> None:
    """As when the same version was to move to other instances."""
    before = a_memory(
        arn=ARN,
        told_digest=result_after(endpoint()).lasting,
        pending_versions=(FOUR,),
        reason="of last week",
    )
    result = result_after(endpoint(reason="no capacity"), before)

    assert (result.missed, result.reason) == ((), "no capacity")
    assert result.is_news(before)


@pytest.mark.parametrize("state", [EndpointStatus.FAILED, EndpointStatus.MIXED])
def test_a_failure_has_its_reason_although_it_failed_for_it_before(state: EndpointStatus) -> None:
    assert result_after(
        endpoint(state, reason="no memory"), a_memory(arn=ARN, reason="no memory")
    ).reason


def test_a_missed_update_has_its_reason_although_an_earlier_one_had_the_same() -> None:
    memory = a_memory(arn=ARN, pending_versions=(FIVE,), reason="no memory")

    assert result_after(endpoint(reason="no memory"), memory).reason == "no memory"


@pytest.mark.parametrize("state", [EndpointStatus.IN_SERVICE, EndpointStatus.FAILED])
def test_a_reason_that_was_reported_is_no_news(state: EndpointStatus) -> None:
    result = result_after(endpoint(state, reason="no memory"))
    memory = a_memory(arn=ARN, told_digest=result.lasting, reason="no memory")

    assert result.is_news(NOTHING)
    assert not result_after(endpoint(state, reason="no memory"), memory).is_news(memory)


def test_a_reason_that_went_away_is_no_news() -> None:
    result = result_after(endpoint(reason="no memory"))
    memory = a_memory(arn=ARN, told_digest=result.lasting, reason="no memory")

    assert not result_after(endpoint(), memory).is_news(memory)


def test_an_endpoint_failed_with_the_versions_it_served_and_the_pending_ones() -> None:
    result = result_after(
        endpoint(EndpointStatus.FAILED), a_memory(arn=ARN, pending_versions=(FIVE, FOUR))
    )

    assert (result.serves, result.missed) == ((FOUR, FIVE), ())


def test_a_result_that_was_reported_is_no_news() -> None:
    result = result_after(endpoint())

    assert result.is_news(NOTHING)
    assert not result.is_news(a_memory(arn=ARN, told_digest=result.lasting))


@pytest.mark.parametrize(
    "changed",
    [endpoint(versions=(FIVE,)), endpoint(EndpointStatus.FAILED), endpoint(reason="no memory")],
    ids=["another version", "another state", "a reason"],
)
def test_a_result_that_differs_is_news(changed: Endpoint) -> None:
    before = result_after(endpoint())

    assert result_after(changed).is_news(a_memory(arn=ARN, told_digest=before.lasting))


def test_a_failed_update_is_news_once_although_the_endpoint_serves_as_before() -> None:
    before = result_after(endpoint())
    missed = result_after(
        endpoint(), a_memory(arn=ARN, told_digest=before.lasting, pending_versions=(FIVE,))
    )

    assert missed.is_news(a_memory(arn=ARN, told_digest=before.lasting))
    assert not result_after(endpoint()).is_news(a_memory(arn=ARN, told_digest=missed.lasting))


def test_a_later_time_of_change_is_no_news_by_itself() -> None:
    """An endpoint that scales comes into service again and again."""
    later = endpoint(modified=NOON.replace(hour=23))

    assert result_after(later).lasting == result_after(endpoint()).lasting


def test_the_memory_of_an_endpoint_that_was_created_again_is_empty() -> None:
    memory = a_memory(
        arn=ARN,
        revision=3,
        created=NOON,
        told_digest="a digest",
        pending_versions=(FIVE,),
        reason="no memory",
    )

    assert memory_of_same(endpoint(), memory) == memory
    assert memory_of_same(endpoint(created=LATER), memory) == a_memory(
        arn=ARN, revision=3, created=LATER
    )


def test_the_memory_of_an_endpoint_without_a_recorded_creation_time_is_kept() -> None:
    memory = a_memory(arn=ARN, revision=3, told_digest="a digest", pending_versions=(FIVE,))

    assert memory_of_same(endpoint(), memory) == replace(memory, created=NOON)
