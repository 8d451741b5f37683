"""What the jobs measure, and when they do not."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.core.errors import Unavailable
from bot.core.jobs.messages import CheckForm, ReconcileVersion
from bot.core.registry.version import Readiness, Status
from bot.flows.clock.sweep import sweep
from tests.doubles.builders import CHLOE, DAN, NOON, a_click, a_submit, a_version, an_offer
from tests.doubles.trouble import on

if TYPE_CHECKING:
    from tests.flows.conftest import Office

HOUR = timedelta(hours=1)


# --- the card -------------------------------------------------------------------------------------


def test_a_card_took_as_long_as_its_version_was_without_one(office: Office) -> None:
    office.clock = NOON + 3 * HOUR
    office.do(ReconcileVersion(office.registry.add(a_version(created=NOON)).arn))
    (seconds,) = office.meter.times["TimeToCard"]

    assert 3 * 3600 < seconds < 3 * 3600 + 60


def test_a_card_that_is_painted_again_took_no_time(office: Office) -> None:
    version = office.registry.add(a_version())
    office.do(ReconcileVersion(version.arn))
    office.change(version, description="retrained")
    office.do(ReconcileVersion(version.arn))
    office.registry.move_outside(version.arn, Status.REJECTED)
    office.do(ReconcileVersion(version.arn))

    assert len(office.meter.times["TimeToCard"]) == 1


def test_a_card_that_was_lost_and_is_posted_again_took_no_time(office: Office) -> None:
    version = office.registry.add(a_version())
    office.do(ReconcileVersion(version.arn))
    office.chat.posted.clear()
    office.change(version, description="retrained")
    office.do(ReconcileVersion(version.arn))

    assert len(office.chat.cards()) == 1
    assert len(office.meter.times["TimeToCard"]) == 1


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("call", ["save", "post"])
def test_a_card_whose_job_failed_on_the_way_is_measured_once(
    office: Office, call: str, when: str
) -> None:
    version = office.registry.add(a_version())
    with pytest.raises(Unavailable):
        office.do(ReconcileVersion(version.arn), on(call, when))
    office.do(ReconcileVersion(version.arn))

    assert len(office.meter.times["TimeToCard"]) == 1


# --- the decision ---------------------------------------------------------------------------------


def test_a_decision_took_as_long_as_since_its_submit(office: Office) -> None:
    version = office.registry.add(a_version())
    office.do(ReconcileVersion(version.arn))
    office.asked = office.clock
    office.clock += HOUR  # for which the submit stood in the line
    office.do(a_submit(an_offer(version, Status.APPROVED)))
    (seconds,) = office.meter.times["TimeToDecision"]

    assert 3600 < seconds < 3660


def test_a_decision_that_the_sweep_finished_took_as_long_as_since_it_was_written_down(
    office: Office,
) -> None:
    version = office.registry.add(a_version())
    office.do(ReconcileVersion(version.arn))
    with pytest.raises(Unavailable):
        office.do(a_submit(an_offer(version, Status.APPROVED)), on("apply", "before"))
    office.clock += HOUR
    office.asked = office.clock
    office.do(ReconcileVersion(version.arn))
    (seconds,) = office.meter.times["TimeToDecision"]

    assert 3600 < seconds < 3660


def test_what_was_decided_elsewhere_took_no_time(office: Office) -> None:
    version = office.registry.add(a_version())
    office.do(ReconcileVersion(version.arn))
    office.registry.move_outside(version.arn, Status.APPROVED)
    office.do(ReconcileVersion(version.arn))

    assert "TimeToDecision" not in office.meter.times


# --- refusals -------------------------------------------------------------------------------------


def test_every_refusal_is_counted_by_its_reason_once(office: Office) -> None:
    version = office.registry.add(a_version())
    office.do(ReconcileVersion(version.arn))
    offer = an_offer(version, Status.APPROVED)
    for _ in range(2):  # delivered twice
        office.do(CheckForm(a_click(offer, DAN), "form-1"))
        office.do(a_submit(offer, CHLOE, form="form-2"))
    office.registry.move_outside(version.arn, Status.REJECTED)
    office.do(a_submit(offer, form="form-3"))

    assert office.meter.counted["Refused reason=not_an_approver"] == 2
    assert office.meter.counted["Refused reason=late"] == 1
    assert office.meter.counted["Refused"] == 3


# --- the sweep ------------------------------------------------------------------------------------


def test_the_sweep_says_how_many_wait_and_for_how_long(office: Office) -> None:
    office.registry.add(a_version(1, created=NOON - 5 * HOUR))
    office.registry.add(a_version(2, created=NOON - 2 * HOUR))
    office.registry.add(a_version(3, Status.APPROVED, created=NOON - 9 * HOUR))
    sweep(office.ports())
    (seconds,) = office.meter.times["OldestWaiting"]

    assert office.meter.counted["Waiting"] == 2
    assert 5 * 3600 < seconds < 5 * 3600 + 60


def test_where_nothing_waits_the_oldest_is_no_time_old(office: Office) -> None:
    sweep(office.ports())

    assert office.meter.counted["Waiting"] == 0
    assert office.meter.times["OldestWaiting"] == [0]


def test_what_the_sweep_only_looks_at_is_not_repaired(office: Office) -> None:
    version = office.registry.add(a_version(1))
    office.do(ReconcileVersion(version.arn))
    office.do(a_submit(an_offer(version, Status.APPROVED)))
    looked_at = sweep(office.ports())

    assert looked_at == 1
    assert office.meter.counted["Repaired"] == 0


def test_a_version_that_sagemaker_still_makes_needs_no_repair(office: Office) -> None:
    office.registry.add(a_version(1, readiness=Readiness.IN_PROGRESS))
    office.registry.add(a_version(2))
    sweep(office.ports())

    assert office.meter.counted["Repaired"] == 1


def test_a_card_with_spent_buttons_is_repaired(office: Office) -> None:
    version = office.registry.add(a_version(1))
    office.do(ReconcileVersion(version.arn))
    office.registry.move_outside(version.arn, Status.REJECTED)
    sweep(office.ports())

    assert office.meter.counted["Repaired"] == 1
