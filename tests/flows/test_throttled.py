"""Slack's rate limits: what was throttled was not posted, so nobody looks for it."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import pytest

from bot.core.errors import Throttled, Unavailable
from bot.core.jobs.messages import ReconcileVersion
from bot.core.registry.version import Status
from tests.doubles.builders import RELEASES, a_version
from tests.doubles.failures import nth, on

if TYPE_CHECKING:
    from bot.core.registry.version import DescribedVersion
    from tests.doubles.failures import Failures
    from tests.flows.conftest import FakeBot


def burst(size: int) -> Failures:
    """Slack takes so many posts, and throttles the rest."""
    left = ["" for _ in range(size)]
    return lambda name: "" if name != "post" else left.pop() if left else "throttled"


def decided_outside(bot: FakeBot) -> DescribedVersion:
    """A version whose card, thread and channels have to be told of a change."""
    version = bot.registry.add(a_version())
    bot.do(ReconcileVersion(version.arn))
    bot.registry.move_outside(version.arn, Status.APPROVED)
    return version


def was_told_once(bot: FakeBot) -> bool:
    thread = bot.chat.thread(bot.chat.cards()[0].place)
    return len(thread) == len(bot.chat.texts_in_channel(RELEASES)) == 1


def test_60_versions_at_once_are_posted_as_the_rate_allows_and_never_looked_for(
    bot: FakeBot,
) -> None:
    waiting = deque(bot.registry.add(a_version(number)) for number in range(1, 61))
    bursts = 0
    while waiting:
        bursts += 1
        slack = burst(3)
        for _ in range(len(waiting)):
            version = waiting.popleft()
            try:
                bot.do(ReconcileVersion(version.arn), slack)
            except Throttled:
                waiting.append(version)

    assert len(bot.chat.cards()) == 60
    assert (bursts, bot.chat.searches) == (20, 0)


@pytest.mark.parametrize("call", range(3))
@pytest.mark.parametrize("name", ["post", "update"])
def test_what_was_throttled_is_told_once_and_not_looked_for(
    bot: FakeBot, name: str, call: int
) -> None:
    version, calls = decided_outside(bot), nth(call, "throttled")
    try:
        bot.do(
            ReconcileVersion(version.arn), lambda called: calls(called) if called == name else ""
        )
    except Throttled:
        bot.do(ReconcileVersion(version.arn))

    assert was_told_once(bot)
    assert bot.chat.searches == 0


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("call", range(14))
@pytest.mark.parametrize("throttled", ["post", "update"])
def test_what_was_throttled_and_then_interrupted_is_told_once(
    bot: FakeBot, throttled: str, call: int, when: str
) -> None:
    version = decided_outside(bot)
    with pytest.raises(Throttled):
        bot.do(ReconcileVersion(version.arn), on(throttled, "throttled"))
    try:
        bot.do(ReconcileVersion(version.arn), nth(call, when))
    except Unavailable:
        bot.do(ReconcileVersion(version.arn))

    assert was_told_once(bot)


def test_a_card_that_may_have_been_posted_is_looked_for_until_slack_lets_the_bot_look(
    bot: FakeBot,
) -> None:
    version = bot.registry.add(a_version())
    for failure in ("after", "throttled"):
        with pytest.raises(Unavailable):
            bot.do(ReconcileVersion(version.arn), on("post", failure))
    bot.do(ReconcileVersion(version.arn))

    assert len(bot.chat.cards()) == 1


def test_a_card_that_was_looked_for_and_then_throttled_is_not_looked_for_again(
    bot: FakeBot,
) -> None:
    version = bot.registry.add(a_version())
    with pytest.raises(Unavailable):
        bot.do(ReconcileVersion(version.arn), on("post", "before"))
    bot.chat.throttled = 2
    for _ in range(2):
        with pytest.raises(Throttled):
            bot.do(ReconcileVersion(version.arn))
    bot.do(ReconcileVersion(version.arn))

    assert len(bot.chat.cards()) == bot.chat.searches == 1
