"""
Checkpoints: once a day, the heads of all chains that grew, in one entry of a chain of their own.

Whoever changes, removes, adds or reorders an entry has to rewrite everything after it, the request
and every checkpoint since. The checkpoints themselves are vouched for by nothing but a hash that
somebody noted elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.audit.chain import CHECKPOINTS, ChainHead, Entry, append, hash_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head that a chain had on *day*."""

    day: str
    head: ChainHead


def checkpoint_entry(
    head: ChainHead, day: str, heads: Mapping[str, ChainHead], *, more: bool
) -> tuple[Entry, ChainHead]:
    """Make the entry with the *heads* of chains on *day*; *more* if the day has others after it."""
    ends = {name: [each.count, each.head] for name, each in heads.items()}
    return append(CHECKPOINTS, head, {"v": 1, "day": day, "ends": ends, "more": more})


def checkpoints_in(entries: Iterable[Entry]) -> Iterator[tuple[str, Checkpoint]]:
    """List the names of chains with their checkpoints, as the *entries* recorded them."""
    for entry in entries:
        if hash_of(entry.body) != entry.hash:
            continue  # it was changed, as `verify` says: it proves nothing about another chain
        try:
            content = entry.content
            yield from [
                (str(name), Checkpoint(str(content["day"]), ChainHead(int(count), str(head))))
                for name, (count, head) in content["ends"].items()
            ]
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
            continue  # it was never one of ours


def is_last_of_day(entry: Entry, day: str) -> bool:
    """Whether *entry* is the last checkpoint of *day*."""
    try:
        content = entry.content
    except ValueError:
        return False
    return content.get("day") == day and content.get("more") is False
