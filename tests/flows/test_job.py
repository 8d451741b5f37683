"""The five steps of a job under what goes wrong between them. What each decides is in core/jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.core.errors import Unavailable
from bot.core.jobs.messages import ReconcileVersion
from bot.core.registry.version import Status
from bot.core.votes.lease import LAG
from bot.core.votes.outbox import Way
from bot.flows.work import work
from tests.doubles.builders import ANA, BEN, CHLOE, RELEASES, a_submit, a_version, an_offer
from tests.doubles.failures import nth_of, on
from tests.doubles.registry import FakeRegistry
from tests.flows.test_votes import a_card, a_vote, ruled, thread, vote

if TYPE_CHECKING:
    from bot.core.votes.vote import Decision
    from tests.flows.conftest import FakeBot


class ForgetfulRegistry(FakeRegistry):
    """A registry that accepts a decision and does not show it yet."""

    shows = False

    def apply(self, decision: Decision) -> None:
        if self.shows:
            super().apply(decision)


class MovedOnRegistry(FakeRegistry):
    """A registry in which somebody changes the status right after each decision."""

    def apply(self, decision: Decision) -> None:
        super().apply(decision)
        self.move_outside(decision.arn, Status.REJECTED, "eve")


def test_a_decision_that_the_registry_does_not_show_is_not_announced_and_comes_again(
    bot: FakeBot,
) -> None:
    bot.registry = ForgetfulRegistry()
    version = bot.registry.add(a_version())
    bot.do(ReconcileVersion(version.arn))
    job = a_submit(an_offer(version, Status.APPROVED))
    with pytest.raises(Unavailable):
        bot.do(job)
    pending = bot.ledger.get(version.arn).request.open_decision

    assert pending is not None
    assert (thread(bot), bot.chat.texts_in_channel(RELEASES)) == ([], [])

    bot.registry.shows = True
    bot.do(job)
    last = bot.ledger.get(version.arn).request.last_decision
    assert last
    assert last.id == pending.id
    assert len(thread(bot)) == 1


def test_a_change_right_after_a_decision_is_noticed_by_the_same_job(
    bot: FakeBot,
) -> None:
    bot.registry = MovedOnRegistry()
    version = bot.registry.add(a_version())
    bot.do(ReconcileVersion(version.arn))
    bot.do(a_submit(an_offer(version, Status.APPROVED)))
    request = bot.ledger.get(version.arn).request

    assert request.status is Status.REJECTED
    assert request.last_external is not None
    assert len(thread(bot)) == 2  # the decision, and the change after it


def test_a_void_decision_is_announced_once_in_the_thread_whatever_is_repeated(
    bot: FakeBot,
) -> None:
    ruled(bot)
    version = a_card(bot)
    vote(bot, version, Status.APPROVED, ANA)
    before = len(thread(bot))
    with pytest.raises(Unavailable):
        bot.do(a_vote(bot, version, Status.APPROVED, CHLOE), on("apply", "before"))
    bot.clock += LAG
    bot.registry.move_outside(version.arn, Status.REJECTED, "eve")
    with pytest.raises(Unavailable):  # it was announced, and the process dies before that is saved
        bot.do(ReconcileVersion(version.arn), nth_of("save", 1, "before"))
    after = len(thread(bot))
    bot.do(ReconcileVersion(version.arn))

    assert after > before
    assert len(thread(bot)) == after


def test_members_of_a_user_group_fill_a_quorum(bot: FakeBot) -> None:
    """BEN is a lead, and CHLOE in risk, only through their user groups."""
    ruled(bot)
    version = a_card(bot)
    vote(bot, version, Status.APPROVED, BEN)
    vote(bot, version, Status.APPROVED, CHLOE)

    assert bot.status(version.arn) is Status.APPROVED


def test_an_outage_of_slack_does_not_hold_up_a_decision_and_it_is_announced_later(
    bot: FakeBot,
) -> None:
    version = a_card(bot)
    work(a_submit(an_offer(version, Status.APPROVED)), bot.ports(on("update", "before")))
    request = bot.ledger.get(version.arn).request

    assert request.open_decision is None
    assert request.last_decision is not None
    assert request.outbox
    bot.finish()
    assert not bot.ledger.get(version.arn).request.unfinished
    assert len(bot.chat.texts_in_channel(RELEASES)) == 1


def test_a_card_that_cannot_be_posted_does_not_hold_up_a_decision(bot: FakeBot) -> None:
    version = bot.registry.add(a_version())
    bot.chat.missing.add(bot.rules.find(version.group).channel)
    bot.do(ReconcileVersion(version.arn))
    bot.do(a_submit(an_offer(version, Status.APPROVED)))

    (waits,) = bot.ledger.get(version.arn).request.outbox
    assert bot.status(version.arn) is Status.APPROVED
    assert [to.way for to in waits.to] == [Way.THREAD]
    assert len(bot.chat.texts_in_channel(RELEASES)) == 1
