from dataclasses import replace

import pytest

from bot.core.cards.notices import render_notice
from bot.core.reason import Reason, ReasonCode
from bot.core.registry.moves import MOVES, Move
from bot.core.registry.outcome import Outcome
from bot.core.registry.version import DatedStatus, Status
from bot.core.votes.outbox import NoticeKind, Way
from bot.core.votes.request import Card
from bot.core.words import moves
from tests.core.reading import as_read
from tests.core.situations.cards import (
    APPROVED,
    LATER,
    PENDING,
    REJECTED,
    STUDIO,
    UNSEEN,
    outside,
)
from tests.core.situations.notices import (
    BY_TWO,
    OVERTAKEN,
    SITUATIONS,
    channel,
    decision_to,
    notice,
    notice_of,
    private,
    thread,
)

APPROVE, REJECT, _, _ = MOVES
DECIDED = decision_to(APPROVE, comment="")


@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.key)
def test_the_thread_says_who_decided_when_why_and_what_it_causes(move: Move) -> None:
    read = as_read(SITUATIONS[f"thread-{move.key}"])

    done = moves.done(move.key).capitalize()
    assert read.startswith(f"{done} by @U0ANA00000, 2026-03-03 12:00 UTC. ")
    assert read.endswith("> The merchant's country\nmakes the difference.")
    assert "ersion 5" in read


def test_trap_4_the_thread_says_of_a_change_outside_who_changed_the_version_last() -> None:
    read = as_read(SITUATIONS["thread-approved-outside"])

    assert read.startswith(
        f"Approved outside this bot; last changed by {STUDIO}, 2026-03-03 12:00 UTC. "
    )
    assert "Version 6 is next to deploy" in read
    assert "> From the notebook." in read


def test_a_channel_without_the_card_is_told_the_version_and_where_the_card_is() -> None:
    with_card = as_read(channel(notice_of(decision_to(APPROVE))))
    without = as_read(channel(notice_of(decision_to(APPROVE)), ""))

    assert with_card.startswith("fraud version 6: Approved by @U0ANA00000")
    assert "The card is in #C0FRAUD000." in with_card
    assert "The card" not in without


@pytest.mark.parametrize(
    ("status", "words"),
    [(REJECTED, "rejected"), (APPROVED, "approved"), (PENDING, "set back to waiting")],
)
def test_a_change_while_a_decision_was_made_is_told_with_its_time_and_what_the_registry_showed(
    status: Status, words: str
) -> None:
    reported = DatedStatus(status, LATER)
    read = as_read(thread(notice(NoticeKind.MISSED, decision=DECIDED, reported=reported)))

    assert f"This version was {words} outside this bot, 2026-03-03 12:00 UTC" in read
    assert "the decision of @U0ANA00000" in read
    assert "After that, the registry showed the decision: the version was approved." in read
    assert STUDIO not in read


def test_a_change_that_the_bot_missed_is_told_with_its_time_and_the_votes_that_it_made_void() -> (
    None
):
    missed = notice(NoticeKind.MISSED, reported=DatedStatus(REJECTED, LATER), votes=BY_TWO)
    in_thread, in_channel = as_read(thread(missed)), as_read(channel(missed))

    for read in (in_thread, in_channel):
        assert "This version was rejected outside this bot, 2026-03-03 12:00 UTC" in read
        assert "Its status was changed again before the bot saw that" in read
    assert "no longer count: @U0ANA00000 and @U0CHLOE000." in in_thread
    assert "no longer count" not in in_channel


@pytest.mark.parametrize("comment", ["", " \n", UNSEEN])
def test_a_notice_without_a_comment_quotes_nothing(comment: str) -> None:
    assert ">" not in as_read(thread(notice_of(decision_to(APPROVE, comment=comment))))


def test_a_notice_of_a_declined_call_names_the_decision_to_look_for() -> None:
    assert "decision-1" in as_read(SITUATIONS["private-declined-by-sagemaker"])


def test_a_notice_shows_the_outcome_of_the_change_and_not_that_of_today() -> None:
    change = replace(decision_to(APPROVE), outcome=Outcome(1, 6))

    assert "in place of version 1" in as_read(thread(notice_of(change)))


def test_the_maker_of_a_decision_that_was_not_made_gets_the_comment_back() -> None:
    not_made = notice(NoticeKind.NOT_MADE, decision=decision_to(APPROVE), reason=OVERTAKEN)

    assert "Your decision was not made." in as_read(private(not_made))
    assert "> The merchant's country" in as_read(private(not_made))
    assert ">" not in as_read(thread(not_made))


def test_nobody_is_told_that_a_decision_was_not_made_when_that_is_not_known() -> None:
    why = Reason(ReasonCode.VERSION_GONE_UNDECIDED)
    not_made = notice(NoticeKind.NOT_MADE, decision=decision_to(APPROVE), reason=why)

    assert "Your decision was not made" not in as_read(private(not_made))


@pytest.mark.parametrize(
    "kind", [kind for kind in NoticeKind if kind is not NoticeKind.UPDATE_CARDS]
)
@pytest.mark.parametrize("way", [Way.THREAD, Way.CHANNEL, Way.PRIVATE])
def test_every_notice_has_a_text_for_every_way(kind: NoticeKind, way: Way) -> None:
    full = notice(
        kind,
        decision=decision_to(APPROVE),
        external=outside(APPROVED),
        reported=DatedStatus(REJECTED, LATER),
        votes=BY_TWO,
        reason=OVERTAKEN,
    )
    read = as_read(render_notice(full, way, "fraud", 6, Card(channel="C0FRAUD000", ts="1.1")))

    assert read.strip()
    assert ("fraud version 6" in read) or way is not Way.CHANNEL


@pytest.mark.parametrize("kind", NoticeKind)
def test_a_notice_without_what_it_is_about_is_an_error_and_never_an_empty_message(
    kind: NoticeKind,
) -> None:
    with pytest.raises(ValueError, match=kind):
        thread(notice(kind))
