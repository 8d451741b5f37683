from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.core.errors import Unavailable
from bot.core.evidence.model_card import MODEL_CARD
from bot.core.jobs.messages import ReconcileVersion, UpdateWaitingCards
from bot.core.registry.version import Readiness, Report, Status
from bot.core.rules.reach import MOST_LOOKED_UP
from bot.core.rules.rule import People, Role, Rules
from bot.core.votes.vote import ExternalChange
from bot.flows.job import run
from bot.flows.work import work
from tests.core.reading import as_read
from tests.doubles.builders import (
    ANA,
    BEN,
    CARDS,
    CHLOE,
    LEADS,
    LONG_AGO,
    RELEASES,
    RULE,
    a_version,
    an_arn,
)
from tests.doubles.chat import buttons
from tests.doubles.failures import nth, on

if TYPE_CHECKING:
    from tests.flows.conftest import FakeBot


def test_a_waiting_version_gets_one_card_in_its_channel(bot: FakeBot) -> None:
    version = bot.registry.add(a_version())

    bot.do(ReconcileVersion(version.arn))

    (posted,) = bot.chat.posted
    assert posted.place.channel == CARDS
    assert posted.message.text == (
        "fraud version 1: 🟡 Waiting for a decision. "
        "If approved: Version 1 is next to deploy. No other version is approved."
    )
    assert buttons(posted.message) == ["approve", "reject"]


def test_an_event_that_comes_five_times_makes_one_card(bot: FakeBot) -> None:
    version = bot.registry.add(a_version())

    for _ in range(5):
        bot.do(ReconcileVersion(version.arn))

    assert len(bot.chat.posted) == 1


def test_a_card_is_edited_only_when_it_has_something_else_to_show(bot: FakeBot) -> None:
    version = bot.registry.add(a_version())
    bot.do(ReconcileVersion(version.arn))
    bot.do(ReconcileVersion(version.arn))
    unchanged = bot.chat.updates

    bot.registry.move_outside(version.arn, Status.REJECTED)
    bot.do(ReconcileVersion(version.arn))

    assert (unchanged, bot.chat.updates) == (0, 1)


def test_a_version_decided_before_the_bot_was_there_gets_no_card(bot: FakeBot) -> None:
    version = bot.registry.add(a_version(status=Status.APPROVED, created=LONG_AGO))

    bot.do(ReconcileVersion(version.arn))

    assert bot.chat.posted == []


@pytest.mark.parametrize("readiness", [Readiness.PENDING, Readiness.IN_PROGRESS])
def test_a_version_is_announced_once_sagemaker_has_made_it(
    bot: FakeBot, readiness: Readiness
) -> None:
    version = bot.registry.add(a_version(readiness=readiness))
    bot.do(ReconcileVersion(version.arn))
    before = list(bot.chat.posted)
    bot.change(version, readiness=Readiness.COMPLETED)

    bot.do(ReconcileVersion(version.arn))

    assert before == []
    assert buttons(bot.card(version)) == ["approve", "reject"]


def test_a_version_that_could_not_be_made_says_so_and_offers_no_approval(bot: FakeBot) -> None:
    failed = a_version(readiness=Readiness.FAILED, failures=("The image has no entry point.",))
    version = bot.registry.add(failed)

    bot.do(ReconcileVersion(version.arn))

    assert "could not make it" in bot.card(version).text
    assert "The image has no entry point." in str(bot.card(version).blocks)
    assert buttons(bot.card(version)) == ["reject"]


def test_the_card_shows_the_metrics(bot: FakeBot) -> None:
    report = Report("model_quality", "s3://b/evaluation.json", numbers=True)
    version = bot.registry.add(a_version(reports=(report,)))

    bot.do(ReconcileVersion(version.arn))

    assert "auc  0.94" in str(bot.card(version).blocks)


def test_a_model_card_that_cannot_be_read_is_said_on_the_card_and_keeps_nobody_from_deciding(
    bot: FakeBot,
) -> None:
    arn = a_version().arn
    version = bot.registry.add(a_version(reports=(Report(MODEL_CARD, arn, numbers=True),)))
    bot.evidence.unreadable.add(MODEL_CARD)

    bot.do(ReconcileVersion(arn))

    card = bot.card(version)
    assert "Model card could not be read." in str(card.blocks)
    assert buttons(card) == ["approve", "reject"]


def test_a_version_without_a_rule_is_announced_in_the_common_channel_without_buttons(
    bot: FakeBot,
) -> None:
    version = bot.registry.add(a_version(group="unheard-of"))

    bot.do(ReconcileVersion(version.arn))

    assert bot.chat.posted[0].place.channel == bot.rules.channel
    assert "no rule matches this group" in str(bot.card(version).blocks)
    assert buttons(bot.card(version)) == []


def test_a_rule_without_approvers_says_so_on_the_card(bot: FakeBot) -> None:
    empty = replace(bot.rules.rules[0], roles=())
    bot.rules = Rules("C0MODELS00", (empty,))
    version = bot.registry.add(a_version())

    bot.do(ReconcileVersion(version.arn))

    assert "names no approver" in str(bot.card(version).blocks)
    assert buttons(bot.card(version)) == []


def test_trap_4_a_change_elsewhere_is_shown_on_the_card_and_announced(bot: FakeBot) -> None:
    version = bot.registry.add(a_version())
    bot.do(ReconcileVersion(version.arn))
    bot.registry.move_outside(version.arn, Status.APPROVED, "arn:aws:iam::1:user/eve", "ok")

    bot.do(ReconcileVersion(version.arn))

    place = bot.chat.cards()[0].place
    assert "outside this bot; last changed by" in str(bot.card(version).blocks)
    assert buttons(bot.card(version)) == ["revoke"]
    (reply,) = bot.chat.thread(place)
    assert reply.startswith("Approved outside this bot; last changed by arn:aws:iam::1:user/eve")
    assert "This went around the rule fraud, by which" in reply
    assert "Version 1 is next to deploy" in reply
    (notice,) = bot.chat.texts_in_channel(RELEASES)
    assert "Approved outside this bot" in notice


def test_a_change_elsewhere_is_announced_once(bot: FakeBot) -> None:
    version = bot.registry.add(a_version())
    bot.do(ReconcileVersion(version.arn))
    bot.registry.move_outside(version.arn, Status.REJECTED)

    for _ in range(3):
        bot.do(ReconcileVersion(version.arn))

    assert len(bot.chat.thread(bot.chat.cards()[0].place)) == 1


def test_a_version_set_back_to_waiting_outside_gets_its_buttons_back(bot: FakeBot) -> None:
    version = bot.registry.add(a_version())
    bot.do(ReconcileVersion(version.arn))
    bot.registry.move_outside(version.arn, Status.REJECTED)
    bot.do(ReconcileVersion(version.arn))
    bot.registry.move_outside(version.arn, Status.PENDING)

    bot.do(ReconcileVersion(version.arn))

    assert buttons(bot.card(version)) == ["approve", "reject"]


def test_other_waiting_cards_are_updated_when_a_version_becomes_next_to_deploy(
    bot: FakeBot,
) -> None:
    first = bot.registry.add(a_version(1))
    second = bot.registry.add(a_version(2))
    bot.do(ReconcileVersion(first.arn))
    bot.do(ReconcileVersion(second.arn))
    bot.registry.move_outside(first.arn, Status.APPROVED)

    bot.do(ReconcileVersion(first.arn))

    assert "Next to deploy: version 1" in str(bot.card(second).blocks)


def test_the_card_of_a_deleted_version_says_that_it_is_gone(bot: FakeBot) -> None:
    version = bot.registry.add(a_version())
    bot.do(ReconcileVersion(version.arn))
    del bot.registry.registered[version.arn]

    bot.do(ReconcileVersion(version.arn))

    assert "Not in the registry any more" in bot.card(version).text
    assert buttons(bot.card(version)) == []


def test_an_event_for_a_version_that_never_existed_changes_nothing(bot: FakeBot) -> None:
    bot.do(ReconcileVersion(an_arn(404)))

    assert bot.chat.posted == []
    assert bot.ledger.records == {}


def test_a_deleted_card_of_a_waiting_version_is_posted_again(bot: FakeBot) -> None:
    version = bot.registry.add(a_version())
    bot.do(ReconcileVersion(version.arn))
    bot.chat.delete(bot.chat.cards()[0].place)
    bot.change(version, description="now with a description")

    bot.do(ReconcileVersion(version.arn))

    assert "now with a description" in str(bot.card(version).blocks)


def test_a_lost_channel_for_notices_never_holds_up_the_card(bot: FakeBot) -> None:
    version = bot.registry.add(a_version())
    bot.do(ReconcileVersion(version.arn))
    bot.chat.missing.add(RELEASES)
    bot.registry.move_outside(version.arn, Status.APPROVED)

    bot.do(ReconcileVersion(version.arn))

    assert buttons(bot.card(version)) == ["revoke"]
    assert isinstance(bot.ledger.get(version.arn).request.last, ExternalChange)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("call", range(8))
def test_trap_3_a_card_is_posted_once_whatever_call_fails(
    bot: FakeBot, when: str, call: int
) -> None:
    version = bot.registry.add(a_version())

    failures = nth(call, when)
    try:
        bot.do(ReconcileVersion(version.arn), failures)
    except Unavailable:
        bot.do(ReconcileVersion(version.arn))

    assert len(bot.chat.cards()) == 1
    assert bot.ledger.get(version.arn).request.cards[0].ref == bot.chat.cards()[0].place


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("call", range(14))
def test_trap_3_a_change_outside_is_announced_once_whatever_call_fails(
    bot: FakeBot, when: str, call: int
) -> None:
    version = bot.registry.add(a_version())
    bot.do(ReconcileVersion(version.arn))
    bot.registry.move_outside(version.arn, Status.APPROVED)

    failures = nth(call, when)
    try:
        bot.do(ReconcileVersion(version.arn), failures)
    except Unavailable:
        bot.do(ReconcileVersion(version.arn))

    assert len(bot.chat.thread(bot.chat.cards()[0].place)) == 1
    assert len(bot.chat.texts_in_channel(RELEASES)) == 1
    assert buttons(bot.card(version)) == ["revoke"]


def test_a_card_whose_posting_was_interrupted_shows_the_current_status(bot: FakeBot) -> None:
    version = bot.registry.add(a_version())
    failures = on("post", "after")  # the card is posted, and the answer is lost
    with pytest.raises(Unavailable):
        bot.do(ReconcileVersion(version.arn), failures)
    bot.registry.move_outside(version.arn, Status.APPROVED)

    bot.do(ReconcileVersion(version.arn))

    assert buttons(bot.card(version)) == ["revoke"]


def test_a_change_outside_is_announced_and_in_the_trail_even_without_a_card(
    bot: FakeBot,
) -> None:
    version = bot.registry.add(a_version(status=Status.APPROVED, created=LONG_AGO))
    bot.do(ReconcileVersion(version.arn))
    bot.registry.move_outside(version.arn, Status.REJECTED, by="eve")

    bot.do(ReconcileVersion(version.arn))

    assert bot.chat.cards() == []
    (notice,) = bot.chat.texts_in_channel(RELEASES)
    assert bot.chat.texts_in_channel(CARDS) == [notice]
    assert "Rejected outside this bot; last changed by eve" in notice
    (entry,) = bot.ledger.entries(version.arn)
    assert entry.content["kind"] == "external_change"


def test_waiting_cards_are_updated_when_a_decided_version_without_a_card_is_first_seen(
    bot: FakeBot,
) -> None:
    waiting = bot.registry.add(a_version(1))
    bot.do(ReconcileVersion(waiting.arn))
    decided = bot.registry.add(a_version(2, Status.APPROVED, created=LONG_AGO))
    run(ReconcileVersion(decided.arn), bot.ports())
    first = bot.queue.waiting()
    for name in list(bot.queue.message_groups):
        bot.queue.done(name)

    run(ReconcileVersion(decided.arn), bot.ports())

    (update,) = first
    assert isinstance(update, UpdateWaitingCards)
    assert bot.queue.waiting() == []
    work(update, bot.ports())
    assert bot.queue.waiting() == [ReconcileVersion(waiting.arn)]


def test_no_evidence_is_read_for_a_version_that_needs_no_card(
    bot: FakeBot,
) -> None:
    evidence = (Report("model_quality", "s3://models/evaluation.json", numbers=True),)
    version = bot.registry.add(a_version(1, Status.APPROVED, created=LONG_AGO, reports=evidence))
    calls: list[str] = []

    bot.do(ReconcileVersion(version.arn), lambda call: calls.append(call) or "")

    assert "describe" in calls
    assert "read" not in calls


SILENT = replace(
    RULE, mention=(), roles=(Role(people=People(users=(ANA.id, BEN.id), user_groups=(LEADS,))),)
)


def test_a_card_that_may_mention_nobody_has_the_names_that_slack_knows(bot: FakeBot) -> None:
    bot.rules = Rules("C0MODELS00", (SILENT,))
    bot.directory.names = {ANA.id: "Ana Silva", CHLOE.id: "Chloe Martin"}
    version = bot.registry.add(a_version(metadata={"submitted-by": CHLOE.id}))

    bot.do(ReconcileVersion(version.arn))

    read = as_read(bot.card(version))
    assert "Can decide: Ana Silva, 1 other or members of 1 user group\n" in read
    assert "Submitted by Chloe Martin\n" in read


def test_nobody_is_looked_up_for_a_card_that_mentions_them(bot: FakeBot) -> None:
    asked: list[str] = []
    version = bot.registry.add(a_version(metadata={"submitted-by": CHLOE.id}))

    bot.do(ReconcileVersion(version.arn), failures=lambda name: asked.append(name) or "")

    assert "profile" not in asked


def test_only_a_few_people_are_looked_up_for_a_card_that_mentions_nobody(bot: FakeBot) -> None:
    crowd = tuple(f"U0PERSON{number:02}" for number in range(40))
    rule = replace(SILENT, roles=(Role(people=People(users=crowd)),))
    bot.rules = Rules("C0MODELS00", (rule,))
    asked: list[str] = []
    version = bot.registry.add(a_version())

    bot.do(ReconcileVersion(version.arn), failures=lambda name: asked.append(name) or "")

    assert asked.count("profile") == MOST_LOOKED_UP


def test_a_card_knows_its_address(bot: FakeBot) -> None:
    version = bot.registry.add(a_version())

    bot.do(ReconcileVersion(version.arn))

    (card,) = bot.ledger.get(version.arn).request.cards
    assert card.permalink == bot.chat.permalink(bot.chat.cards()[0].place)


@pytest.mark.parametrize("when", ["before", "after", "throttled"])
def test_a_card_whose_address_slack_does_not_say_is_a_card_all_the_same(
    bot: FakeBot, when: str
) -> None:
    version = bot.registry.add(a_version())

    run(ReconcileVersion(version.arn), bot.ports(on("permalink", when)))

    (card,) = bot.ledger.get(version.arn).request.cards
    assert card.ref == bot.chat.cards()[0].place
    assert card.permalink == ""


def test_the_address_of_a_card_is_asked_for_once(bot: FakeBot) -> None:
    asked: list[str] = []
    version = bot.registry.add(a_version())

    for description in ("first", "second", "third"):
        bot.change(version, description=description)
        bot.do(ReconcileVersion(version.arn), failures=lambda name: asked.append(name) or "")

    assert asked.count("permalink") == 1
