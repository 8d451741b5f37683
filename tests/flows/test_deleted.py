"""A version that is deleted, and another one that is registered under its group and number."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.core.errors import Unavailable
from bot.core.jobs.messages import ReconcileVersion
from bot.core.registry.version import Arn, Status
from bot.core.votes.kept import KEPT
from bot.flows.clock.sweep import sweep
from tests.doubles.builders import ANA, BEN, CHLOE, RELEASES, a_submit, a_version, an_offer
from tests.doubles.chat import buttons
from tests.doubles.failures import on
from tests.doubles.registry import FakeRegistry
from tests.flows.test_decide import a_card
from tests.flows.test_votes import ruled, vote

if TYPE_CHECKING:
    from bot.core.registry.version import DescribedVersion
    from bot.core.votes.vote import Decision
    from tests.doubles.chat import Posted
    from tests.flows.conftest import FakeBot

DELETED = "⚫ Not in the registry any more. There is nothing left to decide."


def register_again(bot: FakeBot, version: DescribedVersion) -> DescribedVersion:
    """Delete *version*, and register another one under its ARN."""
    created = version.created + timedelta(hours=1)
    return bot.registry.add(replace(version, created=created, artifact="another"))


def cards(bot: FakeBot) -> list[Posted]:
    return bot.chat.cards()


def texts(posted: Posted) -> str:
    return str(posted.message.blocks)


def test_a_version_registered_again_gets_a_card_of_its_own_and_the_old_card_says_deleted(
    bot: FakeBot,
) -> None:
    version = a_card(bot)
    register_again(bot, version)
    bot.do(ReconcileVersion(version.arn))

    old, new = cards(bot)
    assert DELETED in texts(old)
    assert buttons(old.message) == []
    assert buttons(new.message) == ["approve", "reject"]
    assert bot.ledger.get(version.arn).request.deleted_cards == ()


def test_votes_on_a_deleted_version_do_not_complete_the_approval_of_the_next(
    bot: FakeBot,
) -> None:
    ruled(bot)
    version = a_card(bot)
    vote(bot, version, Status.APPROVED, BEN)
    new = register_again(bot, version)
    bot.do(ReconcileVersion(version.arn))

    assert bot.ledger.get(version.arn).request.votes == ()
    vote(bot, new, Status.APPROVED, ANA)
    assert bot.status(version.arn) is Status.PENDING


def test_the_trail_says_why_votes_on_a_deleted_version_are_void(bot: FakeBot) -> None:
    ruled(bot)
    version = a_card(bot)
    vote(bot, version, Status.APPROVED, BEN)
    register_again(bot, version)
    bot.do(ReconcileVersion(version.arn))

    *_, last = [entry.content for entry in bot.ledger.entries(version.arn)]
    assert (last["kind"], last["reason"]["code"]) == ("void", "version_gone")


def test_a_click_on_the_card_of_a_deleted_version_decides_nothing_about_the_next(
    bot: FakeBot,
) -> None:
    version = a_card(bot)
    submit = a_submit(an_offer(version, Status.APPROVED))
    register_again(bot, version)
    bot.do(submit)

    assert bot.status(version.arn) is Status.PENDING
    ((person, text),) = bot.chat.private_messages
    assert person == ANA.id
    assert text.startswith("The version of this card was deleted, and another one was registered")


def test_a_decision_that_was_open_when_the_version_was_deleted_is_not_made_on_the_next(
    bot: FakeBot,
) -> None:
    version = a_card(bot)
    with pytest.raises(Unavailable):
        bot.do(a_submit(an_offer(version, Status.APPROVED)), on("apply", "before"))
    register_again(bot, version)
    bot.do(ReconcileVersion(version.arn))

    assert bot.registry.updates == []
    assert bot.status(version.arn) is Status.PENDING
    assert [person for person, _ in bot.chat.private_messages] == [ANA.id]


@pytest.mark.parametrize("call", ["update", "post", "save"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_version_registered_again_is_announced_once_whatever_fails(
    bot: FakeBot, call: str, when: str
) -> None:
    version = a_card(bot)
    register_again(bot, version)
    with pytest.raises(Unavailable):
        bot.do(ReconcileVersion(version.arn), on(call, when))
    bot.do(ReconcileVersion(version.arn))
    bot.do(ReconcileVersion(version.arn))

    assert [DELETED in texts(posted) for posted in cards(bot)] == [True, False]


def test_the_sweep_finds_a_version_that_was_registered_again_unseen(bot: FakeBot) -> None:
    version = a_card(bot)
    register_again(bot, version)
    sweep(bot.ports())

    assert bot.queue.waiting() == [ReconcileVersion(version.arn, from_sweep=True)]


def test_when_the_version_next_to_deploy_is_deleted_the_waiting_cards_stop_naming_it(
    bot: FakeBot,
) -> None:
    old = bot.registry.add(a_version(1, Status.APPROVED))
    bot.do(ReconcileVersion(old.arn))
    waiting = a_card(bot, number=2)
    assert "version 1" in texts(cards(bot)[0])
    del bot.registry.registered[old.arn]
    bot.do(ReconcileVersion(old.arn))

    assert "version 1" not in str(bot.card(waiting).blocks)


class Replaced(FakeRegistry):
    """Right before a decision is made, its version is deleted and another one registered."""

    def apply(self, decision: Decision) -> None:
        version = self.registered[decision.arn]
        self.add(replace(version, created=version.created + timedelta(hours=1), artifact="another"))
        super().apply(decision)


def test_a_decision_that_hit_another_version_is_told_and_recorded_as_made_with_a_warning(
    bot: FakeBot,
) -> None:
    """SageMaker has no conditional update: it takes whatever version has the ARN by then."""
    bot.registry = Replaced()
    version = a_card(bot)
    bot.do(a_submit(an_offer(version, Status.APPROVED)))

    kinds = [entry.content["kind"] for entry in bot.ledger.entries(version.arn)]
    assert kinds == ["vote", "decision"]
    (told,) = bot.chat.texts_in_channel(RELEASES)
    assert "Approved by <@U0ANA00000>" in told
    assert "was judged on another version" in told
    assert "outside this bot" not in str(bot.chat.posted)
    assert [DELETED in texts(posted) for posted in cards(bot)] == [True, False]


def test_the_votes_of_a_decision_that_hit_another_version_are_not_void(bot: FakeBot) -> None:
    ruled(bot)
    bot.registry = Replaced()
    version = a_card(bot)
    vote(bot, version, Status.APPROVED, BEN)
    vote(bot, version, Status.APPROVED, CHLOE)

    kinds = [entry.content["kind"] for entry in bot.ledger.entries(version.arn)]
    assert kinds == ["vote", "vote", "decision"]


def test_when_the_version_next_to_deploy_is_registered_again_the_waiting_cards_stop_naming_it(
    bot: FakeBot,
) -> None:
    old = bot.registry.add(a_version(1, Status.APPROVED))
    bot.do(ReconcileVersion(old.arn))
    a_card(bot, number=2)
    assert "version 1" in texts(cards(bot)[0])

    register_again(bot, replace(old, status=Status.PENDING))
    bot.do(ReconcileVersion(old.arn))
    assert "version 1" not in texts(cards(bot)[0])


def test_a_version_that_was_deleted_before_its_card_was_posted_is_over(bot: FakeBot) -> None:
    version = bot.registry.add(a_version())
    with pytest.raises(Unavailable):
        bot.do(ReconcileVersion(version.arn), on("post", "before"))
    del bot.registry.registered[version.arn]
    sweep(bot.ports())
    for job in bot.queue.waiting():
        bot.do(job)
    bot.queue.message_groups.clear()
    sweep(bot.ports())

    assert bot.queue.waiting() == []


def test_an_arn_in_another_case_is_the_same_version(bot: FakeBot) -> None:
    """SageMaker spells one ARN in two cases: in events, and when it describes a version."""
    version = bot.registry.add(a_version())
    shouted = Arn(version.arn.replace("fraud", "FRAUD"))
    bot.do(ReconcileVersion(shouted))
    bot.do(ReconcileVersion(version.arn))
    bot.do(a_submit(an_offer(version, Status.APPROVED)))
    bot.do(ReconcileVersion(shouted))

    assert len(cards(bot)) == 1
    assert bot.ledger.get(shouted).request.arn == version.arn
    assert [entry.content["kind"] for entry in bot.ledger.entries(shouted)] == ["vote", "decision"]
    assert len(bot.chat.texts_in_channel(RELEASES)) == 1


def test_the_sweep_recognises_a_version_by_its_arn_in_any_case(bot: FakeBot) -> None:
    version = a_card(bot)
    shouted = Arn(version.arn.replace("fraud", "FRAUD"))
    bot.registry.registered = {shouted: replace(version, arn=shouted)}
    sweep(bot.ports())

    assert bot.queue.waiting() == []


# --- deleted while its card was being posted ------------------------------------------------------


def die_while_posting(bot: FakeBot, when: str) -> DescribedVersion:
    """The card is posted, or is not, and the job dies before it is written down that it is."""
    version = bot.registry.add(a_version())
    with pytest.raises(Unavailable):
        bot.do(ReconcileVersion(version.arn), on("post", when))
    assert bot.ledger.get(version.arn).request.cards[0].post_started
    return version


def sweep_and_work(bot: FakeBot) -> None:
    sweep(bot.ports())
    bot.finish()


@pytest.mark.parametrize("notice", ["event", "sweep"])
def test_a_card_that_was_posted_unnoticed_says_that_its_version_was_deleted(
    bot: FakeBot, notice: str
) -> None:
    version = die_while_posting(bot, "after")
    del bot.registry.registered[version.arn]
    if notice == "event":
        bot.do(ReconcileVersion(version.arn))
    sweep_and_work(bot)
    sweep(bot.ports())

    (card,) = cards(bot)
    assert DELETED in texts(card)
    assert buttons(card.message) == []
    assert bot.queue.waiting() == []
    assert not bot.ledger.get(version.arn).request.unfinished


def test_no_card_is_posted_of_a_version_that_was_deleted_before_it_had_one(bot: FakeBot) -> None:
    version = die_while_posting(bot, "before")
    del bot.registry.registered[version.arn]
    sweep_and_work(bot)
    sweep(bot.ports())

    assert bot.chat.posted == []
    assert bot.queue.waiting() == []
    assert not bot.ledger.get(version.arn).request.unfinished


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("channel", ["there", "away"])
def test_a_card_that_was_posted_unnoticed_says_so_although_another_version_has_the_arn(
    bot: FakeBot, when: str, channel: str
) -> None:
    version = die_while_posting(bot, when)
    register_again(bot, version)
    if channel == "away":
        bot.chat.missing.add(version_channel(bot))
    bot.do(ReconcileVersion(version.arn))
    bot.chat.missing.clear()
    sweep_and_work(bot)
    sweep(bot.ports())

    old, new = (cards(bot)[0], cards(bot)[-1])
    assert len(cards(bot)) == (2 if when == "after" else 1)
    assert (DELETED in texts(old)) is (when == "after")
    assert buttons(new.message) == ["approve", "reject"]
    assert bot.queue.waiting() == []
    assert not bot.ledger.get(version.arn).request.unfinished


def test_a_card_in_a_channel_that_is_not_there_is_looked_for_once_it_is(bot: FakeBot) -> None:
    version = die_while_posting(bot, "after")
    del bot.registry.registered[version.arn]
    bot.chat.missing.add(version_channel(bot))
    sweep_and_work(bot)
    bot.chat.missing.clear()
    sweep_and_work(bot)

    (card,) = cards(bot)
    assert DELETED in texts(card)
    assert not bot.ledger.get(version.arn).request.unfinished


def test_a_card_in_a_channel_that_never_comes_back_is_given_up(bot: FakeBot) -> None:
    version = die_while_posting(bot, "after")
    del bot.registry.registered[version.arn]
    bot.chat.missing.add(version_channel(bot))
    bot.clock += KEPT
    sweep_and_work(bot)

    assert not bot.ledger.get(version.arn).request.unfinished


def version_channel(bot: FakeBot) -> str:
    return bot.rules.rules[0].channel
