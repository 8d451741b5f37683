"""A request: what the bot stores about a version, from its card to its last decision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.audit.chain import ChainHead, Entry
from bot.core.evidence.brief import Brief

if TYPE_CHECKING:
    from datetime import datetime

    from bot.core.registry.version import Arn, Status
    from bot.core.votes.vote import Change, Vote, VoteEvent


@dataclass(frozen=True, slots=True)
class MessageRef:
    """Where a message is."""

    channel: str
    ts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """
    What the ledger remembers of a version: its card, the votes, and what became of it.

    *open* is something written down but not yet carried through; *last* is the latest change
    that was. *done* holds the ids of what is over, so that a redelivered one stays over.
    """

    arn: Arn
    revision: int = 0
    group: str = ""
    number: int = 0
    status: Status | None = None
    """The status that people were last shown."""
    place: MessageRef | None = None
    posting: datetime | None = None
    """Set before the card is posted, so that a crash in between is noticed."""
    face: str = ""
    """Digest of the card as it was last drawn."""
    live: int | None = None
    """The version that the card says is live."""
    rule: str = ""
    """Digest of the rule by which it was drawn."""
    brief: Brief = Brief()
    """The brief that people were last shown."""
    votes: tuple[Vote, ...] = ()
    open: Change | VoteEvent | None = None
    last: Change | None = None
    done: tuple[str, ...] = ()
    chain: ChainHead = ChainHead()
    """The end of the version's chain of audit entries."""
    unwritten: tuple[Entry, ...] = ()
    """Audit entries that the next save writes, with everything else or not at all."""
