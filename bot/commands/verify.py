"""`python -m bot audit verify`: whether somebody changed, removed, added or reordered an entry."""

# ruff: noqa: T201 - this is what a terminal reads
from __future__ import annotations

import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.commands import trail
from bot.commands.export import exported
from bot.commands.progress import Progress
from bot.core.audit import chain
from bot.core.audit.chain import CHECKPOINTS, Flaw
from bot.core.text import many

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable, Iterator, Sequence

    from bot.core.audit.chain import Checkpoint, Entry
    from bot.flows.ports import Ledger


def add_to(commands: Any) -> None:
    """Add this command to *commands*."""
    parser = commands.add_parser("verify", help="find what somebody did to the audit trail")
    said = "the hash of a gathering, noted earlier: it must still be there"
    parser.add_argument("--head", metavar="HASH", default="", help=said)
    said = "an export to verify in place of the table (jsonl)"
    parser.add_argument("--file", metavar="FILE", type=Path, help=said)
    parser.set_defaults(run=run)


def run(arguments: Namespace) -> int:
    """Print every flaw; 1 if there is any. Raises Misconfigured."""
    if arguments.file:
        return _run_on_file(arguments.file)
    read = Read(head=arguments.head.strip().lower())
    found = 0
    with trail.opened() as ledger, Progress(live=_live()) as progress:
        for flaw in flaws(ledger, read, progress):
            print(flaw)
            found += 1
    if not found:
        print(f"{_holds(str(read), read.entries)} {read.last_gathering}")
    else:
        print(f"{many(found, 'flaw')} in {read}. {read.last_gathering}", file=sys.stderr)
    return 1 if found else 0


def _run_on_file(path: Path) -> int:
    """The same for an export: each entry by its hash, and by the one before it in the file."""
    entries, found = _Counted(exported(path)), 0
    for flaw in chain.linked(entries):
        print(flaw)
        found += 1
    said = many(entries.count, "entry")
    print(f"{many(found, 'flaw')} in {said}." if found else _holds(said, entries.count))
    return 1 if found else 0


def _holds(what: str, entries: int) -> str:
    return f"{what} hold{'s' if entries == 1 else ''} together."


def _live() -> bool:
    """Flaws and progress must not be written over each other."""
    return sys.stderr.isatty() and not sys.stdout.isatty()


@dataclass(slots=True)
class Read:
    """What was read so far, and the *head* that has to be among it."""

    head: str = ""
    entries: int = 0
    chains: int = 0
    last: Entry | None = None
    """The newest gathering."""

    def __str__(self) -> str:
        return f"{many(self.entries, 'entry')} in {many(self.chains, 'chain')}"

    @property
    def last_gathering(self) -> str:
        """When what is vouched for was last gathered, and the hash that vouches for it."""
        if self.last is None:
            return "Nothing was gathered yet."
        try:
            day = self.last.said.get("day")
        except ValueError:
            day = "a day that cannot be read"
        return f"Last gathering: {day}, {self.last.hash}"


def flaws(ledger: Ledger, read: Read, progress: Progress) -> Iterator[Flaw]:
    """
    Everything that is wrong with the trail in *ledger*; *read* counts what there is of it.

    The gatherings are read first: what they saw is in its place when the chains are read,
    however these grow meanwhile.
    """
    yield from _of_chain(ledger, CHECKPOINTS, (), read)
    sightings, noted = _gathered(ledger, read)
    if not noted:
        yield Flaw(CHECKPOINTS, 0, f"none has the hash {read.head}, which was noted")
    names = sorted({*ledger.chains(), *sightings} - {CHECKPOINTS})
    for done, name in enumerate(names):
        progress.tell(done, len(names), read.entries)
        yield from _of_chain(ledger, name, sightings.get(name, ()), read)
    progress.tell(len(names), len(names), read.entries)


def _of_chain(
    ledger: Ledger, name: str, sightings: Sequence[Checkpoint], read: Read
) -> Iterator[Flaw]:
    """What is wrong with one chain. If it grew while it was read, it is read again."""
    end, grew = ledger.chain_head(name), True
    while grew:
        entries = _Counted(ledger.entries(name))
        found = list(chain.verify(name, entries, end, sightings))
        before, end = end, ledger.chain_head(name)
        grew = bool(found) and end != before
    read.entries += entries.count
    read.chains += 1 if entries.count else 0
    yield from found


def _gathered(ledger: Ledger, read: Read) -> tuple[dict[str, list[Checkpoint]], bool]:
    """What the gatherings saw, by chain; and whether the head that was noted is among them."""
    seen: dict[str, list[Checkpoint]] = defaultdict(list)
    noted = not read.head
    for entry in ledger.entries(CHECKPOINTS):
        read.last = entry
        noted = noted or entry.hash == read.head
        for name, sighting in chain.checkpoints_in([entry]):
            seen[name].append(sighting)
    return seen, noted


class _Counted:
    """*entries*, and how many there were."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries = entries
        self.count = 0

    def __iter__(self) -> Iterator[Entry]:
        for entry in self._entries:
            self.count += 1
            yield entry
