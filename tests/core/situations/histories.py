"""The situations in which people read the audit trail in Slack."""

from dataclasses import replace
from datetime import timedelta

from bot.core.audit import entries
from bot.core.audit.chain import Entry
from bot.core.audit.entries import AuditContext
from bot.core.cards.history import history, left_out
from bot.core.cards.messages import Message
from bot.core.decide.record import Record
from bot.core.reason import Reason, ReasonCode
from bot.core.registry.version import DatedStatus
from bot.core.rules.people import Person
from bot.core.votes.request import Request
from tests.core.situations.cards import (
    APPROVED,
    BRIEF,
    HOSTILE,
    LATER,
    NEW,
    PAIR,
    REJECTED,
    decided,
    outside,
)
from tests.doubles.builders import (
    ANA,
    BEN,
    CHLOE,
    DAN,
    a_candidate,
    a_vote,
    an_offer,
)


def context(hours: int) -> AuditContext:
    return AuditContext(
        candidate=a_candidate(NEW, brief=BRIEF),
        group=NEW.group,
        number=NEW.number,
        rule=PAIR,
        rules_digest="digest",
        now=LATER + timedelta(hours=hours),
    )


def brief_changed() -> Reason:
    params = {"metric": "auc", "before": "0.94", "after": "0.91"}
    return Reason(ReasonCode.BRIEF_CHANGED_SINCE_VOTES, params)


def trail(text: str, name: str = "risk") -> tuple[Entry, ...]:
    """One entry of each kind, newest first; *text* and the *name* of a role people wrote."""
    first = a_vote(NEW, APPROVED, ANA, comment=text, override=True)
    second = a_vote(NEW, APPROVED, CHLOE, comment=text)
    decision = decided(replace(NEW, status=APPROVED), votes=(first, second), by=CHLOE, comment=text)
    reason = Reason(ReasonCode.EMPTY_ROLE, {"rule": "pair", "role": name})
    offer = an_offer(NEW, APPROVED)
    contents = (
        entries.refusal("r", offer, Person(DAN.id, text), text, reason, context(0)),
        entries.vote(first, context(1)),
        entries.withdrawal("w", a_vote(NEW, REJECTED, BEN), context(2)),
        entries.void("v", [first], brief_changed(), context(3)),
        entries.decision(decision, context(4)),
        entries.external_change(outside(REJECTED, by=text, comment=text), context(5)),
        entries.missed_change("o", DatedStatus(REJECTED, LATER), decision, context(6)),
        entries.missed_change("m", DatedStatus(REJECTED, LATER), None, context(7)),
    )
    record = Record(request=Request(arn=NEW.arn), read_at=LATER)
    for content in contents:
        record = record.with_entry(content)
    return record.new_entries[::-1]


def alone() -> tuple[Entry, ...]:
    """What one vote and its decision leave, newest first."""
    vote = a_vote(NEW, APPROVED, ANA, comment="AUC is up.")
    decision = decided(replace(NEW, status=APPROVED), votes=(vote,), by=ANA, comment="AUC is up.")
    record = Record(request=Request(arn=NEW.arn), read_at=LATER)
    record = record.with_entry(entries.vote(vote, context(0)))
    return record.with_entry(entries.decision(decision, context(1))).new_entries[::-1]


TRAIL = trail("AUC is up,\nbias is fine.")
BROKEN = replace(TRAIL[0], body="{")


def shown(entries: tuple[Entry, ...], page: int = 0, note: str = "") -> Message:
    return history("fraud", entries, "history fraud", page, note)


def situations() -> dict[str, Message]:
    return {
        "history": shown(TRAIL),
        "history-of-a-decision-of-one-vote": shown(alone()),
        "history-of-nothing": shown(()),
        "history-first-page": shown(TRAIL * 2, note=left_out(50, 20)),
        "history-last-page": shown(TRAIL * 2, 1),
        "history-with-an-entry-that-cannot-be-read": shown((BROKEN, *TRAIL[1:])),
        "history-with-hostile-text": shown(trail(HOSTILE * 20, HOSTILE)),
    }


SITUATIONS = situations()
