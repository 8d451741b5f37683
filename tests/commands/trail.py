"""An audit trail for the tests, as the bot writes it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.core.audit import entries
from bot.core.audit.chain import CHECKPOINTS, ChainHead
from bot.core.audit.checkpoints import checkpoint_entry
from bot.core.audit.entries import AuditContext
from bot.core.registry.version import Status
from bot.core.votes import refusals
from tests.doubles.builders import (
    ANA,
    BEN,
    NOON,
    RULE,
    SHOWN,
    a_candidate,
    a_decision,
    a_version,
    a_vote,
    an_offer,
)

if TYPE_CHECKING:
    from datetime import datetime

    from bot.core.audit.chain import Entry
    from bot.core.decide.record import Record
    from bot.core.registry.version import DescribedVersion
    from bot.flows.ports import Ledger

FRAUD, PRICES = a_version(3), a_version(1, group="house-prices")
DAY = "2026-03-02"


def context(version: DescribedVersion, now: datetime = NOON) -> AuditContext:
    return AuditContext(
        candidate=a_candidate(version, brief=SHOWN),
        group=version.group,
        number=version.number,
        rule=RULE,
        rules_digest="rules-1",
        now=now,
    )


def decide(ledger: Ledger, version: DescribedVersion, **changes: Any) -> Record:
    """Let Ben vote, Ana decide, and Ben be refused afterwards: three entries."""
    audit_context = context(version)
    first, second = (
        a_vote(version, Status.APPROVED, by, comment=f"by {by.name}") for by in (BEN, ANA)
    )
    votes = (replace(first, role="risk"), replace(second, role="ml-leads"))
    decision = a_decision(
        version, Status.APPROVED, votes=votes, brief_digest=first.brief_digest, **changes
    )
    late = refusals.status_changed(replace(version, status=Status.APPROVED), decision)
    button = an_offer(version, Status.APPROVED)
    record = ledger.get(version.arn)
    for content in (
        entries.vote(first, audit_context),
        entries.decision(decision, audit_context),
        entries.refusal("form-1", button, BEN, "me too", late, audit_context),
    ):
        record = record.with_entry(content)
    return ledger.save(record)


def take_checkpoint(ledger: Ledger, day: str = DAY) -> Entry:
    """Append a checkpoint of all chains, even if they did not grow."""
    heads = {summary.arn: summary.chain for summary in ledger.summaries()}
    before = ledger.chain_head(CHECKPOINTS) or ChainHead()
    entry, head = checkpoint_entry(before, day, heads, more=False)
    ledger.append_checkpoint(entry, head)
    return entry


def sort_key(number: int) -> str:
    """The sort key of the entry with this number."""
    return f"audit#{number:010d}"
