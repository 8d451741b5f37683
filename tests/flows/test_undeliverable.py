"""Messages that Slack will not take: they hold up neither a decision nor the other messages."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.core.errors import Forbidden, Unavailable
from bot.core.jobs.messages import AnswerQuestion, ReconcileVersion
from bot.core.registry.registry_id import OWN_REGISTRY
from bot.core.registry.version import Status
from bot.core.rules.rule import Rules
from bot.core.votes.lease import LAG
from bot.flows.clock.sweep import sweep
from bot.flows.tell.outbox import MOST_TRIES
from bot.flows.tell.still_trying import ATTEMPT
from tests.doubles.builders import (
    ANA,
    CARDS,
    RELEASES,
    RULE,
    RULES,
    a_submit,
    a_version,
    an_offer,
)
from tests.doubles.chat import buttons
from tests.doubles.failures import on
from tests.flows.test_decide import a_card

if TYPE_CHECKING:
    from bot.core.registry.version import DescribedVersion
    from tests.flows.conftest import FakeBot

OTHER = "C0OTHER000"


def approve(bot: FakeBot, version: DescribedVersion) -> None:
    bot.do(a_submit(an_offer(version, Status.APPROVED)))


def thread(bot: FakeBot) -> list[str]:
    return bot.chat.thread(bot.chat.cards()[0].place)


@pytest.mark.parametrize("channel", [CARDS, RELEASES])
def test_a_decision_is_settled_although_slack_refuses_a_channel(bot: FakeBot, channel: str) -> None:
    version = a_card(bot)
    bot.chat.refusing[channel] = "message_limit_exceeded"
    with pytest.raises(Unavailable):
        approve(bot, version)

    request = bot.ledger.get(version.arn).request
    assert bot.status(version.arn) is Status.APPROVED
    assert request.open_decision is None
    assert request.last_decision is not None


def test_a_refused_message_is_given_up_after_few_tries_and_the_others_arrive(bot: FakeBot) -> None:
    version = a_card(bot)
    bot.chat.refusing[RELEASES] = "external_channel_migrating"
    with pytest.raises(Unavailable):  # the job that tells what is left
        approve(bot, version)
    bot.finish()

    assert len(thread(bot)) == 1
    assert bot.ledger.get(version.arn).request.outbox == ()


def test_nobody_is_told_twice_while_another_message_is_refused(bot: FakeBot) -> None:
    version = a_card(bot)
    with pytest.raises(Unavailable):
        bot.do(a_submit(an_offer(version, Status.APPROVED)), on("apply", "before"))
    bot.clock += LAG
    bot.registry.move_outside(version.arn, Status.REJECTED)
    bot.chat.refusing[RELEASES] = "external_channel_migrating"
    for _ in range(MOST_TRIES - 1):
        with pytest.raises(Unavailable):
            bot.do(ReconcileVersion(version.arn))
    bot.do(ReconcileVersion(version.arn))

    assert [person for person, _ in bot.chat.private_messages] == [ANA.id]
    assert bot.ledger.get(version.arn).request.open_decision is None


def test_a_card_that_cannot_be_edited_stays_and_no_other_is_posted(bot: FakeBot) -> None:
    version = a_card(bot)
    bot.chat.uneditable = True
    approve(bot, version)
    bot.registry.move_outside(version.arn, Status.REJECTED)
    bot.do(ReconcileVersion(version.arn))

    assert len(bot.chat.cards()) == 1
    assert len(thread(bot)) == 2


def test_the_sweep_leaves_a_card_alone_that_cannot_be_edited(bot: FakeBot) -> None:
    version = a_card(bot)
    bot.chat.uneditable = True
    bot.rules = Rules("C0MODELS00", (replace(RULE, name="another"),), digest="another")
    bot.do(ReconcileVersion(version.arn))
    sweep(bot.ports())

    assert bot.queue.waiting() == []


def test_a_card_that_slack_refuses_to_edit_for_now_is_edited_later(bot: FakeBot) -> None:
    version = a_card(bot)
    bot.chat.refusing[CARDS] = "ekm_access_denied"
    bot.registry.move_outside(version.arn, Status.REJECTED)
    with pytest.raises(Unavailable):
        bot.do(ReconcileVersion(version.arn))
    bot.chat.refusing.clear()
    bot.do(ReconcileVersion(version.arn))

    assert buttons(bot.card(version)) == ["reinstate"]
    assert len(thread(bot)) == 1


@pytest.mark.parametrize("reason", ["archived", "refused"])
def test_operators_hear_once_in_the_fallback_channel_that_cards_cannot_be_posted(
    bot: FakeBot, reason: str
) -> None:
    if reason == "archived":
        bot.chat.missing.add(CARDS)
    else:
        bot.chat.refusing[CARDS] = "message_limit_exceeded"
    for number in (1, 2):
        version = bot.registry.add(a_version(number))
        for _ in range(3):
            bot.do(ReconcileVersion(version.arn))

    (text,) = bot.chat.texts_in_channel(RULES.channel)
    assert "The card of this version cannot be posted" in text
    assert bot.chat.cards() == []


def test_a_card_is_posted_by_the_sweep_once_its_channel_works(bot: FakeBot) -> None:
    bot.chat.missing.add(CARDS)
    version = bot.registry.add(a_version())
    bot.do(ReconcileVersion(version.arn))
    bot.chat.missing.clear()
    sweep(bot.ports())
    for job in bot.queue.waiting():
        bot.do(job)

    assert len(bot.chat.cards()) == 1
    assert bot.ledger.get(version.arn).request.unposted == ""


def test_a_card_is_posted_in_another_channel_once_the_rule_names_it(bot: FakeBot) -> None:
    bot.chat.missing.add(CARDS)
    version = bot.registry.add(a_version())
    bot.do(ReconcileVersion(version.arn))
    bot.rules = Rules(RULES.channel, (replace(RULE, channel=OTHER),), digest="another")
    sweep(bot.ports())
    for job in bot.queue.waiting():
        bot.do(job)

    assert [posted.place.channel for posted in bot.chat.cards()] == [OTHER]


def test_a_version_can_be_decided_while_its_card_cannot_be_posted(bot: FakeBot) -> None:
    bot.chat.missing.add(CARDS)
    version = bot.registry.add(a_version())
    bot.do(ReconcileVersion(version.arn))
    approve(bot, version)

    assert bot.status(version.arn) is Status.APPROVED
    assert len(bot.chat.texts_in_channel(RELEASES)) == 1


def test_a_home_that_cannot_be_published_does_not_hold_up_the_next_question(bot: FakeBot) -> None:
    bot.chat.refusing[ANA.id] = "not_enabled"
    bot.do(AnswerQuestion(person=ANA, text=""))

    assert bot.chat.homes == {}


@pytest.mark.parametrize("call", ["get_with_servings", "describe", "save", "apply"])
def test_whoever_clicked_hears_once_while_their_job_keeps_failing(bot: FakeBot, call: str) -> None:
    version = a_card(bot)
    for attempt in range(1, ATTEMPT + 3):
        bot.attempt = attempt
        with pytest.raises(Unavailable):
            bot.do(a_submit(an_offer(version, Status.APPROVED)), on(call, "before"))

    ((person, text),) = bot.chat.private_messages
    assert person == ANA.id
    assert text.startswith("Still trying: this could not be finished yet.")
    assert ("Nothing has been decided yet." in text) is (call != "apply")


def test_whoever_heard_that_the_registry_cannot_be_read_is_not_told_again(bot: FakeBot) -> None:
    version = a_card(bot)
    bot.registry.unreachable[OWN_REGISTRY] = Forbidden("no")
    for attempt in range(1, ATTEMPT + 3):
        bot.attempt = attempt
        with pytest.raises(Forbidden):
            approve(bot, version)

    ((_, text),) = bot.chat.private_messages
    assert text.startswith("AWS does not let this bot read the registry")


def test_an_outside_change_is_told_once_though_its_card_is_lost_and_the_job_dies(
    bot: FakeBot,
) -> None:
    """That a card is being posted is written down before the change itself is."""
    version = a_card(bot)
    with pytest.raises(Unavailable):
        bot.do(a_submit(an_offer(version, Status.APPROVED)), on("apply", "before"))
    bot.registry.move_outside(version.arn, Status.REJECTED)
    bot.chat.delete(bot.chat.cards()[0].place)
    saves = iter(["", "before"])
    with pytest.raises(Unavailable):
        bot.do(
            ReconcileVersion(version.arn),
            lambda name: next(saves, "") if name == "save" else "",
        )
    bot.do(ReconcileVersion(version.arn))

    assert len(bot.chat.texts_in_channel(RELEASES)) == 1
