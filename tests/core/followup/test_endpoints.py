from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.core.followup.endpoints import (
    Endpoint,
    EndpointMemory,
    EndpointResult,
    EndpointStatus,
    memory_of_same,
    result_of,
)
from tests.doubles.builders import NOON, an_arn
from tests.doubles.endpoints import an_endpoint

ARN = an_endpoint()
FOUR, FIVE = an_arn(4), an_arn(5)
NOTHING = EndpointMemory(arn=ARN)
LATER = NOON + timedelta(hours=1)


def found(state: EndpointStatus = EndpointStatus.IN_SERVICE, **changes: Any) -> Endpoint:
    told = {"arn": ARN, "name": "fraud-prod", "versions": (FOUR,), **changes}
    return Endpoint(state=state, **{"created": NOON, "modified": NOON, **told})


def became(now: Endpoint, known: EndpointMemory = NOTHING) -> EndpointResult:
    said = result_of(now, known)
    assert said
    return said


@pytest.mark.parametrize("state", ["Creating", "SystemUpdating", "RollingBack", "Deleting", "New"])
def test_a_state_in_which_nothing_is_settled_is_another_one(state: str) -> None:
    assert EndpointStatus(state) is EndpointStatus.OTHER


@pytest.mark.parametrize("state", [EndpointStatus.UPDATING, EndpointStatus.OTHER])
def test_of_a_change_under_way_nothing_is_told(state: EndpointStatus) -> None:
    assert (
        result_of(
            found(state, pending_versions=(FIVE,)),
            EndpointMemory(arn=ARN, pending_versions=(FIVE,)),
        )
        is None
    )


def test_an_update_that_brought_what_was_to_come_missed_nothing() -> None:
    said = became(found(versions=(FIVE,)), EndpointMemory(arn=ARN, pending_versions=(FIVE,)))

    assert (said.serves, said.missed) == ((FIVE,), ())


def test_an_update_after_which_all_is_as_before_missed_what_was_to_come() -> None:
    said = became(found(reason="no memory"), EndpointMemory(arn=ARN, pending_versions=(FIVE, FOUR)))

    assert (said.serves, said.missed, said.reason) == ((FOUR,), (FIVE,), "no memory")


@pytest.mark.parametrize("state", [EndpointStatus.IN_SERVICE, EndpointStatus.OUT_OF_SERVICE])
def test_a_reason_that_was_seen_before_is_not_of_this_change(state: EndpointStatus) -> None:
    """It stays with the endpoint when the next change succeeds."""
    known = EndpointMemory(arn=ARN, pending_versions=(FIVE,), reason="of last week")

    assert became(found(state, versions=(FIVE,), reason="of last week"), known).reason == ""


def test_a_reason_that_was_not_seen_before_is_told_although_nothing_was_missed() -> None:
    """As when the same version was to move to other instances."""
    before = EndpointMemory(
        arn=ARN,
        told_digest=became(found()).lasting,
        pending_versions=(FOUR,),
        reason="of last week",
    )
    said = became(found(reason="no capacity"), before)

    assert (said.missed, said.reason) == ((), "no capacity")
    assert said.is_news(before)
    assert said.digest != became(found()).digest


@pytest.mark.parametrize("state", [EndpointStatus.FAILED, EndpointStatus.MIXED])
def test_what_failed_says_why_although_it_failed_so_before(state: EndpointStatus) -> None:
    assert became(
        found(state, reason="no memory"), EndpointMemory(arn=ARN, reason="no memory")
    ).reason


def test_an_update_that_was_missed_says_why_although_one_before_said_the_same() -> None:
    known = EndpointMemory(arn=ARN, pending_versions=(FIVE,), reason="no memory")

    assert became(found(reason="no memory"), known).reason == "no memory"


@pytest.mark.parametrize("state", [EndpointStatus.IN_SERVICE, EndpointStatus.FAILED])
def test_a_reason_that_was_told_is_no_news(state: EndpointStatus) -> None:
    said = became(found(state, reason="no memory"))
    known = EndpointMemory(arn=ARN, told_digest=said.lasting, reason="no memory")

    assert said.is_news(NOTHING)
    assert not became(found(state, reason="no memory"), known).is_news(known)


def test_a_reason_that_went_away_is_no_news() -> None:
    said = became(found(reason="no memory"))
    known = EndpointMemory(arn=ARN, told_digest=said.lasting, reason="no memory")

    assert not became(found(), known).is_news(known)


def test_what_failed_failed_with_what_it_served_and_what_was_to_come() -> None:
    said = became(
        found(EndpointStatus.FAILED), EndpointMemory(arn=ARN, pending_versions=(FIVE, FOUR))
    )

    assert (said.serves, said.missed) == ((FOUR, FIVE), ())


def test_what_was_told_is_no_news() -> None:
    said = became(found())

    assert said.is_news(NOTHING)
    assert not said.is_news(EndpointMemory(arn=ARN, told_digest=said.lasting))


@pytest.mark.parametrize(
    "now",
    [found(versions=(FIVE,)), found(EndpointStatus.FAILED), found(reason="no memory")],
    ids=["another version", "another state", "a reason"],
)
def test_what_reads_otherwise_is_news(now: Endpoint) -> None:
    before = became(found())

    assert became(now).is_news(EndpointMemory(arn=ARN, told_digest=before.lasting))
    assert became(now).digest != before.digest


def test_an_update_that_failed_is_news_although_all_is_as_before_and_only_once() -> None:
    before = became(found())
    missed = became(
        found(), EndpointMemory(arn=ARN, told_digest=before.lasting, pending_versions=(FIVE,))
    )

    assert missed.is_news(EndpointMemory(arn=ARN, told_digest=before.lasting))
    assert missed.digest != before.digest
    assert not became(found()).is_news(EndpointMemory(arn=ARN, told_digest=missed.lasting))


def test_that_an_endpoint_was_changed_alone_is_no_news() -> None:
    """An endpoint that scales comes into service again and again."""
    later = found(modified=NOON.replace(hour=23))

    assert became(later).digest == became(found()).digest


def test_of_an_endpoint_that_was_made_anew_nothing_is_known() -> None:
    known = EndpointMemory(
        arn=ARN,
        revision=3,
        created=NOON,
        told_digest="a digest",
        pending_versions=(FIVE,),
        reason="no memory",
    )

    assert memory_of_same(found(), known) == known
    assert memory_of_same(found(created=LATER), known) == EndpointMemory(
        arn=ARN, revision=3, created=LATER
    )


def test_of_an_endpoint_of_which_nobody_noted_when_it_was_made_all_is_known() -> None:
    known = EndpointMemory(arn=ARN, revision=3, told_digest="a digest", pending_versions=(FIVE,))

    assert memory_of_same(found(), known) == replace(known, created=NOON)
