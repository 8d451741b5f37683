"""The situations in which people are told that something changed, or did not."""

from dataclasses import replace

from bot.core.cards.messages import Message
from bot.core.cards.notices import (
    declined,
    for_channel,
    in_thread,
    outcome_changed,
    privately,
    who_was_first,
)
from bot.core.errors import NotAllowed
from bot.core.model import Change, Outcome, Place
from bot.core.policy import Rule, judge
from bot.core.transitions import MOVES, Move
from bot.core.words import Sentence
from tests.core.situations.cards import (
    APPROVED,
    HOSTILE,
    LATER,
    NEW,
    OLD,
    PENDING,
    REJECTED,
    STUDIO,
    UNSEEN,
    at,
    outside,
)
from tests.doubles.builders import BEN, CARDS, DAN, LEADS, RULE, a_decision, an_offer

CARD = Place(CARDS, "1772452800.000100")
OUTCOMES = {
    "approve": Outcome(5, 6),
    "reject": Outcome(5, 5),
    "reinstate": Outcome(5, 6),
    "revoke": Outcome(6, 5),
}


def made(move: Move, **changes: object) -> Change:
    """The decision to make *move* on the newest version."""
    decision = a_decision(
        at(move.source),
        move.target,
        at=LATER,
        outcome=OUTCOMES[move.key],
        comment="The merchant's country\nmakes the difference.",
    )
    return replace(decision, **changes)  # type: ignore[arg-type]


def refused(rule: Rule, members: dict[str, frozenset[str] | None]) -> Message:
    try:
        judge(rule, MOVES[0], DAN.id, members)
    except NotAllowed as refusal:
        return privately(refusal.sentence)
    raise AssertionError("not refused")


def too_late(last: Change | None, by: str = "") -> Message:
    return privately(who_was_first(at(APPROVED, modified_by=by), last))


def and_not_made(said: Sentence) -> Message:
    return privately((*said, " Your decision was not made."))


APPROVE, REJECT, _, REVOKE = MOVES
SITUATIONS = {
    **{f"thread-{move.key}": in_thread(at(move.target), made(move)) for move in MOVES},
    "thread-approve-without-a-comment": in_thread(at(APPROVED), made(APPROVE, comment="")),
    "thread-approve-one-older-than-the-live-one": in_thread(
        replace(OLD[0], status=APPROVED), made(APPROVE, outcome=Outcome(5, 5))
    ),
    "thread-approve-the-first": in_thread(
        at(APPROVED), made(APPROVE, outcome=Outcome(None, 6), comment="")
    ),
    "thread-revoke-the-only-one": in_thread(at(REJECTED), made(REVOKE, outcome=Outcome(6, None))),
    "thread-reject-while-nothing-is-live": in_thread(
        at(REJECTED), made(REJECT, outcome=Outcome(None, None))
    ),
    "thread-approved-outside": in_thread(
        at(APPROVED), outside(APPROVED, outcome=Outcome(5, 6), comment="From the notebook.")
    ),
    "thread-revoked-outside-by-nobody-known": in_thread(
        at(REJECTED), outside(REJECTED, source=APPROVED, outcome=Outcome(6, 5), by="")
    ),
    "thread-set-back-to-waiting-outside": in_thread(
        NEW, outside(PENDING, source=APPROVED, outcome=Outcome(6, 5))
    ),
    "thread-with-hostile-text": in_thread(at(APPROVED), made(APPROVE, comment=HOSTILE * 20)),
    "thread-with-a-comment-that-cannot-be-seen": in_thread(
        at(APPROVED), made(APPROVE, comment=UNSEEN)
    ),
    "channel-approve": for_channel(at(APPROVED), made(APPROVE), CARD),
    "channel-revoke-without-a-card": for_channel(at(REJECTED), made(REVOKE, comment=""), None),
    "channel-rejected-outside": for_channel(at(REJECTED), outside(REJECTED), CARD),
    "private-may-not": refused(RULE, {LEADS: frozenset({BEN.id})}),
    "private-may-not-and-a-group-could-not-be-read": refused(RULE, {LEADS: None}),
    "private-may-not-because-no-rule-matches": refused(Rule(patterns=(), channel="C1"), {}),
    "private-too-late-somebody-was-first": too_late(made(APPROVE, by=BEN)),
    "private-too-late-decided-outside": too_late(outside(APPROVED), STUDIO),
    "private-too-late-decided-outside-by-nobody-known": too_late(None),
    "private-too-late-after-an-older-decision": too_late(made(REJECT), STUDIO),
    "private-overtaken": and_not_made(who_was_first(at(REJECTED, modified_by=STUDIO), None)),
    "private-outcome-changed": privately(outcome_changed(an_offer(NEW, APPROVED, *OLD))),
    "private-declined-by-sagemaker": privately(declined(NEW, a_decision(NEW, APPROVED))),
}
