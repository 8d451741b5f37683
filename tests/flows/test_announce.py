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
from tests.doubles.trouble import nth, on

if TYPE_CHECKING:
    from tests.flows.conftest import Office


def test_a_waiting_version_gets_one_card_in_its_channel(office: Office) -> None:
    version = office.registry.add(a_version())

    office.do(ReconcileVersion(version.arn))

    (posted,) = office.chat.posted
    assert posted.place.channel == CARDS
    assert posted.message.text == "fraud version 1: 🟡 Waiting for a decision."
    assert buttons(posted.message) == ["approve", "reject"]


def test_an_event_that_comes_five_times_makes_one_card(office: Office) -> None:
    version = office.registry.add(a_version())

    for _ in range(5):
        office.do(ReconcileVersion(version.arn))

    assert len(office.chat.posted) == 1


def test_a_version_decided_before_it_was_seen_gets_no_card(office: Office) -> None:
    version = office.registry.add(a_version(status=Status.APPROVED))

    office.do(ReconcileVersion(version.arn))

    assert office.chat.posted == []


@pytest.mark.parametrize("readiness", [Readiness.PENDING, Readiness.IN_PROGRESS])
def test_a_version_in_the_making_is_announced_when_it_is_made(
    office: Office, readiness: Readiness
) -> None:
    version = office.registry.add(a_version(readiness=readiness))
    office.do(ReconcileVersion(version.arn))
    before = list(office.chat.posted)
    office.change(version, readiness=Readiness.COMPLETED)

    office.do(ReconcileVersion(version.arn))

    assert before == []
    assert buttons(office.card(version)) == ["approve", "reject"]


def test_a_version_that_could_not_be_made_says_so_and_offers_no_approval(office: Office) -> None:
    failed = a_version(readiness=Readiness.FAILED, failures=("The image has no entry point.",))
    version = office.registry.add(failed)

    office.do(ReconcileVersion(version.arn))

    assert "could not make it" in office.card(version).text
    assert "The image has no entry point." in str(office.card(version).blocks)
    assert buttons(office.card(version)) == ["reject"]


def test_metrics_stand_on_the_card(office: Office) -> None:
    report = Report("model_quality", "s3://b/evaluation.json", numbers=True)
    version = office.registry.add(a_version(reports=(report,)))

    office.do(ReconcileVersion(version.arn))

    assert "auc  0.94" in str(office.card(version).blocks)


def test_a_group_without_a_rule_is_announced_where_nobody_may_decide(office: Office) -> None:
    version = office.registry.add(a_version(group="unheard-of"))

    office.do(ReconcileVersion(version.arn))

    assert office.chat.posted[0].place.channel == office.rules.channel
    assert "no rule matches this group" in str(office.card(version).blocks)
    assert buttons(office.card(version)) == []


def test_a_rule_without_approvers_says_so_on_the_card(office: Office) -> None:
    empty = replace(office.rules.rules[0], roles=())
    office.rules = Rules("C0MODELS00", (empty,))
    version = office.registry.add(a_version())

    office.do(ReconcileVersion(version.arn))

    assert "names no approver" in str(office.card(version).blocks)
    assert buttons(office.card(version)) == []


def test_trap_4_what_was_decided_elsewhere_is_shown_and_told(office: Office) -> None:
    version = office.registry.add(a_version())
    office.do(ReconcileVersion(version.arn))
    office.registry.move_outside(version.arn, Status.APPROVED, "arn:aws:iam::1:user/eve", "ok")

    office.do(ReconcileVersion(version.arn))

    place = office.chat.cards()[0].place
    assert "not decided here" in str(office.card(version).blocks)
    assert buttons(office.card(version)) == ["revoke"]
    (told,) = office.chat.thread(place)
    assert told.startswith("Approved by arn:aws:iam::1:user/eve")
    assert "Version 1 goes live" in told
    (heard,) = office.chat.said_in(RELEASES)
    assert "not decided here" in heard


def test_what_was_decided_elsewhere_is_told_once(office: Office) -> None:
    version = office.registry.add(a_version())
    office.do(ReconcileVersion(version.arn))
    office.registry.move_outside(version.arn, Status.REJECTED)

    for _ in range(3):
        office.do(ReconcileVersion(version.arn))

    assert len(office.chat.thread(office.chat.cards()[0].place)) == 1


def test_a_version_set_back_to_waiting_outside_gets_its_buttons_back(office: Office) -> None:
    version = office.registry.add(a_version())
    office.do(ReconcileVersion(version.arn))
    office.registry.move_outside(version.arn, Status.REJECTED)
    office.do(ReconcileVersion(version.arn))
    office.registry.move_outside(version.arn, Status.PENDING)

    office.do(ReconcileVersion(version.arn))

    assert buttons(office.card(version)) == ["approve", "reject"]


def test_the_other_waiting_cards_follow_when_something_else_goes_live(office: Office) -> None:
    first = office.registry.add(a_version(1))
    second = office.registry.add(a_version(2))
    office.do(ReconcileVersion(first.arn))
    office.do(ReconcileVersion(second.arn))
    office.registry.move_outside(first.arn, Status.APPROVED)

    office.do(ReconcileVersion(first.arn))

    assert "Live now: version 1" in str(office.card(second).blocks)


def test_a_version_that_is_gone_is_said_to_be_gone(office: Office) -> None:
    version = office.registry.add(a_version())
    office.do(ReconcileVersion(version.arn))
    del office.registry.known[version.arn]

    office.do(ReconcileVersion(version.arn))

    assert "Not in the registry any more" in office.card(version).text
    assert buttons(office.card(version)) == []


def test_an_event_for_a_version_that_never_was_changes_nothing(office: Office) -> None:
    office.do(ReconcileVersion(an_arn(404)))

    assert office.chat.posted == []
    assert office.ledger.records == {}


def test_a_deleted_card_of_a_waiting_version_is_posted_again(office: Office) -> None:
    version = office.registry.add(a_version())
    office.do(ReconcileVersion(version.arn))
    office.chat.delete(office.chat.cards()[0].place)
    office.change(version, description="now with a description")

    office.do(ReconcileVersion(version.arn))

    assert "now with a description" in str(office.card(version).blocks)


def test_a_channel_that_only_hears_of_it_never_holds_up_the_card(office: Office) -> None:
    version = office.registry.add(a_version())
    office.do(ReconcileVersion(version.arn))
    office.chat.missing.add(RELEASES)
    office.registry.move_outside(version.arn, Status.APPROVED)

    office.do(ReconcileVersion(version.arn))

    assert buttons(office.card(version)) == ["revoke"]
    assert isinstance(office.ledger.get(version.arn).request.last, ExternalChange)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("call", range(8))
def test_trap_3_a_card_is_posted_once_whatever_call_fails(
    office: Office, when: str, call: int
) -> None:
    version = office.registry.add(a_version())

    trouble = nth(call, when)
    try:
        office.do(ReconcileVersion(version.arn), trouble)
    except Unavailable:
        office.do(ReconcileVersion(version.arn))

    assert len(office.chat.cards()) == 1
    assert office.ledger.get(version.arn).request.cards[0].ref == office.chat.cards()[0].place


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("call", range(14))
def test_trap_3_a_change_outside_is_told_once_whatever_call_fails(
    office: Office, when: str, call: int
) -> None:
    version = office.registry.add(a_version())
    office.do(ReconcileVersion(version.arn))
    office.registry.move_outside(version.arn, Status.APPROVED)

    trouble = nth(call, when)
    try:
        office.do(ReconcileVersion(version.arn), trouble)
    except Unavailable:
        office.do(ReconcileVersion(version.arn))

    assert len(office.chat.thread(office.chat.cards()[0].place)) == 1
    assert len(office.chat.said_in(RELEASES)) == 1
    assert buttons(office.card(version)) == ["revoke"]


def test_a_card_half_posted_when_the_version_was_decided_shows_what_is(office: Office) -> None:
    version = office.registry.add(a_version())
    trouble = on("post", "after")  # the card is posted, and nobody hears of it
    with pytest.raises(Unavailable):
        office.do(ReconcileVersion(version.arn), trouble)
    office.registry.move_outside(version.arn, Status.APPROVED)

    office.do(ReconcileVersion(version.arn))

    assert buttons(office.card(version)) == ["revoke"]


def test_a_change_outside_is_told_and_in_the_trail_without_a_card_as_well(office: Office) -> None:
    version = office.registry.add(a_version(status=Status.APPROVED))
    office.do(ReconcileVersion(version.arn))
    office.registry.move_outside(version.arn, Status.REJECTED, by="eve")

    office.do(ReconcileVersion(version.arn))

    assert office.chat.cards() == []
    (told,) = office.chat.said_in(RELEASES)
    assert "Rejected by eve" in told
    (entry,) = office.ledger.entries(version.arn)
    assert entry.content["kind"] == "changed_elsewhere"


def test_a_decided_version_without_a_card_wakes_the_waiting_when_it_is_first_seen_and_no_more(
    office: Office,
) -> None:
    waiting = office.registry.add(a_version(1))
    office.do(ReconcileVersion(waiting.arn))
    decided = office.registry.add(a_version(2, Status.APPROVED))
    run(ReconcileVersion(decided.arn), office.ports())
    first = office.line.waiting()
    for name in list(office.line.lanes):
        office.line.done(name)

    run(ReconcileVersion(decided.arn), office.ports())

    assert first == [ReconcileVersion(waiting.arn)]
    assert office.line.waiting() == []


def test_of_a_version_that_has_no_card_and_needs_none_no_evidence_is_read(office: Office) -> None:
    evidence = (Report("model_quality", "s3://models/evaluation.json", numbers=True),)
    version = office.registry.add(a_version(1, Status.APPROVED, reports=evidence))
    asked: list[str] = []

    office.do(ReconcileVersion(version.arn), lambda call: asked.append(call) or "")

    assert "describe" in asked
    assert "read" not in asked
