"""
The audit trail as a chain: each entry carries the hash of the one before it.

One chain per version. Where a chain ends stands in the version's request, and once a day the
ends of all chains that grew are gathered into one entry of a chain of their own. So whoever
changes, removes, adds or reorders an entry has to rewrite everything after it, the request and
every gathering since; `verify` names the first place where that was not done. The gatherings
themselves are vouched for by nothing but a hash that somebody noted elsewhere.

Entries are numbered, never ordered by time: no clock can reorder them. What an entry says is for
`audit`; here it is text.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from bot.core.text import cut, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

CHECKPOINTS: Final = "gatherings"
"""The chain of the daily gatherings is called so, where others are called by an ARN."""
_LONGEST: Final = 500
"""Letters of a flaw: what an entry says of itself may be anything, once it was changed."""


@dataclass(frozen=True, slots=True)
class ChainHead:
    """
    Where a chain ends, and the next entry is linked to it.

    How many entries there are, and the hash of the last one.
    """

    count: int = 0
    head: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as it is stored: *body* is JSON, *hash* its SHA-256."""

    chain: str
    number: int
    body: str
    hash: str

    @property
    def said(self) -> dict[str, Any]:
        """What the entry says. Raises ValueError if somebody made it unreadable."""
        try:
            said = json.loads(self.body)
        except RecursionError as error:
            raise ValueError("an entry is nested too deep") from error
        if not isinstance(said, dict):
            raise ValueError("an entry is an object")  # noqa: TRY004 - one error for unreadable
        return said


def append(chain: str, end: ChainHead, said: Mapping[str, Any]) -> tuple[Entry, ChainHead]:
    """The entry that says *said* after *end* of *chain*, and the new end."""
    number = end.count + 1
    place = {"chain": chain, "number": number, "before": end.head}
    body = json.dumps({**said, **place}, separators=(",", ":"), sort_keys=True)
    entry = Entry(chain, number, body, _hash(body))
    return entry, ChainHead(number, entry.hash)


def _hash(body: str) -> str:
    return sha256(body.encode(errors="surrogatepass")).hexdigest()


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


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The end that a chain had when it was gathered on *day*."""

    day: str
    end: ChainHead


def verify(
    chain: str,
    entries: Iterable[Entry],
    end: ChainHead | None,
    sightings: Sequence[Checkpoint] = (),
) -> Iterator[Flaw]:
    """
    What is wrong with *chain*, whose *entries* come by number.

    *end* is where it is said to end, and *sightings* are its ends when it was gathered.
    """
    seen = {sighting.end.count for sighting in sightings}
    hashes: dict[int, str] = {}
    last: Entry | None = None
    for entry in entries:
        yield from _flaws(chain, entry, last)
        if entry.number in seen:
            hashes[entry.number] = entry.hash
        last = entry
    yield from _flaws_of_end(chain, last, end)
    yield from _unseen(chain, hashes, sightings)


def linked(entries: Iterable[Entry]) -> Iterator[Flaw]:
    """
    What is wrong with *entries* of several chains, which come chain by chain, each by number.

    They may be a part of a longer trail: what comes before the first of a chain is not asked for.
    """
    last: Entry | None = None
    for entry in entries:
        if last is None or last.chain != entry.chain:
            last = Entry(entry.chain, entry.number - 1, "", _before(entry))
        yield from _flaws(entry.chain, entry, last)
        last = entry


def _before(entry: Entry) -> str:
    """What *entry* says that the hash of the one before it is."""
    try:
        return str(entry.said.get("before"))
    except ValueError:
        return ""


def _flaws(chain: str, entry: Entry, last: Entry | None) -> Iterator[Flaw]:
    """What is wrong with *entry* of *chain*, if *last* is the entry before it."""
    due = last.number + 1 if last else 1
    if entry.number > due:
        yield _missing(chain, due, entry.number - 1)
    if what := _wrong(chain, entry, last, due):
        yield Flaw(chain, entry.number, what)


def _wrong(chain: str, entry: Entry, last: Entry | None, due: int) -> str:
    """The first thing that is wrong with *entry* itself, if anything is."""
    try:
        said = entry.said
    except ValueError:
        return "changed: it cannot be read"
    if _hash(entry.body) != entry.hash:
        return "changed: its hash is another one"
    if (said.get("chain"), said.get("number")) != (chain, entry.number):
        return f"moved: it was written as entry {said.get('number')} of {said.get('chain')}"
    if entry.number < due:
        return f"added or moved: it comes after entry {due - 1}"
    if entry.number == due and said.get("before") not in _hashes(last):
        return "changed or added, or the one before it was: it does not follow that one"
    return ""


def _hashes(entry: Entry | None) -> tuple[str, ...]:
    """
    What the entry after *entry* may call it by.

    If its hash was changed, that was said of it; the next one, which names the true hash, is
    not to blame.
    """
    return (entry.hash, _hash(entry.body)) if entry else ("",)


def _flaws_of_end(chain: str, last: Entry | None, end: ChainHead | None) -> Iterator[Flaw]:
    """What is wrong if *chain* has *last* as its last entry and is said to *end* so."""
    count = last.number if last else 0
    if end is None:
        if last:
            yield Flaw(chain, 0, "the record of where it ends is missing")
    elif end.count > count:
        yield _missing(chain, count + 1, end.count)
    elif end.count < count:
        yield Flaw(chain, end.count + 1, "added: the chain is recorded to end before it")
    elif end.head not in _hashes(last):
        yield Flaw(chain, count, "changed, or the record of where the chain ends was")


def _missing(chain: str, first: int, last: int) -> Flaw:
    return Flaw(chain, first, "missing" if first == last else f"missing, up to entry {last}")


def _unseen(
    chain: str, hashes: Mapping[int, str], sightings: Sequence[Checkpoint]
) -> Iterator[Flaw]:
    """The first of *sightings* that is not of a chain with these *hashes*, by number."""
    for sighting in sorted(sightings, key=lambda each: each.end.count):
        number, day = sighting.end.count, sighting.day
        if not number:
            continue  # there was nothing to see yet
        if number not in hashes:
            yield Flaw(chain, number, f"missing, although it was gathered on {day}")
            return
        if hashes[number] != sighting.end.head:
            yield Flaw(chain, number, f"it, or one before it, was changed after {day}")
            return


def checkpoint_entry(
    end: ChainHead, day: str, ends: Mapping[str, ChainHead], *, more: bool
) -> tuple[Entry, ChainHead]:
    """The entry that gathers *ends* of chains on *day*; *more* if the day has others after it."""
    said = {name: [link.count, link.head] for name, link in ends.items()}
    return append(CHECKPOINTS, end, {"v": 1, "day": day, "ends": said, "more": more})


def checkpoints_in(entries: Iterable[Entry]) -> Iterator[tuple[str, Checkpoint]]:
    """The chains that the *entries* of gatherings saw, as they saw them."""
    for entry in entries:
        if _hash(entry.body) != entry.hash:
            continue  # it was changed, as `verify` says: it is no witness against another chain
        try:
            said = entry.said
            yield from [
                (str(name), Checkpoint(str(said["day"]), ChainHead(int(count), str(head))))
                for name, (count, head) in said["ends"].items()
            ]
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
            continue  # it was never one of ours


def is_last_of_day(entry: Entry, day: str) -> bool:
    """Whether *entry* is the last gathering of *day*."""
    try:
        said = entry.said
    except ValueError:
        return False
    return said.get("day") == day and said.get("more") is False
