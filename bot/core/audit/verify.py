"""Verify chains of the audit trail: find the first places that show that somebody changed them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.core.audit.chain import ChainHead, Entry, hash_of
from bot.core.text import cut, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bot.core.audit.checkpoints import Checkpoint

_LONGEST: Final = 500
"""Letters of a flaw: what an entry says of itself may be anything, once it was changed."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """
    An entry, or the lack of one, that shows that somebody changed the trail.

    *number* is 0 where it is about the chain and none of its entries.
    """

    chain: str
    number: int
    what: str

    def __str__(self) -> str:
        place = f"{self.chain}, entry {self.number}" if self.number else self.chain
        return cut(one_line(f"{place}: {self.what}"), _LONGEST)


def verify(
    chain: str,
    entries: Iterable[Entry],
    head: ChainHead | None,
    checkpoints: Sequence[Checkpoint] = (),
) -> Iterator[Flaw]:
    """
    List what is wrong with *chain*, whose *entries* come by number.

    *head* is where it is recorded to end, and *checkpoints* are its heads on earlier days.
    """
    recorded = {checkpoint.head.count for checkpoint in checkpoints}
    hashes: dict[int, str] = {}
    last: Entry | None = None
    for entry in entries:
        yield from _flaws(chain, entry, last)
        if entry.number in recorded:
            hashes[entry.number] = entry.hash
        last = entry
    yield from _flaws_of_head(chain, last, head)
    yield from _flaws_of_checkpoints(chain, hashes, checkpoints)


def linked(entries: Iterable[Entry]) -> Iterator[Flaw]:
    """
    List what is wrong with *entries* of several chains, which come chain by chain, by number.

    They may be a part of a longer trail: what comes before the first of a chain is not needed.
    """
    last: Entry | None = None
    for entry in entries:
        if last is None or last.chain != entry.chain:
            last = Entry(entry.chain, entry.number - 1, "", _before(entry))
        yield from _flaws(entry.chain, entry, last)
        last = entry


def _before(entry: Entry) -> str:
    """Return the hash that *entry* gives for the one before it."""
    try:
        return str(entry.content.get("before"))
    except ValueError:
        return ""


def _flaws(chain: str, entry: Entry, last: Entry | None) -> Iterator[Flaw]:
    """List what is wrong with *entry* of *chain*, if *last* is the entry before it."""
    due = last.number + 1 if last else 1
    if entry.number > due:
        yield _missing(chain, due, entry.number - 1)
    if what := _wrong(chain, entry, last, due):
        yield Flaw(chain, entry.number, what)


def _wrong(chain: str, entry: Entry, last: Entry | None, due: int) -> str:
    """Say the first thing that is wrong with *entry* itself; empty if nothing is."""
    try:
        content = entry.content
    except ValueError:
        return "changed: it cannot be read"
    if hash_of(entry.body) != entry.hash:
        return "changed: its hash is another one"
    if (content.get("chain"), content.get("number")) != (chain, entry.number):
        origin = f"entry {content.get('number')} of {content.get('chain')}"
        return f"moved: it was written as {origin}"
    if entry.number < due:
        return f"added or moved: it comes after entry {due - 1}"
    if entry.number == due and content.get("before") not in _hashes(last):
        return "changed or added, or the one before it was: it does not follow that one"
    return ""


def _hashes(entry: Entry | None) -> tuple[str, ...]:
    """
    List the hashes by which the entry after *entry* may name it.

    If its stored hash was changed, that is a flaw of its own; the next entry, which names the true
    hash, is not to blame.
    """
    return (entry.hash, hash_of(entry.body)) if entry else ("",)


def _flaws_of_head(chain: str, last: Entry | None, head: ChainHead | None) -> Iterator[Flaw]:
    """Say what is wrong if *chain* ends with *last* and is recorded to end at *head*."""
    count = last.number if last else 0
    if head is None:
        if last:
            yield Flaw(chain, 0, "the record of where it ends is missing")
    elif head.count > count:
        yield _missing(chain, count + 1, head.count)
    elif head.count < count:
        yield Flaw(chain, head.count + 1, "added: the chain is recorded to end before it")
    elif head.head not in _hashes(last):
        yield Flaw(chain, count, "changed, or the record of where the chain ends was")


def _missing(chain: str, first: int, last: int) -> Flaw:
    return Flaw(chain, first, "missing" if first == last else f"missing, up to entry {last}")


def _flaws_of_checkpoints(
    chain: str, hashes: Mapping[int, str], checkpoints: Sequence[Checkpoint]
) -> Iterator[Flaw]:
    """Say which of *checkpoints* is the first that does not fit the chain with these *hashes*."""
    for checkpoint in sorted(checkpoints, key=lambda each: each.head.count):
        number, day = checkpoint.head.count, checkpoint.day
        if not number:
            continue  # the chain was empty
        if number not in hashes:
            yield Flaw(chain, number, f"missing, although the checkpoint of {day} names it")
            return
        if hashes[number] != checkpoint.head.head:
            yield Flaw(chain, number, f"it, or one before it, was changed after {day}")
            return
