"""What Slack and SageMaker show only some seconds after they did it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.core.errors import Declined, Unavailable
from bot.core.jobs.messages import ReconcileVersion
from bot.core.registry.version import DatedStatus, Status
from tests.core.reading import as_read
from tests.doubles.builders import RELEASES, a_submit, a_version, an_offer
from tests.doubles.chat import buttons
from tests.doubles.failures import Killed, nth_of, on
from tests.doubles.registry import FakeRegistry
from tests.flows.test_decide import a_card
from tests.flows.test_lease import until_done, was_told_once

if TYPE_CHECKING:
    from bot.core.registry.version import Arn, DescribedVersion
    from bot.core.votes.vote import Decision
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


def test_a_decision_is_not_told_again_if_it_could_not_be_written_down_that_it_was(
    bot: FakeBot,
) -> None:
    bot.chat.lag = LAG
    version = a_card(bot)
    job = a_submit(an_offer(version, Status.APPROVED))
    with pytest.raises(Unavailable) as error:
        bot.do(job, nth_of("save", 1, "before"))
    until_done(bot, job)

    assert error.value.retry_after == LAG.total_seconds()
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


class LateRegistry(FakeRegistry):
    """A registry that makes a decision, answers otherwise, and shows it two seconds later."""

    def __init__(self, bot: FakeBot, answer: Exception) -> None:
        super().__init__()
        self.bot = bot
        self.answer = answer
        self.tries = 0
        self.shown_before: DescribedVersion | None = None
        self.late_until = bot.clock

    def apply(self, decision: Decision) -> None:
        self.tries += 1
        if decision.id not in self._tokens:
            self.shown_before = self.shown_before or self.registered[decision.arn]
            self.late_until = self.bot.clock + timedelta(seconds=2)
            super().apply(decision)
        raise self.answer

    def describe(self, arn: Arn) -> DescribedVersion:
        if self.shown_before and self.bot.clock < self.late_until:
            return self.shown_before
        return super().describe(arn)


class DecliningRegistry(FakeRegistry):
    tries = 0

    def apply(self, decision: Decision) -> None:
        self.tries += 1
        raise Declined(decision.id)


def approve(bot: FakeBot, registry: FakeRegistry) -> DescribedVersion:
    """Approve a version that is announced; returns it as it was."""
    bot.registry = registry
    version = a_card(bot)
    job = a_submit(an_offer(version, Status.APPROVED))
    with suppress(Unavailable):
        bot.do(job)
    bot.clock -= LAG
    until_done(bot, job)
    return version


@pytest.mark.parametrize("answer", [Declined("AccessDenied"), Unavailable("lost")])
def test_a_decision_that_was_made_though_its_retry_was_refused_is_told_as_made(
    bot: FakeBot, answer: Exception
) -> None:
    version = approve(bot, LateRegistry(bot, answer))
    request = bot.ledger.get(version.arn).request

    assert request.last_decision is not None
    assert request.update_attempt is None
    assert bot.chat.private_messages == []
    assert was_told_once(bot)


def test_a_decision_that_was_made_is_not_void_because_an_old_status_is_shown(bot: FakeBot) -> None:
    bot.registry = registry = LateRegistry(bot, Unavailable("lost"))
    version = a_card(bot)
    registry.shown_before = replace(version, status=Status.REJECTED)
    job = a_submit(an_offer(version, Status.APPROVED))
    with pytest.raises(Unavailable):
        bot.do(job)
    registry.late_until = bot.clock + timedelta(seconds=2)
    until_done(bot, job)

    assert bot.ledger.get(version.arn).request.last_decision is not None
    assert bot.chat.private_messages == []


def test_it_is_not_void_either_if_the_attempt_could_not_be_written_down_at_first(
    bot: FakeBot,
) -> None:
    bot.registry = registry = LateRegistry(bot, Unavailable("lost"))
    version = a_card(bot)
    registry.shown_before = replace(version, status=Status.REJECTED)
    job = a_submit(an_offer(version, Status.APPROVED))
    with pytest.raises(Unavailable):
        bot.do(job, nth_of("get", 0, "before"))  # the one that ends the lease
    bot.clock -= LAG  # the job is delivered before its time
    registry.late_until = bot.clock + timedelta(seconds=2)
    until_done(bot, job)

    assert bot.ledger.get(version.arn).request.last_decision is not None
    assert bot.chat.private_messages == []


def test_a_declined_decision_is_tried_once_and_void_when_the_registry_proves_it(
    bot: FakeBot,
) -> None:
    registry = DecliningRegistry()
    before = bot.clock
    version = approve(bot, registry)
    request = bot.ledger.get(version.arn).request

    assert registry.tries == 1
    assert bot.clock - before >= LAG
    assert (request.open_decision, request.last_decision) == (None, None)
    assert request.update_attempt is None
    assert len(bot.chat.private_messages) == 1


class DecliningOnce(FakeRegistry):
    """It declines the first call, as where a right was taken away, and takes the next."""

    declines = True

    def apply(self, decision: Decision) -> None:
        if self.declines:
            self.declines = False
            raise Declined(decision.id)
        super().apply(decision)


def test_a_declined_decision_is_not_made_after_all_if_that_it_was_told_is_not_written_down(
    bot: FakeBot,
) -> None:
    bot.registry = DecliningOnce()
    version = a_card(bot)
    job = a_submit(an_offer(version, Status.APPROVED))
    with pytest.raises(Unavailable):
        bot.do(job)
    bot.clock += LAG
    with pytest.raises(Unavailable):
        bot.do(job, nth_of("save", 1, "before"))  # it was told
    until_done(bot, job)

    assert bot.registry.updates == []
    assert bot.status(version.arn) is Status.PENDING
    assert "Your decision was not made." in bot.chat.private_messages[-1][1]


def test_an_older_status_that_the_registry_shows_for_a_moment_is_not_told_as_a_change(
    bot: FakeBot,
) -> None:
    version = a_card(bot)
    waiting = bot.registry.registered[version.arn]
    bot.do(a_submit(an_offer(version, Status.APPROVED)))
    approved = bot.registry.registered[version.arn]
    bot.registry.add(waiting)
    with pytest.raises(Unavailable, match="as it was before"):
        bot.do(ReconcileVersion(version.arn))
    bot.registry.add(approved)
    bot.do(ReconcileVersion(version.arn))

    assert was_told_once(bot)
    assert [entry.content["kind"] for entry in bot.ledger.entries(version.arn)] == [
        "vote",
        "decision",
    ]


def test_a_deleted_version_that_the_registry_shows_for_a_moment_is_not_taken_for_a_new_one(
    bot: FakeBot,
) -> None:
    deleted = a_card(bot)
    again = bot.registry.add(replace(deleted, created=deleted.created + timedelta(minutes=1)))
    bot.do(ReconcileVersion(again.arn))
    bot.registry.add(deleted)
    with pytest.raises(Unavailable, match="as it was before"):
        bot.do(ReconcileVersion(again.arn))

    assert bot.ledger.get(again.arn).request.created == again.created
    assert len(bot.chat.cards()) == 2


def test_a_deleted_version_that_the_registry_shows_for_a_moment_is_not_taken_for_one_still_there(
    bot: FakeBot,
) -> None:
    deleted = a_card(bot)
    bot.clock += timedelta(minutes=1)
    bot.registry.registered.clear()
    bot.do(ReconcileVersion(deleted.arn))
    bot.registry.add(deleted)
    with pytest.raises(Unavailable, match="as it was before"):
        bot.do(ReconcileVersion(deleted.arn))

    assert "Not in the registry any more" in as_read(bot.card(deleted))
    bot.do(ReconcileVersion(deleted.arn))  # it was there all the time, after all
    assert buttons(bot.card(deleted))


def test_a_version_that_the_registry_does_not_show_yet_is_waited_for_if_its_event_has_come(
    bot: FakeBot,
) -> None:
    version = a_version(created=bot.clock + timedelta(seconds=3))  # the store's time is cut
    job = ReconcileVersion(version.arn, DatedStatus(version.status, version.created))
    with pytest.raises(Unavailable, match="does not show"):
        bot.do(job)
    bot.registry.add(version)
    bot.do(job)

    assert len(bot.chat.cards()) == 1


def test_a_version_that_was_deleted_long_after_an_event_of_it_is_not_waited_for(
    bot: FakeBot,
) -> None:
    version = a_version(created=bot.clock)
    bot.clock += LAG
    bot.do(ReconcileVersion(version.arn, DatedStatus(version.status, version.created)))

    assert bot.chat.cards() == []


def test_a_version_registered_as_approved_is_told_once_although_the_registry_shows_it_once_more(
    bot: FakeBot,
) -> None:
    version = bot.registry.add(a_version(status=Status.APPROVED))
    job = ReconcileVersion(version.arn)
    bot.do(job)
    bot.clock += timedelta(hours=2)
    del bot.registry.registered[version.arn]
    bot.do(job)
    bot.clock += LAG
    bot.registry.add(version)
    bot.do(job)

    assert len(bot.chat.texts_in_channel(RELEASES)) == 1
