"""`python -m bot audit export`: the audit trail as a file for an auditor."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentTypeError
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from bot.commands import output, trail
from bot.commands.csv_export import csv_lines
from bot.commands.progress import Progress
from bot.core.audit.chain import CHECKPOINTS, Entry
from bot.core.errors import Misconfigured
from bot.core.rules.patterns import matches
from bot.core.text import count_of

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from bot.flows.ports import Ledger

    Fields = Mapping[str, Any]

_Kind = TypeVar("_Kind", str, int)


def add_to(commands: Any) -> None:
    """Add this command to *commands*."""
    parser = commands.add_parser(
        "export", help="write what the audit trail says, version by version"
    )
    day = {"type": _day, "metavar": "YYYY-MM-DD"}
    parser.add_argument("--from", dest="first", help="nothing written before this day (UTC)", **day)
    parser.add_argument("--to", dest="last", help="nothing written after this day (UTC)", **day)
    text = "only groups whose name matches, such as fraud-*"
    parser.add_argument("--group", metavar="PATTERN", default="*", help=text)
    text = "JSON, one entry a line, or CSV for a spreadsheet (default: jsonl)"
    parser.add_argument("--format", choices=FORMATS, default="jsonl", help=text)
    text = "the file to write (default: stdout)"
    parser.add_argument("--output", metavar="FILE", type=Path, help=text)
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
    selection = Selection(arguments.first or date.min, arguments.last or date.max, arguments.group)
    if selection.first > selection.last:
        raise Misconfigured(f"--from {selection.first} is after --to {selection.last}.")
    target = output.atomic_file(arguments.output) if arguments.output else output.stdout()
    live = _is_live(arguments)
    with trail.open_ledger() as ledger, target as file, Progress(live=live) as progress:
        export = Export(ledger, selection, progress)
        file.writelines(FORMATS[arguments.format](export.entries()))
    if export.unreadable:
        text = f"{count_of(export.unreadable, 'entry')} cannot be read; `audit verify` says more."
        print(text, file=sys.stderr)  # noqa: T201 - this is where a terminal reads
    return 1 if export.unreadable else 0


def _is_live(arguments: Namespace) -> bool:
    """Return whether progress may rewrite its line: not where entries go to the same terminal."""
    return sys.stderr.isatty() and bool(arguments.output or not sys.stdout.isatty())


@dataclass(frozen=True, slots=True)
class Selection:
    """Which entries: written from *first* to *last*, of groups that match the pattern *group*."""

    first: date
    last: date
    group: str

    def __contains__(self, fields: Fields) -> bool:
        """Return whether an entry is selected; one that does not say when or of what, always is."""
        try:
            day = datetime.fromisoformat(fields["written"]).astimezone(UTC).date()
            return self.first <= day <= self.last and matches(self.group, fields["group"])
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
            return True


class Export:
    """The selected entries of all versions in *ledger*, one after the other; none is kept."""

    def __init__(self, ledger: Ledger, selection: Selection, progress: Progress) -> None:
        self._ledger = ledger
        self._selection = selection
        self._progress = progress
        self.unreadable = 0
        """How many entries could not be read so far."""

    def entries(self) -> Iterator[Fields]:
        """Return the fields of each entry."""
        names = sorted({*self._ledger.chains()} - {CHECKPOINTS})
        written = 0
        for done, name in enumerate(names):
            self._progress.show(done, len(names), written)
            for fields in map(_fields, self._ledger.entries(name)):
                if fields in self._selection:
                    written += 1
                    self.unreadable += "unreadable" in fields
                    yield fields
        self._progress.show(len(names), len(names), written)


def _fields(entry: Entry) -> Fields:
    """Return what *entry* says, with its hash; if it cannot be read, what is stored of it."""
    try:
        return {**entry.content, "hash": entry.hash}
    except ValueError:
        position = {"chain": entry.chain, "number": entry.number, "hash": entry.hash}
        return {**position, "body": entry.body, "unreadable": True}


def _json_lines(entries: Iterable[Fields]) -> Iterator[str]:
    """
    Return a line of JSON for each of *entries*.

    It is written as the entry was hashed: without its `hash`, a line has that SHA-256.
    """
    for fields in entries:
        yield _json(fields) + "\n"


def _json(fields: Fields) -> str:
    return json.dumps(fields, separators=(",", ":"), sort_keys=True)


def read_export(path: Path) -> Iterator[Entry]:
    """Read the entries of the export (jsonl) at *path*, as hashed. Raises Misconfigured."""
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                yield _parse(line, f"{path}, line {number}")
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured(f"{path}: cannot be read: {error}") from error


def _parse(line: str, position: str) -> Entry:
    try:
        return _entry(json.loads(line))
    except (ValueError, RecursionError) as error:
        raise Misconfigured(f"{position}: this is no entry of an export: {error}") from error


def _entry(fields: Any) -> Entry:
    """Make the entry that a line of an export has. Raises ValueError."""
    if not isinstance(fields, dict):
        raise ValueError("a JSON object is expected")  # noqa: TRY004 - one error for unreadable
    hash_, unreadable = _field(fields, "hash", str), fields.get("unreadable", False)
    rest = {name: value for name, value in fields.items() if name not in {"hash", "unreadable"}}
    body = _field(fields, "body", str) if unreadable else _json(rest)
    return Entry(_field(fields, "chain", str), _field(fields, "number", int), body, hash_)


def _field(fields: Fields, name: str, kind: type[_Kind]) -> _Kind:
    value = fields.get(name)
    if not isinstance(value, kind) or isinstance(value, bool):
        what = "text" if kind is str else "whole number"
        raise ValueError(f"`{name}` is no {what}")  # noqa: TRY004 - one error for unreadable
    return value


FORMATS: Final[Mapping[str, Callable[[Iterable[Fields]], Iterator[str]]]] = {
    "jsonl": _json_lines,
    "csv": csv_lines,
}
