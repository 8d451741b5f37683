"""`python -m bot rules simulate`: what of the past would have gone another way under a file."""

# ruff: noqa: T201 - this is what a terminal reads
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
from bot.core.text import many

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator

    from bot.commands.people import Known
    from bot.core.audit.replay.past import Past
    from bot.core.rules.rule import Rules

_LEFT_OUT: Final = "who is in a user group is known as far as the export or --members say it"


def add_to(commands: Any) -> None:
    """Add this command to *commands*."""
    parser = commands.add_parser("simulate", help="try a rules file on past decisions")
    said = "past decisions: what `audit export` wrote as jsonl"
    parser.add_argument("export", type=Path, metavar="EXPORT.jsonl", help=said)
    people.add_options(parser)
    parser.set_defaults(run=run)


def run(arguments: Namespace) -> int:
    """
    Print what would have gone another way; 1 if anything would.

    Raises Misconfigured for bad files, and Malformed for a line that is no entry.
    """
    rules = load(arguments.file)
    today = _today(rules, people.known(arguments.members, _LEFT_OUT))
    counts: Counter[EntryKind | Ending] = Counter()
    for finding in replay(_entries(arguments.export), rules, today):
        counts.update([finding.past.kind, finding.ending])
        if finding.ending is not Ending.SAME:
            print(finding)
    print(_summary(counts))
    return 1 if counts[Ending.OTHER] else 0


def _today(rules: Rules, known: Known) -> dict[str, frozenset[str]]:
    """Who is in each user group that *rules* name, as far as it is known."""
    named = [group for rule in rules.rules for group in rule.everybody.user_groups]
    members = known.members(named)
    return {group: each for group, each in members.items() if isinstance(each, frozenset)}


def _summary(counts: Counter[EntryKind | Ending]) -> str:
    decisions = many(counts[EntryKind.DECISION], "decision")
    refusals = many(counts[EntryKind.REFUSAL], "refusal")
    other, untold = counts[Ending.OTHER], counts[Ending.UNTOLD]
    said = f"{decisions} and {refusals} replayed: {other} would have gone another way."
    return f"{said} For {untold} it cannot be told." if untold else said


def _entries(path: Path) -> Iterator[Past]:
    """The entries in the file at *path*, one by one."""
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield _entry(line, f"{path}, line {number}")
    except OSError as error:
        raise Misconfigured(f"{path}: cannot be read: {error}") from error


def _entry(line: bytes, where: str) -> Past:
    try:
        said = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise Malformed(f"{where}: this is no JSON: {error}") from error
    if not isinstance(said, dict):
        raise Malformed(f"{where}: this is no entry: a JSON object is expected")
    try:
        return parse_entry(said)
    except ValueError as error:
        raise Malformed(f"{where}: this is no entry: {error}") from error
