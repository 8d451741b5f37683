from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.core.errors import Unavailable
from bot.core.jobs.messages import ReconcileVersion
from bot.core.registry.version import Readiness, Report, Status
from bot.core.rules.rule import Rules
from bot.core.votes.vote import ExternalChange
from bot.flows.job import run
from tests.doubles.builders import CARDS, RELEASES, a_version, an_arn
from tests.doubles.chat import buttons
from tests.doubles.failures import nth, on

if TYPE_CHECKING:
    from tests.flows.conftest import FakeBot


def test_a_waiting_version_gets_one_card_in_its_channel(bot: FakeBot) -> None:
    version = bot.registry.add(a_version())

    bot.do(ReconcileVersion(version.arn))

    (posted,) = bot.chat.posted
    assert posted.place.channel == CARDS
    assert posted.message.text == "fraud version 1: 🟡 Waiting for a decision."
    assert buttons(posted.message) == ["approve", "reject"]


def test_an_event_that_comes_five_times_makes_one_card(bot: FakeBot) -> None:
    version = bot.registry.add(a_version())

    for _ in range(5):
        bot.do(ReconcileVersion(version.arn))

    assert len(bot.chat.posted) == 1


def test_a_version_decided_before_it_was_seen_gets_no_card(bot: FakeBot) -> None:
    version = bot.registry.add(a_version(status=Status.APPROVED))

    bot.do(ReconcileVersion(version.arn))

    assert bot.chat.posted == []


@pytest.mark.parametrize("readiness", [Readiness.PENDING, Readiness.IN_PROGRESS])
def test_a_version_in_the_making_is_announced_when_it_is_made(
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


def test_metrics_stand_on_the_card(bot: FakeBot) -> None:
    report = Report("model_quality", "s3://b/evaluation.json", numbers=True)
    version = bot.registry.add(a_version(reports=(report,)))

    bot.do(ReconcileVersion(version.arn))

    assert "auc  0.94" in str(bot.card(version).blocks)


def test_a_group_without_a_rule_is_announced_where_nobody_may_decide(bot: FakeBot) -> None:
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


def test_trap_4_what_was_decided_elsewhere_is_shown_and_told(bot: FakeBot) -> None:
    version = bot.registry.add(a_version())
    bot.do(ReconcileVersion(version.arn))
    bot.registry.move_outside(version.arn, Status.APPROVED, "arn:aws:iam::1:user/eve", "ok")

    bot.do(ReconcileVersion(version.arn))

    place = bot.chat.cards()[0].place
    assert "not decided here" in str(bot.card(version).blocks)
    assert buttons(bot.card(version)) == ["revoke"]
    (told,) = bot.chat.thread(place)
    assert told.startswith("Approved by arn:aws:iam::1:user/eve")
    assert "Version 1 goes live" in told
    (heard,) = bot.chat.texts_in_channel(RELEASES)
    assert "not decided here" in heard


def test_what_was_decided_elsewhere_is_told_once(bot: FakeBot) -> None:
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


def test_the_other_waiting_cards_follow_when_something_else_goes_live(bot: FakeBot) -> None:
    first = bot.registry.add(a_version(1))
    second = bot.registry.add(a_version(2))
    bot.do(ReconcileVersion(first.arn))
    bot.do(ReconcileVersion(second.arn))
    bot.registry.move_outside(first.arn, Status.APPROVED)

    bot.do(ReconcileVersion(first.arn))

    assert "Live now: version 1" in str(bot.card(second).blocks)


def test_a_version_that_is_gone_is_said_to_be_gone(bot: FakeBot) -> None:
    version = bot.registry.add(a_version())
    bot.do(ReconcileVersion(version.arn))
    del bot.registry.known[version.arn]

    bot.do(ReconcileVersion(version.arn))

    assert "Not in the registry any more" in bot.card(version).text
    assert buttons(bot.card(version)) == []


def test_an_event_for_a_version_that_never_was_changes_nothing(bot: FakeBot) -> None:
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


def test_a_channel_that_only_hears_of_it_never_holds_up_the_card(bot: FakeBot) -> None:
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
def test_trap_3_a_change_outside_is_told_once_whatever_call_fails(
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


def test_a_card_half_posted_when_the_version_was_decided_shows_what_is(bot: FakeBot) -> None:
    version = bot.registry.add(a_version())
    failures = on("post", "after")  # the card is posted, and nobody hears of it
    with pytest.raises(Unavailable):
        bot.do(ReconcileVersion(version.arn), failures)
    bot.registry.move_outside(version.arn, Status.APPROVED)

    bot.do(ReconcileVersion(version.arn))

    assert buttons(bot.card(version)) == ["revoke"]


def test_a_change_outside_is_told_and_in_the_trail_without_a_card_as_well(
    bot: FakeBot,
) -> None:
    version = bot.registry.add(a_version(status=Status.APPROVED))
    bot.do(ReconcileVersion(version.arn))
    bot.registry.move_outside(version.arn, Status.REJECTED, by="eve")

    bot.do(ReconcileVersion(version.arn))

    assert bot.chat.cards() == []
    (told,) = bot.chat.texts_in_channel(RELEASES)
    assert "Rejected by eve" in told
    (entry,) = bot.ledger.entries(version.arn)
    assert entry.content["kind"] == "changed_elsewhere"


def test_a_decided_version_without_a_card_wakes_the_waiting_when_it_is_first_seen_and_no_more(
    bot: FakeBot,
) -> None:
    waiting = bot.registry.add(a_version(1))
    bot.do(ReconcileVersion(waiting.arn))
    decided = bot.registry.add(a_version(2, Status.APPROVED))
    run(ReconcileVersion(decided.arn), bot.ports())
    first = bot.queue.waiting()
    for name in list(bot.queue.message_groups):
        bot.queue.done(name)

    run(ReconcileVersion(decided.arn), bot.ports())

    assert first == [ReconcileVersion(waiting.arn)]
    assert bot.queue.waiting() == []


def test_of_a_version_that_has_no_card_and_needs_none_no_evidence_is_read(
    bot: FakeBot,
) -> None:
    evidence = (Report("model_quality", "s3://models/evaluation.json", numbers=True),)
    version = bot.registry.add(a_version(1, Status.APPROVED, reports=evidence))
    asked: list[str] = []

    bot.do(ReconcileVersion(version.arn), lambda call: asked.append(call) or "")

    assert "describe" in asked
    assert "read" not in asked
