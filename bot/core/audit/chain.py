"""
The audit trail as a chain: each entry holds the hash of the one before it.

There is one chain per version. Where it ends is recorded with the version's request, and once a
day in a checkpoint (`bot.core.audit.checkpoints`). Entries are numbered, never ordered by time, so
no clock can reorder them. What an entry says is for `bot.core.audit.entries`; here it is text.
Whether a chain was tampered with is for `bot.core.audit.verify`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

CHECKPOINTS: Final = "checkpoints"
"""The name of the chain of checkpoints; other chains are named by an ARN."""


@dataclass(frozen=True, slots=True)
class ChainHead:
    """Where a chain ends: how many entries there are, and the hash of the last one."""

    count: int = 0
    head: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as it is stored: *body* is JSON, *hash* its SHA-256 in hex digits."""

    chain: str
    number: int
    body: str
    hash: str

    @property
    def content(self) -> dict[str, Any]:
        """What the entry says. Raises ValueError if somebody made it unreadable."""
        try:
            content = json.loads(self.body)
        except RecursionError as error:
            raise ValueError("an entry is nested too deep") from error
        if not isinstance(content, dict):
            raise ValueError("an entry is an object")  # noqa: TRY004 - one error for unreadable
        return content


def append(chain: str, head: ChainHead, content: Mapping[str, Any]) -> tuple[Entry, ChainHead]:
    """Make the entry that says *content* after *head* of *chain*; return it and the new head."""
    number = head.count + 1
    position = {"chain": chain, "number": number, "before": head.head}
    body = json.dumps({**content, **position}, separators=(",", ":"), sort_keys=True)
    entry = Entry(chain, number, body, hash_of(body))
    return entry, ChainHead(number, entry.hash)


def hash_of(body: str) -> str:
    """Hash the body of an entry: SHA-256, in hex digits."""
    return sha256(body.encode(errors="surrogatepass")).hexdigest()
