from dataclasses import replace

import pytest

from bot.core.cards.notices import for_channel, in_thread
from bot.core.registry.moves import MOVES, Move
from bot.core.registry.outcome import Outcome
from tests.core.reading import as_read
from tests.core.situations.cards import (
    APPROVED,
    STUDIO,
    UNSEEN,
    at,
)
from tests.core.situations.notices import CARD, SITUATIONS, made

APPROVE, REJECT, _, _ = MOVES


@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.key)
def test_the_thread_says_who_decided_when_why_and_what_it_causes(move: Move) -> None:
    read = as_read(SITUATIONS[f"thread-{move.key}"])

    assert read.startswith(f"{move.done.capitalize()} by @U0ANA00000, 2026-03-03 12:00 UTC. ")
    assert read.endswith("> The merchant's country\nmakes the difference.")
    assert "ersion 5" in read


def test_trap_4_the_thread_says_of_a_change_outside_that_it_was_not_decided_here() -> None:
    read = as_read(SITUATIONS["thread-approved-outside"])

    assert read.startswith(f"Approved by {STUDIO}, 2026-03-03 12:00 UTC; not decided here. ")
    assert "Version 6 goes live" in read
    assert "> From the notebook." in read


def test_a_channel_that_has_not_the_card_hears_which_version_it_is_and_where_the_card_is() -> None:
    with_card = as_read(for_channel(at(APPROVED), made(APPROVE), CARD))
    without = as_read(for_channel(at(APPROVED), made(APPROVE), None))

    assert with_card.startswith("fraud version 6: Approved by @U0ANA00000")
    assert "The card is in #C0FRAUD000." in with_card
    assert "The card" not in without


@pytest.mark.parametrize("comment", ["", " \n", UNSEEN])
def test_without_a_comment_nothing_is_quoted(comment: str) -> None:
    assert ">" not in as_read(in_thread(at(APPROVED), made(APPROVE, comment=comment)))


def test_a_call_that_sagemaker_declined_is_told_with_the_decision_to_look_for() -> None:
    assert "decision-1" in as_read(SITUATIONS["private-declined-by-sagemaker"])


def test_the_consequence_of_the_change_is_told_and_not_that_of_today() -> None:
    change = replace(made(APPROVE), outcome=Outcome(1, 6))

    assert "in place of version 1" in as_read(in_thread(at(APPROVED), change))
