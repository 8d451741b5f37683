"""What Slack and SageMaker show only some seconds after they did it."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.core.errors import Unavailable
from bot.core.jobs.messages import ReconcileVersion
from bot.core.registry.version import Status
from tests.doubles.builders import RELEASES, a_submit, a_version, an_offer
from tests.doubles.failures import Killed, nth_of, on
from tests.flows.test_decide import a_card
from tests.flows.test_lease import until_done, was_told_once

if TYPE_CHECKING:
    from tests.flows.conftest import FakeBot

LAG = timedelta(seconds=10)


def test_a_card_that_slack_shows_late_in_its_history_is_not_posted_again(bot: FakeBot) -> None:
    bot.chat.lag = LAG
    version = bot.registry.add(a_version())
    job = ReconcileVersion(version.arn)
    with pytest.raises(Unavailable):
        bot.do(job, on("post", "after"))
    bot.clock -= LAG / 2  # the job is delivered before its time
    with pytest.raises(Unavailable) as error:
        bot.do(job)
    until_done(bot, job)

    assert 0 < error.value.retry_after <= LAG.total_seconds()
    assert len(bot.chat.cards()) == 1


@pytest.mark.parametrize("call", range(2))
@pytest.mark.parametrize("when", ["after", "killed after"])
def test_a_notice_that_slack_shows_late_in_its_history_is_not_posted_again(
    bot: FakeBot, call: int, when: str
) -> None:
    bot.chat.lag = LAG
    version = a_card(bot)
    bot.registry.move_outside(version.arn, Status.APPROVED)
    job = ReconcileVersion(version.arn)
    with suppress(Unavailable, Killed):
        bot.do(job, nth_of("post", call, when))
    until_done(bot, job)

    assert was_told_once(bot)


def test_a_notice_is_not_posted_again_if_what_was_told_could_not_be_written_down(
    bot: FakeBot,
) -> None:
    bot.chat.lag = LAG
    version = a_card(bot)
    bot.registry.move_outside(version.arn, Status.APPROVED)
    job = ReconcileVersion(version.arn)
    with pytest.raises(Unavailable):
        bot.do(job, nth_of("save", 1, "before"))
    until_done(bot, job)

    assert was_told_once(bot)


def test_a_decision_is_made_while_what_was_posted_cannot_be_looked_for(bot: FakeBot) -> None:
    version = a_card(bot)
    bot.registry.move_outside(version.arn, Status.REJECTED)
    with pytest.raises(Unavailable):
        bot.do(ReconcileVersion(version.arn), on("post", "after"))
    bot.clock -= LAG
    version = bot.registry.registered[version.arn]
    job = a_submit(an_offer(version, Status.APPROVED))
    with pytest.raises(Unavailable):
        bot.do(job)

    assert bot.status(version.arn) is Status.APPROVED
    assert bot.ledger.get(version.arn).request.open_decision is None
    before = len(bot.chat.posted)
    until_done(bot, job)
    assert len(bot.chat.posted) > before
    assert len(bot.chat.texts_in_channel(RELEASES)) == 2
    assert not bot.ledger.get(version.arn).request.unfinished


def test_what_was_throttled_is_not_waited_for(bot: FakeBot) -> None:
    bot.chat.lag = LAG
    version = bot.registry.add(a_version())
    with pytest.raises(Unavailable):
        bot.do(ReconcileVersion(version.arn), on("post", "throttled"))
    bot.do(ReconcileVersion(version.arn))

    assert len(bot.chat.cards()) == 1
