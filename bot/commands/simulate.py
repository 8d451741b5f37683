"""`python -m bot rules simulate`: what of the past would have gone another way under a file."""

# ruff: noqa: T201 - this prints to a terminal
from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bot.adapters.rules import load
from bot.commands import people
from bot.core.audit.entries import EntryKind
from bot.core.audit.replay.findings import Ending
from bot.core.audit.replay.past import parse_entry
from bot.core.audit.replay.replay import replay
from bot.core.errors import Malformed, Misconfigured
from bot.core.text import count_of, one_line
from bot.core.words.findings import finding_line
from bot.core.words.reasons import check_reason

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator

    from bot.commands.people import KnownGroups
    from bot.core.audit.replay.past import PastEntry
    from bot.core.rules.rule import Rules

_LEFT_OUT: Final = "who is in a user group is known as far as the export or --members say it"


def add_to(commands: Any) -> None:
    """Add this command to *commands*."""
    parser = commands.add_parser("simulate", help="try a rules file on past decisions")
    help_ = "past decisions: what `audit export` wrote as jsonl"
    parser.add_argument("export", type=Path, metavar="EXPORT.jsonl", help=help_)
    people.add_options(parser)
    parser.set_defaults(run=run)


def run(arguments: Namespace) -> int:
    """
    Print what would have gone another way; return 1 if anything would.

    Raises Misconfigured for bad files, and Malformed for a line that is no entry.
    """
    rules = load(arguments.file)
    today = _members_today(rules, people.known_groups(arguments.members, _LEFT_OUT))
    counts: Counter[EntryKind | Ending] = Counter()
    for finding in replay(_entries(arguments.export), rules, today):
        counts.update([finding.entry.kind, finding.ending])
        if finding.ending is not Ending.SAME:
            print(finding_line(finding))
    print(_summary(counts))
    return 1 if counts[Ending.OTHER] else 0


def _members_today(rules: Rules, known: KnownGroups) -> dict[str, frozenset[str]]:
    """Who is in each user group that *rules* name, as far as it is known."""
    groups = [group for rule in rules.rules for group in rule.everybody.user_groups]
    members = known.members(groups)
    return {group: each for group, each in members.items() if isinstance(each, frozenset)}


def _summary(counts: Counter[EntryKind | Ending]) -> str:
    decisions = count_of(counts[EntryKind.DECISION], "decision")
    refusals = count_of(counts[EntryKind.REFUSAL], "refusal")
    other, unknown = counts[Ending.OTHER], counts[Ending.UNKNOWN]
    replayed = f"{decisions} and {refusals} replayed: {other} would have gone another way."
    return f"{replayed} For {unknown} it cannot be told." if unknown else replayed


def _entries(path: Path) -> Iterator[PastEntry]:
    """Read the entries in the file at *path*, one by one, those of a version in their order."""
    newest: dict[str, int] = {}
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    place = f"{path}, line {number}"
                    entry = _entry(line, place)
                    _check_order(entry, newest.get(entry.chain, 0), place)
                    newest[entry.chain] = entry.number
                    yield entry
    except OSError as error:
        raise Misconfigured(f"{path}: cannot be read: {error}") from error


def _check_order(entry: PastEntry, newest: int, place: str) -> None:
    """Check that *entry* comes after entry *newest* of its chain. Raises Malformed."""
    if entry.number <= newest:
        which = f"entry {entry.number} of {entry.chain} comes after entry {newest}"
        order = "an export has the entries of a version in their order, each once"
        raise Malformed(one_line(f"{place}: {which}: {order}"))


def _entry(line: bytes, place: str) -> PastEntry:
    try:
        content = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise Malformed(f"{place}: this is no JSON: {error}") from error
    if not isinstance(content, dict):
        raise Malformed(f"{place}: this is no entry: a JSON object is expected")
    try:
        entry = parse_entry(content)
        _check_reason(entry)
    except ValueError as error:
        raise Malformed(f"{place}: this is no entry: {error}") from error
    return entry


def _check_reason(entry: PastEntry) -> None:
    """Raise ValueError if a finding about *entry* could not say its reason."""
    if entry.reason is None:
        return
    try:
        check_reason(entry.reason)
    except ValueError as error:
        raise ValueError(f"`reason` {error}") from error
