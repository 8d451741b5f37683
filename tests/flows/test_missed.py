"""
Somebody sets a status, and another change comes before the bot looks: the event is the only trace
of the first.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.core.errors import Unavailable
from bot.core.jobs.messages import ReconcileVersion
from bot.core.registry.version import DatedStatus, Status
from bot.core.votes.lease import DURATION
from bot.flows.work import work
from tests.doubles.builders import ANA, RELEASES, a_submit, a_version, an_offer
from tests.doubles.failures import Killed, nth, nth_of, on
from tests.doubles.registry import FakeRegistry
from tests.flows.test_decide import a_card
from tests.flows.test_trail import answer_to, kinds, trail
from tests.flows.test_votes import ruled, thread

if TYPE_CHECKING:
    from bot.core.registry.version import DescribedVersion
    from bot.core.votes.vote import Decision
    from tests.flows.conftest import FakeBot

APPROVED, REJECTED = Status.APPROVED, Status.REJECTED
WORDS = "This version was rejected outside this bot"
SET = a_version().created + timedelta(minutes=1, milliseconds=200)
"""When the other status is set."""
MADE = SET + timedelta(milliseconds=300)
EVENT = ReconcileVersion(a_version().arn, DatedStatus(REJECTED, SET))
CUT = ReconcileVersion(a_version().arn, DatedStatus(REJECTED, SET.replace(microsecond=0)))


@pytest.fixture(autouse=True)
def _after_the_registration(bot: FakeBot) -> None:
    bot.clock = SET


class Punctual(FakeRegistry):
    """A registry in which each decision is made at MADE."""

    def apply(self, decision: Decision) -> None:
        super().apply(decision)
        self.registered[decision.arn] = replace(self.registered[decision.arn], modified=MADE)


class Overtaken(Punctual):
    """In this one, somebody rejects a version right before a decision on it is made."""

    def apply(self, decision: Decision) -> None:
        self.move_outside(decision.arn, REJECTED, at=SET)
        super().apply(decision)


def approved(bot: FakeBot) -> DescribedVersion:
    """A version that was rejected outside between the bot's look and its approval."""
    bot.registry = Overtaken()
    version = a_card(bot)
    bot.do(a_submit(an_offer(version, APPROVED)))
    assert bot.status(version.arn) is APPROVED
    return version


def told(bot: FakeBot) -> tuple[int, int]:
    """How often the thread and the other channel were told."""
    texts = (thread(bot), bot.chat.texts_in_channel(RELEASES))
    in_thread, in_channel = (sum(WORDS in text for text in each) for each in texts)
    return in_thread, in_channel


def test_a_change_while_a_decision_was_made_is_told_and_recorded_when_its_event_comes(
    bot: FakeBot,
) -> None:
    version = approved(bot)
    assert told(bot) == (0, 0)
    bot.do(EVENT)

    assert told(bot) == (1, 1)
    assert kinds(bot, version) == ["vote", "decision", "missed_change"]
    entry = trail(bot, version)[-1]
    assert entry["decision"] == bot.registry.updates[0].id
    assert (entry["source"], entry["target"]) == ("", "Rejected")
    assert (entry["at"], "who" in entry) == (SET.isoformat(), False)
    assert "the registry showed the decision: the version was approved" in thread(bot)[-1]


def test_the_history_says_of_a_change_outside_that_a_decision_was_made_then(bot: FakeBot) -> None:
    approved(bot)
    bot.do(EVENT)

    answer = answer_to(bot, "history fraud")
    assert "Rejected outside this bot. The bot was making a decision then" in answer


def test_an_event_that_comes_again_is_told_once(bot: FakeBot) -> None:
    version = approved(bot)
    bot.do(EVENT)
    bot.do(EVENT)

    assert told(bot) == (1, 1)
    assert kinds(bot, version).count("missed_change") == 1


@pytest.mark.parametrize("call", ["save", "post"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_job_that_fails_in_between_tells_it_once(bot: FakeBot, call: str, when: str) -> None:
    version = approved(bot)
    with pytest.raises(Unavailable):
        bot.do(EVENT, on(call, when))
    bot.clock += timedelta(minutes=2)  # the lease has ended
    bot.do(EVENT)

    assert told(bot) == (1, 1)
    assert kinds(bot, version).count("missed_change") == 1


def test_a_time_that_is_cut_to_seconds_is_told_once_the_registry_shows_what_was_last(
    bot: FakeBot,
) -> None:
    version = approved(bot)
    with pytest.raises(Unavailable):
        bot.do(CUT)
    assert told(bot) == (0, 0)
    bot.do(CUT)
    bot.do(EVENT)

    assert told(bot) == (1, 1)
    assert kinds(bot, version).count("missed_change") == 1


def test_without_the_event_nothing_is_told(bot: FakeBot) -> None:
    version = approved(bot)
    bot.do(ReconcileVersion(version.arn))

    assert told(bot) == (0, 0)
    assert kinds(bot, version) == ["vote", "decision"]


def test_the_late_event_of_a_change_that_the_bot_had_seen_is_not_taken_for_one(
    bot: FakeBot,
) -> None:
    bot.registry = Punctual()
    version = a_card(bot)
    for status in (REJECTED, Status.PENDING):
        bot.registry.move_outside(version.arn, status, at=SET)
        bot.do(ReconcileVersion(version.arn))
    bot.do(a_submit(an_offer(bot.registry.registered[version.arn], APPROVED)))
    bot.do(EVENT)

    assert told(bot) == (0, 0)
    assert "missed_change" not in kinds(bot, version)


def test_a_change_after_the_decision_is_told_as_a_change_outside_and_as_nothing_else(
    bot: FakeBot,
) -> None:
    bot.registry = Punctual()
    version = a_card(bot)
    bot.do(a_submit(an_offer(version, APPROVED)))
    later = MADE + timedelta(milliseconds=1)
    bot.registry.move_outside(version.arn, REJECTED, at=later)
    bot.do(ReconcileVersion(version.arn, DatedStatus(REJECTED, later)))

    assert told(bot) == (0, 0)
    assert kinds(bot, version) == ["vote", "decision", "external_change"]


def test_a_decision_whose_answer_was_lost_is_not_named_with_the_change(bot: FakeBot) -> None:
    """Until the next job looked, somebody may have set another status, and set it back."""
    bot.registry = Overtaken()
    version = a_card(bot)
    job = a_submit(an_offer(version, APPROVED))
    with pytest.raises(Unavailable):
        bot.do(job, on("apply", "after"))
    bot.do(job)
    bot.do(EVENT)

    assert told(bot) == (1, 1)
    assert "Its status was changed again before the bot saw that" in thread(bot)[-1]
    assert kinds(bot, version) == ["vote", "decision", "missed_change"]


def set_and_set_back(bot: FakeBot, version: DescribedVersion) -> None:
    """Somebody rejects *version* outside, and sets it back before the bot looks."""
    bot.registry.move_outside(version.arn, REJECTED, at=SET)
    bot.registry.move_outside(version.arn, Status.PENDING, at=MADE)


def test_a_status_that_was_set_and_set_back_before_the_bot_looked_is_told_and_recorded(
    bot: FakeBot,
) -> None:
    version = a_card(bot)
    set_and_set_back(bot, version)
    bot.do(EVENT)
    bot.do(ReconcileVersion(version.arn, DatedStatus(Status.PENDING, MADE)))

    assert told(bot) == (1, 1)
    assert kinds(bot, version) == ["missed_change"]
    entry = trail(bot, version)[-1]
    assert (entry["source"], entry["target"], entry["decision"]) == ("", "Rejected", "")


def test_it_is_told_also_if_a_click_was_looked_at_before_its_event(bot: FakeBot) -> None:
    version = a_card(bot)
    set_and_set_back(bot, version)
    bot.do(a_submit(an_offer(version, APPROVED)))
    bot.do(EVENT)

    assert told(bot) == (1, 1)
    assert kinds(bot, version) == ["vote", "decision", "missed_change"]


def test_a_vote_that_was_cast_before_it_no_longer_counts(bot: FakeBot) -> None:
    ruled(bot)
    version = a_card(bot)
    bot.do(a_submit(an_offer(version, APPROVED), ANA))
    set_and_set_back(bot, version)
    bot.do(EVENT)

    assert kinds(bot, version) == ["vote", "missed_change", "void"]
    assert f"These earlier votes no longer count: <@{ANA.id}>." in thread(bot)[-1]
    assert "was changed outside this bot, and then changed again" in answer_to(bot, "history fraud")


@pytest.mark.parametrize("call", range(20))
def test_a_change_is_told_once_though_its_job_dies_and_another_job_ends_the_decision_meanwhile(
    bot: FakeBot, call: int
) -> None:
    """The other job knows nothing of the event, and so writes down nothing of it."""
    bot.registry = Overtaken()
    version = a_card(bot)
    submit = a_submit(an_offer(version, APPROVED))
    for job, dies in (
        (submit, nth_of("describe", 1, "killed after")),
        (EVENT, nth(call, "killed after")),
    ):
        with suppress(Killed):
            work(job, bot.ports(dies))
        bot.clock += DURATION
    for job in (submit, EVENT):
        with suppress(Unavailable):
            bot.do(job)
        bot.clock += DURATION
    bot.do(EVENT)
    bot.finish()

    assert told(bot) == (1, 1)
