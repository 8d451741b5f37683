"""A record: what the ledger holds of a version, and what the next write adds to its audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bot.core.audit.chain import ChainHead, Entry, append
from bot.core.registry.version import Arn, Status, arn_key
from bot.core.votes.request import Card, Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A request with its place in the ledger: revision, chain of audit entries, unknown fields."""

    request: Request
    read_at: datetime = field(compare=False)
    """
    The store's time when it was read or written: what is compared with times in it has to come
    from that clock. It is not stored.
    """
    revision: int = 0
    """How often it was written; 0 if never."""
    chain: ChainHead = ChainHead()
    """The end of the version's chain, with *new_entries* in it."""
    new_entries: tuple[Entry, ...] = ()
    """Audit entries that the next write appends, together with the request or not at all."""
    unknown: Mapping[str, Any] = field(default_factory=dict)
    """What only a newer version of the code stored: written back as it was read."""

    def with_entry(self, content: Mapping[str, Any]) -> Record:
        """Return the record with one more audit entry at the end of its chain."""
        entry, head = append(arn_key(self.request.arn), self.chain, content)
        return replace(self, chain=head, new_entries=(*self.new_entries, entry))


@dataclass(frozen=True, slots=True)
class PostedCards:
    """The cards of a version; another time of creation means another version of the same ARN."""

    arn: Arn
    created: datetime | None
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class RecordSummary:
    """What the sweep needs of a record."""

    arn: Arn
    """As DescribeModelPackage spells it."""
    status: Status | None
    unfinished: bool
    created: datetime | None = None
    next_to_deploy: int | None = None
    """What the version's card says is next to deploy."""
    rule: str = ""
    """Digest of the rule by which the card was made."""
    deploy_due: datetime | None = None
    """By when an endpoint should have reported the version."""
    slot_at: datetime | None = None
    """The time of the slot for which the next message or edit about the version waits."""
    chain: ChainHead = ChainHead()
