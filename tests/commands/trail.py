"""An audit trail for the tests, as the bot writes it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.core.audit import entries
from bot.core.audit.chain import CHECKPOINTS, ChainHead, checkpoint_entry
from bot.core.registry.version import Status
from bot.core.votes import refusals
from tests.doubles.builders import (
    ANA,
    BEN,
    NOON,
    RULE,
    SHOWN,
    a_decision,
    a_submit,
    a_version,
    a_vote,
    an_offer,
    seen,
)

if TYPE_CHECKING:
    from datetime import datetime

    from bot.core.audit.chain import Entry
    from bot.core.registry.version import DescribedVersion
    from bot.core.votes.request import Request
    from bot.flows.ports import Ledger

FRAUD, PRICES = a_version(3), a_version(1, group="house-prices")
DAY = "2026-03-02"


def scene(version: DescribedVersion, now: datetime = NOON) -> entries.AuditContext:
    return entries.AuditContext(
        seen=seen(version, brief=SHOWN), rule=RULE, rules="rules-1", now=now
    )


def decide(ledger: Ledger, version: DescribedVersion, **changes: Any) -> Request:
    """Let Ben vote, Ana decide, and Ben be refused afterwards: three entries."""
    here = scene(version)
    first, second = (
        a_vote(version, Status.APPROVED, by, comment=f"by {by.name}") for by in (BEN, ANA)
    )
    votes = (replace(first, role="risk"), replace(second, role="ml-leads"))
    decision = a_decision(version, Status.APPROVED, votes=votes, brief=first.brief, **changes)
    click = a_submit(an_offer(version, Status.APPROVED), BEN, "me too")
    request = entries.vote(ledger.get(version.arn), first, here)
    request = entries.decision(request, decision, here)
    late = refusals.late(replace(version, status=Status.APPROVED), decision)
    return ledger.save(entries.refusal(request, click, late, here))


def gather(ledger: Ledger, day: str = DAY) -> Entry:
    """Gather all chains there are, however little they grew."""
    ends = {row.arn: row.chain for row in ledger.rows()}
    entry, end = checkpoint_entry(ledger.end(CHECKPOINTS) or ChainHead(), day, ends, more=False)
    ledger.gather(entry, end)
    return entry


def at(number: int) -> str:
    """The key under which the entry of this number lies."""
    return f"audit#{number:010d}"
