"""Clocks of several machines: times that are compared come from one of them, the store's."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.core.errors import Unavailable
from bot.core.jobs.messages import ReconcileVersion
from bot.core.registry.version import Status
from tests.doubles.builders import RELEASES, a_version
from tests.doubles.failures import on

if TYPE_CHECKING:
    from tests.flows.conftest import FakeBot

SKEWED = pytest.mark.parametrize("minutes", [-15, 15])


@SKEWED
def test_a_card_is_not_posted_again_after_a_worker_with_another_clock_died(
    bot: FakeBot, minutes: int
) -> None:
    version = bot.registry.add(a_version())
    bot.skew = timedelta(minutes=minutes)
    with pytest.raises(Unavailable):
        bot.do(ReconcileVersion(version.arn), on("post", "after"))
    bot.skew = timedelta()
    bot.do(ReconcileVersion(version.arn))

    assert len(bot.chat.cards()) == 1


@SKEWED
def test_a_notice_is_not_posted_again_after_a_worker_with_another_clock_died(
    bot: FakeBot, minutes: int
) -> None:
    version = bot.registry.add(a_version())
    bot.do(ReconcileVersion(version.arn))
    bot.registry.move_outside(version.arn, Status.APPROVED)
    bot.skew = timedelta(minutes=minutes)
    with pytest.raises(Unavailable):
        bot.do(ReconcileVersion(version.arn), on("post", "after"))
    bot.skew = timedelta()
    bot.do(ReconcileVersion(version.arn))

    assert len(bot.chat.thread(bot.chat.cards()[0].place)) == 1
    assert len(bot.chat.texts_in_channel(RELEASES)) == 1
