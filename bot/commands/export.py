"""`python -m bot audit export`: what the audit trail says, as a file for an auditor."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentTypeError
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bot.commands import csv_export, output, trail
from bot.commands.progress import Progress
from bot.core.audit.chain import CHECKPOINTS, Entry
from bot.core.errors import Misconfigured
from bot.core.rules.patterns import matches
from bot.core.text import many

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from bot.flows.ports import Ledger

    Said = Mapping[str, Any]


def add_to(commands: Any) -> None:
    """Add this command to *commands*."""
    parser = commands.add_parser(
        "export", help="write what the audit trail says, version by version"
    )
    day = {"type": _day, "metavar": "YYYY-MM-DD"}
    parser.add_argument("--from", dest="first", help="nothing written before this day (UTC)", **day)
    parser.add_argument("--to", dest="last", help="nothing written after this day (UTC)", **day)
    said = "only groups whose name matches, such as fraud-*"
    parser.add_argument("--group", metavar="PATTERN", default="*", help=said)
    said = "JSON, one entry a line, or a sheet (default: jsonl)"
    parser.add_argument("--format", choices=FORMATS, default="jsonl", help=said)
    said = "the file to write (default: stdout)"
    parser.add_argument("--output", metavar="FILE", type=Path, help=said)
    parser.set_defaults(run=run)


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise ArgumentTypeError(f"{text!r} is no day: write it as 2026-03-31")
    return day


def run(arguments: Namespace) -> int:
    """Write the entries; 1 if some of them cannot be read. Raises Misconfigured."""
    wanted = Wanted(arguments.first or date.min, arguments.last or date.max, arguments.group)
    if wanted.first > wanted.last:
        raise Misconfigured(f"--from {wanted.first} is after --to {wanted.last}.")
    to = output.whole(arguments.output) if arguments.output else output.stdout()
    with trail.opened() as ledger, to as file, Progress(live=_live(arguments)) as progress:
        export = Export(ledger, wanted, progress)
        file.writelines(FORMATS[arguments.format](export.entries()))
    if export.unreadable:
        said = f"{many(export.unreadable, 'entry')} cannot be read; `audit verify` says more."
        print(said, file=sys.stderr)  # noqa: T201 - this is where a terminal reads
    return 1 if export.unreadable else 0


def _live(arguments: Namespace) -> bool:
    """Entries and progress must not be written over each other."""
    return sys.stderr.isatty() and bool(arguments.output or not sys.stdout.isatty())


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries: written on which days, the first and the last as well, of which groups."""

    first: date
    last: date
    group: str

    def __contains__(self, said: Said) -> bool:
        """Whether an entry is wanted; also if it does not tell, for then it might be the one."""
        try:
            day = datetime.fromisoformat(said["written"]).astimezone(UTC).date()
            return self.first <= day <= self.last and matches(self.group, said["group"])
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
            return True


class Export:
    """The entries of all versions in *ledger*, one after the other; none is kept."""

    def __init__(self, ledger: Ledger, wanted: Wanted, progress: Progress) -> None:
        self._ledger = ledger
        self._wanted = wanted
        self._progress = progress
        self.unreadable = 0

    def entries(self) -> Iterator[Said]:
        """What each entry says, with its hash."""
        names = sorted({*self._ledger.chains()} - {CHECKPOINTS})
        written = 0
        for done, name in enumerate(names):
            self._progress.tell(done, len(names), written)
            for said in filter(self._wanted.__contains__, map(_said, self._ledger.entries(name))):
                written += 1
                self.unreadable += "unreadable" in said
                yield said
        self._progress.tell(len(names), len(names), written)


def _said(entry: Entry) -> Said:
    try:
        return {**entry.said, "hash": entry.hash}
    except ValueError:
        place = {"chain": entry.chain, "number": entry.number, "hash": entry.hash}
        return {**place, "body": entry.body, "unreadable": True}


def _lines(entries: Iterable[Said]) -> Iterator[str]:
    """
    A line of JSON for each of *entries*.

    It is written as the entry was hashed: without its `hash`, a line has that SHA-256.
    """
    for said in entries:
        yield json.dumps(said, separators=(",", ":"), sort_keys=True) + "\n"


def exported(path: Path) -> Iterator[Entry]:
    """The entries in the export at *path*, as they were hashed. Raises Misconfigured."""
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                yield _entry(line, f"{path}, line {number}")
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured(f"{path}: cannot be read: {error}") from error


def _entry(line: str, where: str) -> Entry:
    try:
        said = json.loads(line)
        hash_, unreadable = said.pop("hash"), said.pop("unreadable", False)
        body = (
            said["body"] if unreadable else json.dumps(said, separators=(",", ":"), sort_keys=True)
        )
        return Entry(str(said["chain"]), int(said["number"]), str(body), str(hash_))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Misconfigured(f"{where}: this is no entry of an export: {error}") from error


FORMATS: Final[Mapping[str, Callable[[Iterable[Said]], Iterator[str]]]] = {
    "jsonl": _lines,
    "csv": csv_export.lines,
}
