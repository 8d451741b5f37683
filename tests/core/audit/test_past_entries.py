"""Entries of the audit trail, read back: what is wrong with a broken one, in a sentence."""

import re
from typing import Any

import pytest

from bot.core.audit.entries import EntryKind
from bot.core.audit.replay.past import parse_entry
from bot.core.registry.moves import MOVES
from bot.core.registry.version import Status
from bot.core.rules.people import LookupFailure, MembershipStatus, Submitter
from tests.core.trail import Trail
from tests.doubles.builders import ANA, BEN, DAN, LEADS, RULES

WHOLE = Trail(RULES, {LEADS: frozenset({BEN.id})}, submitter=Submitter("ci", (DAN.id,)))
WHOLE.click(BEN)
VOTE, DECISION = WHOLE.exported


def changed(entry: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return entry | changes


def test_a_vote_is_read_with_the_membership_of_its_voter() -> None:
    vote = parse_entry(VOTE)

    assert (vote.kind, vote.move, vote.group, vote.version) == (
        EntryKind.VOTE,
        MOVES[0],
        "fraud",
        1,
    )
    assert vote.votes[0].by == BEN
    assert vote.person.membership is MembershipStatus.MEMBER
    assert vote.person.user_groups == {LEADS: True}
    assert vote.submitter == Submitter("ci", (DAN.id,))


def test_all_who_may_have_registered_a_version_are_read() -> None:
    several = Submitter("ci", (DAN.id, ANA.id))

    assert parse_entry(changed(VOTE, submitter=several.stored)).submitter == several


def test_a_decision_is_read_with_its_votes() -> None:
    assert [vote.id for vote in parse_entry(DECISION).votes] == [VOTE["id"]]
    assert parse_entry(DECISION).submitter is None


def test_everything_that_is_written_is_read() -> None:
    trail = Trail(RULES, {LEADS: LookupFailure.SCOPE})
    trail.click(DAN)
    trail.click(DAN, Status.REJECTED)
    trail.click(ANA)
    trail.change_outside(Status.PENDING)
    trail.change_unseen(Status.REJECTED)

    read = trail.past

    assert [past.kind for past in read] == [
        EntryKind.REFUSAL,
        EntryKind.REFUSAL,
        EntryKind.VOTE,
        EntryKind.DECISION,
        EntryKind.EXTERNAL_CHANGE,
        EntryKind.MISSED_CHANGE,
    ]
    assert read[0].person.user_groups == {LEADS: LookupFailure.SCOPE}
    assert read[4].move is None


def test_a_submitter_who_was_not_looked_up_differs_from_no_submitter() -> None:
    trail = Trail(RULES, {LEADS: frozenset({BEN.id})})
    trail.click(BEN)
    trail.click(BEN, Status.REJECTED)

    asked, _, not_asked, _ = trail.past

    assert asked.submitter == Submitter()
    assert not_asked.submitter is None


@pytest.mark.parametrize(
    "key",
    [
        *("kind", "chain", "number", "id", "group", "version", "at", "rules_digest", "source"),
        *("target", "who", "name", "comment", "brief_digest", "membership", "user_groups"),
        "submitter",
    ],
)
def test_the_error_names_the_missing_field(key: str) -> None:
    entry = {name: value for name, value in VOTE.items() if name != key}

    with pytest.raises(ValueError, match=f"^`{key}` is missing$"):
        parse_entry(entry)


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (changed(VOTE, kind="ballot"), "`kind` is 'ballot', which is unknown"),
        (changed(VOTE, source="Perhaps"), "`source` is 'Perhaps', which is unknown"),
        (changed(VOTE, number="1"), "`number` is no whole number"),
        (changed(VOTE, version=True), "`version` is no whole number"),
        (changed(VOTE, who=7), "`who` is no text"),
        (changed(VOTE, at="yesterday"), "`at` is 'yesterday', which is no time"),
        (changed(VOTE, membership="king"), "`membership` is 'king', which is unknown"),
        (changed(VOTE, user_groups=[]), "`user_groups` is no object"),
        (
            changed(VOTE, user_groups={LEADS: "maybe"}),
            f"`user_groups` says neither yes nor no for {LEADS}, nor why not",
        ),
        (changed(VOTE, submitter={"name": "ci", "id": 3}), "`id` of `submitter` is no text"),
        (
            changed(VOTE, submitter={"name": "ci", "id": ANA.id, "others": [3]}),
            "`others` of `submitter` is no list of texts",
        ),
        (changed(DECISION, votes=None), "`votes` is no list of votes"),
        (changed(DECISION, votes=["ana"]), "`votes` is no list of votes"),
        ({"unreadable": True}, "the entry cannot be read; `audit verify` says more"),
    ],
)
def test_the_error_says_what_is_wrong(entry: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(why)}$"):
        parse_entry(entry)
