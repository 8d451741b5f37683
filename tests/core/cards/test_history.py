"""The audit trail as one reads it in Slack, where somebody tampered with it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.core.cards.history import history
from tests.core.reading import as_read
from tests.core.situations.histories import TRAIL, alone

if TYPE_CHECKING:
    from bot.core.audit.chain import Entry


def dated(moment: str) -> Entry:
    """The newest entry of a trail, with this moment in it."""
    content = {**TRAIL[0].content, "at": moment}
    return replace(TRAIL[0], body=json.dumps(content))


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00", "9999-12-31T23:59:59", "tomorrow", ""])
def test_an_entry_with_an_impossible_time_does_not_hide_the_others(moment: str) -> None:
    read = as_read(history("fraud", (dated(moment), *TRAIL[1:]), "history fraud", 0, ""))

    assert read.count("version 6: ") >= len(TRAIL) - 1
    assert f"fraud: {len(TRAIL)} entries in the audit trail" in read


def test_a_decision_of_one_vote_is_shown_once() -> None:
    read = as_read(history("fraud", alone(), "history fraud", 0, ""))

    assert read.count("AUC is up.") == 1
    assert "Approved by" in read
    assert "voted to approve" not in read


def test_a_vote_whose_decision_is_not_in_the_trail_is_shown() -> None:
    read = as_read(history("fraud", alone()[1:], "history fraud", 0, ""))

    assert "voted to approve" in read


def test_a_vote_of_another_version_is_not_taken_for_the_one_of_a_decision() -> None:
    decision, vote = alone()
    read = as_read(history("fraud", (decision, replace(vote, chain="x")), "history fraud", 0, ""))

    assert "voted to approve" in read


@pytest.mark.parametrize("votes", [None, 7, [7], [{}], {}])
def test_a_decision_whose_votes_cannot_be_read_hides_no_vote(votes: object) -> None:
    decision, vote = alone()
    forged = replace(decision, body=json.dumps({**decision.content, "votes": votes}))

    assert "voted to approve" in as_read(history("fraud", (forged, vote), "history fraud", 0, ""))


def test_a_decision_names_the_roles_that_its_votes_counted_for() -> None:
    decision = next(each for each in TRAIL if each.content["kind"] == "decision")
    votes = [
        {**vote, "role": role}
        for vote, role in zip(decision.content["votes"], ("ml-leads", "risk"), strict=True)
    ]
    with_roles = replace(decision, body=json.dumps({**decision.content, "votes": votes}))

    read = as_read(history("fraud", (with_roles,), "history fraud", 0, ""))

    assert "Approved by @U0CHLOE000 for risk, with @U0ANA00000 for ml-leads, as an" in read


def test_a_refusal_is_told_of_the_person_not_to_the_reader() -> None:
    refusal = next(each for each in TRAIL if each.content["kind"] == "refusal")
    reason = {"code": "own_version", "params": {"move": "approve", "rule": ""}}
    own = replace(refusal, body=json.dumps({**refusal.content, "reason": reason}))

    read = as_read(history("fraud", (own,), "history fraud", 0, ""))

    assert "was refused: They registered this version, so they may not approve it." in read
