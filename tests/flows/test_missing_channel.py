"""
A channel that is not there for the bot for a while: archived, or the bot was removed from it.

What is to be told there waits, holds nothing up, and is told once the channel is there again.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.core.jobs.messages import ReconcileVersion
from bot.core.registry.version import Status
from bot.core.rules.rule import Rules
from bot.core.votes.kept import KEPT, MOST_VOTES
from bot.flows.clock.sweep import sweep
from tests.doubles.builders import (
    ANA,
    CARDS,
    CHLOE,
    DAN,
    RELEASES,
    RULE,
    RULES,
    a_submit,
    a_version,
    an_offer,
)
from tests.doubles.chat import buttons
from tests.flows import test_votes
from tests.flows.test_decide import a_card

if TYPE_CHECKING:
    from bot.core.registry.version import DescribedVersion
    from tests.flows.conftest import FakeBot

AWAY = pytest.mark.parametrize("how", ["archived", "missing"])


def close(bot: FakeBot, channel: str, how: str = "archived") -> None:
    {"archived": bot.chat.archived, "missing": bot.chat.missing}[how].add(channel)


def open_again(bot: FakeBot) -> None:
    bot.chat.archived.clear()
    bot.chat.missing.clear()


def approve(bot: FakeBot, version: DescribedVersion) -> None:
    bot.do(a_submit(an_offer(version, Status.APPROVED)))


def sweep_and_work(bot: FakeBot) -> None:
    sweep(bot.ports())
    bot.finish()


def thread(bot: FakeBot) -> list[str]:
    return bot.chat.thread(bot.chat.cards()[0].place)


@AWAY
def test_a_decision_is_told_in_its_thread_once_the_channel_is_there_again(
    bot: FakeBot, how: str
) -> None:
    version = a_card(bot)
    close(bot, CARDS, how)
    approve(bot, version)
    assert bot.status(version.arn) is Status.APPROVED
    assert len(bot.chat.texts_in_channel(RELEASES)) == 1
    assert bot.ledger.get(version.arn).request.unfinished

    for _ in range(3):
        sweep_and_work(bot)
    assert thread(bot) == []
    open_again(bot)
    sweep_and_work(bot)

    assert len(thread(bot)) == 1
    assert len(bot.chat.cards()) == 1
    assert buttons(bot.card(version)) == ["revoke"]
    assert len(bot.chat.texts_in_channel(RELEASES)) == 1
    assert not bot.ledger.get(version.arn).request.unfinished


@AWAY
def test_a_decision_is_told_in_another_channel_once_that_is_there_again(
    bot: FakeBot, how: str
) -> None:
    version = a_card(bot)
    close(bot, RELEASES, how)
    approve(bot, version)
    sweep_and_work(bot)
    assert len(thread(bot)) == 1
    open_again(bot)
    sweep_and_work(bot)
    sweep_and_work(bot)

    assert len(thread(bot)) == 1
    assert len(bot.chat.texts_in_channel(RELEASES)) == 1


@AWAY
def test_a_decision_whose_card_could_not_be_posted_is_told_below_it_once_it_is(
    bot: FakeBot, how: str
) -> None:
    close(bot, CARDS, how)
    version = bot.registry.add(a_version())
    bot.do(ReconcileVersion(version.arn))
    approve(bot, version)
    sweep_and_work(bot)
    assert bot.chat.cards() == []
    open_again(bot)
    sweep_and_work(bot)

    assert len(thread(bot)) == 1
    assert len(bot.chat.texts_in_channel(RULES.channel)) == 1  # that it could not be posted
    assert not bot.ledger.get(version.arn).request.unfinished


@AWAY
def test_a_change_outside_of_a_version_without_a_card_waits_for_no_card(
    bot: FakeBot, how: str
) -> None:
    close(bot, CARDS, how)
    version = bot.registry.add(a_version())
    bot.do(ReconcileVersion(version.arn))
    bot.registry.move_outside(version.arn, Status.REJECTED)
    bot.do(ReconcileVersion(version.arn))
    assert len(bot.chat.texts_in_channel(RELEASES)) == 1
    open_again(bot)
    sweep_and_work(bot)

    assert len(bot.chat.texts_in_channel(CARDS)) == 1
    assert bot.chat.cards() == []
    assert not bot.ledger.get(version.arn).request.unfinished


def test_a_job_with_a_notice_that_waits_changes_nothing_and_asks_slack_once(bot: FakeBot) -> None:
    version = a_card(bot)
    close(bot, RELEASES)
    approve(bot, version)
    for person, target in ((ANA, Status.REJECTED), (ANA, Status.APPROVED)):
        now = bot.registry.registered[version.arn]
        bot.do(a_submit(an_offer(now, target), person, form=f"form-{target}"))
    before = bot.ledger.get(version.arn)
    calls: list[str] = []
    bot.do(ReconcileVersion(version.arn), lambda name: calls.append(name) or "")

    assert len(before.request.outbox) == 3
    assert bot.ledger.get(version.arn).request == before.request
    # It takes the lease and gives it back: Slack may have taken the notice this time.
    assert (calls.count("post"), calls.count("save")) == (1, 2)


def test_what_waits_for_a_channel_is_given_up_after_seven_days(bot: FakeBot) -> None:
    version = a_card(bot)
    close(bot, CARDS)
    approve(bot, version)
    bot.clock += KEPT - timedelta(minutes=1)
    sweep_and_work(bot)
    assert bot.ledger.get(version.arn).request.outbox
    bot.clock += timedelta(minutes=1)
    sweep_and_work(bot)

    assert bot.ledger.get(version.arn).request.outbox == ()
    open_again(bot)
    bot.do(ReconcileVersion(version.arn))
    assert thread(bot) == []
    assert buttons(bot.card(version)) == ["revoke"]


def test_of_what_waits_for_a_channel_only_so_much_is_kept_as_the_row_has_room_for(
    bot: FakeBot,
) -> None:
    test_votes.ruled(bot)
    version = test_votes.a_card(bot)
    close(bot, CARDS)
    for number in range(MOST_VOTES + 5):
        test_votes.vote(bot, version, Status.APPROVED, ANA, f"comment {number}")
    outbox = bot.ledger.get(version.arn).request.outbox

    assert len(outbox) == MOST_VOTES
    assert outbox[-1].votes[0].comment == f"comment {MOST_VOTES + 4}"


def test_a_thread_that_was_deleted_is_given_up_at_once(bot: FakeBot) -> None:
    version = a_card(bot)
    bot.chat.uneditable = True
    bot.chat.delete(bot.chat.cards()[0].place)
    approve(bot, version)

    assert bot.ledger.get(version.arn).request.outbox == ()


def test_somebody_who_cannot_be_told_in_private_is_given_up_at_once(bot: FakeBot) -> None:
    version = a_card(bot)
    bot.chat.left.add(DAN.id)
    bot.do(a_submit(an_offer(version, Status.APPROVED), DAN))

    assert bot.ledger.get(version.arn).request.outbox == ()


def test_votes_are_told_in_their_order_once_the_channel_is_there_again(bot: FakeBot) -> None:
    test_votes.ruled(bot)
    version = test_votes.a_card(bot)
    close(bot, CARDS)
    test_votes.vote(bot, version, Status.APPROVED, ANA, "first")
    test_votes.vote(bot, version, Status.APPROVED, CHLOE, "second")
    assert bot.status(version.arn) is Status.APPROVED
    open_again(bot)
    sweep_and_work(bot)

    voted, decided = test_votes.thread(bot)
    assert "voted to approve" in voted
    assert decided.startswith("Approved by")


def test_a_card_in_a_channel_that_is_not_there_is_posted_where_the_rule_says_now(
    bot: FakeBot,
) -> None:
    version = a_card(bot)
    close(bot, CARDS)
    bot.rules = Rules(RULES.channel, (replace(RULE, channel="C0NEW"),), digest="another")
    bot.registry.move_outside(version.arn, Status.REJECTED)
    bot.do(ReconcileVersion(version.arn))

    assert [posted.place.channel for posted in bot.chat.cards()] == [CARDS, "C0NEW"]
