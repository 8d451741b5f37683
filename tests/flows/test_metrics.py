"""What the jobs measure, and when they do not."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.core.errors import Unavailable
from bot.core.jobs.messages import CheckForm, ReconcileVersion
from bot.core.registry.version import Readiness, Status
from bot.core.votes.lease import LAG
from bot.flows.clock.sweep import sweep
from bot.flows.work import work
from tests.doubles.builders import CHLOE, DAN, NOON, a_click, a_submit, a_version, an_offer
from tests.doubles.failures import on

if TYPE_CHECKING:
    from tests.flows.conftest import FakeBot

HOUR = timedelta(hours=1)


# --- the card -------------------------------------------------------------------------------------


def test_time_to_card_is_measured_from_the_creation_of_the_version(bot: FakeBot) -> None:
    bot.clock = NOON + 3 * HOUR
    bot.do(ReconcileVersion(bot.registry.add(a_version(created=NOON)).arn))
    (seconds,) = bot.metrics.times["TimeToCard"]

    assert 3 * 3600 < seconds < 3 * 3600 + 60


def test_updating_a_card_is_not_measured_as_time_to_card(bot: FakeBot) -> None:
    version = bot.registry.add(a_version())
    bot.do(ReconcileVersion(version.arn))
    bot.change(version, description="retrained")
    bot.do(ReconcileVersion(version.arn))
    bot.registry.move_outside(version.arn, Status.REJECTED)
    bot.do(ReconcileVersion(version.arn))

    assert len(bot.metrics.times["TimeToCard"]) == 1


def test_posting_a_lost_card_again_is_not_measured_as_time_to_card(bot: FakeBot) -> None:
    version = bot.registry.add(a_version())
    bot.do(ReconcileVersion(version.arn))
    bot.chat.posted.clear()
    bot.change(version, description="retrained")
    bot.do(ReconcileVersion(version.arn))

    assert len(bot.chat.cards()) == 1
    assert len(bot.metrics.times["TimeToCard"]) == 1


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("call", ["save", "post"])
def test_a_card_whose_job_failed_on_the_way_is_measured_once(
    bot: FakeBot, call: str, when: str
) -> None:
    version = bot.registry.add(a_version())
    with pytest.raises(Unavailable):
        bot.do(ReconcileVersion(version.arn), on(call, when))
    bot.do(ReconcileVersion(version.arn))

    assert len(bot.metrics.times["TimeToCard"]) == 1


# --- the decision ---------------------------------------------------------------------------------


def test_time_to_decision_is_measured_from_the_submit(bot: FakeBot) -> None:
    version = bot.registry.add(a_version())
    bot.do(ReconcileVersion(version.arn))
    bot.job_sent_at = bot.clock
    bot.clock += HOUR  # for which the submit waited in the queue
    bot.do(a_submit(an_offer(version, Status.APPROVED)))
    (seconds,) = bot.metrics.times["TimeToDecision"]

    assert 3600 < seconds < 3660


def test_time_to_decision_of_a_resumed_decision_is_measured_from_when_it_was_saved(
    bot: FakeBot,
) -> None:
    version = bot.registry.add(a_version())
    bot.do(ReconcileVersion(version.arn))
    with pytest.raises(Unavailable):
        bot.do(a_submit(an_offer(version, Status.APPROVED)), on("apply", "before"))
    bot.clock += HOUR
    bot.job_sent_at = bot.clock
    bot.do(ReconcileVersion(version.arn))
    (seconds,) = bot.metrics.times["TimeToDecision"]

    assert 3600 < seconds < 3660


@pytest.mark.parametrize("call", ["update", "post"])
def test_time_to_decision_is_measured_once_even_if_slack_is_busy(bot: FakeBot, call: str) -> None:
    version = bot.registry.add(a_version())
    bot.do(ReconcileVersion(version.arn))
    submit = a_submit(an_offer(version, Status.APPROVED))
    work(submit, bot.ports(on(call, "before")))
    bot.clock += LAG
    bot.do(submit)

    assert len(bot.metrics.times["TimeToDecision"]) == 1


def test_a_change_elsewhere_is_not_measured_as_time_to_decision(bot: FakeBot) -> None:
    version = bot.registry.add(a_version())
    bot.do(ReconcileVersion(version.arn))
    bot.registry.move_outside(version.arn, Status.APPROVED)
    bot.do(ReconcileVersion(version.arn))

    assert "TimeToDecision" not in bot.metrics.times


# --- refusals -------------------------------------------------------------------------------------


def test_every_refusal_is_counted_by_its_reason_once(bot: FakeBot) -> None:
    version = bot.registry.add(a_version())
    bot.do(ReconcileVersion(version.arn))
    offer = an_offer(version, Status.APPROVED)
    for _ in range(2):  # delivered twice
        bot.do(CheckForm(a_click(offer, DAN), "form-1"))
        bot.do(a_submit(offer, CHLOE, form="form-2"))
    bot.registry.move_outside(version.arn, Status.REJECTED)
    bot.do(a_submit(offer, form="form-3"))

    assert bot.metrics.counted["Refused reason=not_an_approver"] == 2
    assert bot.metrics.counted["Refused reason=status_changed"] == 1
    assert bot.metrics.counted["Refused"] == 3


# --- the sweep ------------------------------------------------------------------------------------


def test_the_sweep_measures_how_many_versions_wait_and_for_how_long(bot: FakeBot) -> None:
    bot.registry.add(a_version(1, created=NOON - 5 * HOUR))
    bot.registry.add(a_version(2, created=NOON - 2 * HOUR))
    bot.registry.add(a_version(3, Status.APPROVED, created=NOON - 9 * HOUR))
    sweep(bot.ports())
    (seconds,) = bot.metrics.times["OldestWaiting"]

    assert bot.metrics.counted["Waiting"] == 2
    assert 5 * 3600 < seconds < 5 * 3600 + 60


def test_the_age_of_the_oldest_waiting_version_is_zero_if_nothing_waits(bot: FakeBot) -> None:
    sweep(bot.ports())

    assert bot.metrics.counted["Waiting"] == 0
    assert bot.metrics.times["OldestWaiting"] == [0]


def test_a_card_that_the_sweep_only_checks_is_not_counted_as_repaired(bot: FakeBot) -> None:
    version = bot.registry.add(a_version(1))
    bot.do(ReconcileVersion(version.arn))
    bot.do(a_submit(an_offer(version, Status.APPROVED)))
    checked = sweep(bot.ports())

    assert checked == 1
    assert bot.metrics.counted["Repaired"] == 0


def test_a_version_that_sagemaker_still_makes_is_not_counted_as_repaired(bot: FakeBot) -> None:
    bot.registry.add(a_version(1, readiness=Readiness.IN_PROGRESS))
    bot.registry.add(a_version(2))
    sweep(bot.ports())

    assert bot.metrics.counted["Repaired"] == 1


def test_a_card_with_outdated_buttons_is_counted_as_repaired(bot: FakeBot) -> None:
    version = bot.registry.add(a_version(1))
    bot.do(ReconcileVersion(version.arn))
    bot.registry.move_outside(version.arn, Status.REJECTED)
    sweep(bot.ports())

    assert bot.metrics.counted["Repaired"] == 1
