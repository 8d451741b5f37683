"""`python -m bot audit verify`: whether an entry was changed, removed, added or reordered."""

# ruff: noqa: T201 - this is what a terminal reads
from __future__ import annotations

import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bot.commands import trail
from bot.commands.export import read_export
from bot.commands.progress import Progress
from bot.core.audit.chain import CHECKPOINTS
from bot.core.audit.checkpoints import checkpoints_in
from bot.core.audit.verify import Flaw, linked, verify
from bot.core.errors import Misconfigured
from bot.core.text import count_of

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable, Iterator, Sequence

    from bot.core.audit.chain import Entry
    from bot.core.audit.checkpoints import Checkpoint
    from bot.flows.ports import Ledger

_NO_CHECKPOINTS: Final = (
    "--head names a checkpoint, and an export has none: leave out --file or --head."
)


def add_to(commands: Any) -> None:
    """Add this command to *commands*."""
    parser = commands.add_parser("verify", help="find what somebody did to the audit trail")
    text = "the hash of a checkpoint, noted earlier: it must still be there"
    parser.add_argument("--head", metavar="HASH", default="", help=text)
    text = "an export to verify in place of the table (jsonl)"
    parser.add_argument("--file", metavar="FILE", type=Path, help=text)
    parser.set_defaults(run=run)


def run(arguments: Namespace) -> int:
    """Print every flaw; 1 if there is any. Raises Misconfigured."""
    if arguments.file and arguments.head:
        raise Misconfigured(_NO_CHECKPOINTS)
    if arguments.file:
        return _verify_file(arguments.file)
    report, count = Report(head=arguments.head.strip().lower()), 0
    with trail.open_ledger() as ledger, Progress(live=_is_live()) as progress:
        for flaw in find_flaws(ledger, report, progress):
            print(flaw)
            count += 1
    if not report.entries and not count:
        print(_nothing_in("the table"))  # as after the first deploy
    elif not count:
        print(f"{_holds_together(str(report), report.entries)} {report.last_checkpoint}")
    else:
        print(f"{count_of(count, 'flaw')} in {report}. {report.last_checkpoint}", file=sys.stderr)
    return 1 if count else 0


def _verify_file(path: Path) -> int:
    """Do the same for an export: each entry by its hash, and by the one before it in the file."""
    entries, count = _Counted(read_export(path)), 0
    for flaw in linked(entries):
        print(flaw)
        count += 1
    if not entries.count:
        print(_nothing_in(str(path)))
        return 1
    total = count_of(entries.count, "entry")
    verdict = _holds_together(total, entries.count)
    print(f"{count_of(count, 'flaw')} in {total}." if count else verdict)
    return 1 if count else 0


def _nothing_in(place: str) -> str:
    return f"There is nothing to verify: {place} has no entries."


def _holds_together(subject: str, entries: int) -> str:
    return f"{subject} hold{'s' if entries == 1 else ''} together."


def _is_live() -> bool:
    """Return whether progress may rewrite its line: not where flaws go to the same terminal."""
    return sys.stderr.isatty() and not sys.stdout.isatty()


@dataclass(slots=True)
class Report:
    """What was read so far, and the *head* that must be among the checkpoints."""

    head: str = ""
    entries: int = 0
    chains: int = 0
    newest: Entry | None = None
    """The newest checkpoint."""

    def __str__(self) -> str:
        return f"{count_of(self.entries, 'entry')} in {count_of(self.chains, 'chain')}"

    @property
    def last_checkpoint(self) -> str:
        """The day of the newest checkpoint, and its hash, which vouches for all before it."""
        if self.newest is None:
            return "There is no checkpoint yet."
        try:
            day = self.newest.content.get("day")
        except ValueError:
            day = "a day that cannot be read"
        return f"Last checkpoint: {day}, {self.newest.hash}"


def find_flaws(ledger: Ledger, report: Report, progress: Progress) -> Iterator[Flaw]:
    """
    Find everything that is wrong with the trail in *ledger*; *report* counts what there is of it.

    The checkpoints are read first: what they recorded is in its place when the chains are read,
    however these grow meanwhile.
    """
    yield from _flaws_of_chain(ledger, CHECKPOINTS, (), report)
    checkpoints, is_noted = _read_checkpoints(ledger, report)
    if not is_noted:
        yield Flaw(CHECKPOINTS, 0, f"none has the hash {report.head}, which was noted")
    names = sorted({*ledger.chains(), *checkpoints} - {CHECKPOINTS})
    for done, name in enumerate(names):
        progress.show(done, len(names), report.entries)
        yield from _flaws_of_chain(ledger, name, checkpoints.get(name, ()), report)
    progress.show(len(names), len(names), report.entries)


def _flaws_of_chain(
    ledger: Ledger, name: str, checkpoints: Sequence[Checkpoint], report: Report
) -> Iterator[Flaw]:
    """Find what is wrong with one chain. If it grew while it was read, it is read again."""
    end, grew = ledger.chain_head(name), True
    while grew:
        entries = _Counted(ledger.entries(name))
        flaws = list(verify(name, entries, end, checkpoints))
        before, end = end, ledger.chain_head(name)
        grew = bool(flaws) and end != before
    report.entries += entries.count
    report.chains += 1 if entries.count else 0
    yield from flaws


def _read_checkpoints(ledger: Ledger, report: Report) -> tuple[dict[str, list[Checkpoint]], bool]:
    """Return the checkpoints of each chain; and whether the head that was noted is among them."""
    checkpoints: dict[str, list[Checkpoint]] = defaultdict(list)
    is_noted = not report.head
    for entry in ledger.entries(CHECKPOINTS):
        report.newest = entry
        is_noted = is_noted or entry.hash == report.head
        for name, checkpoint in checkpoints_in([entry]):
            checkpoints[name].append(checkpoint)
    return checkpoints, is_noted


class _Counted:
    """*entries*, and how many there were."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries = entries
        self.count = 0

    def __iter__(self) -> Iterator[Entry]:
        for entry in self._entries:
            self.count += 1
            yield entry
