"""
An audit entry as a row of a sheet, for an auditor who has a spreadsheet program.

Cells are text that anybody may have written: none may begin as a formula does.
"""

from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING, Any, Final

from bot.core.reason import parse_reason
from bot.core.text import one_line, spoken
from bot.core.words.reasons import reason_sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    Said = Mapping[str, Any]

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001
"""What a cell begins with that spreadsheet programs calculate (OWASP, "CSV Injection")."""


def _brief(said: Said) -> Said:
    return said.get("brief") or {}


def _metrics(said: Said) -> str:
    return "; ".join(f"{name}={value}" for name, value in _brief(said).get("metrics", ()))


def _votes(said: Said) -> str:
    return "; ".join(map(_vote, said.get("votes", ())))


def _vote(vote: Said) -> str:
    role = f" for {vote['role']}" if vote.get("role") else ""
    comment = f": {vote['comment']}" if vote.get("comment") else ""
    return f"{vote['name']} ({vote['who']}){role}{comment}"


def _why(said: Said) -> str:
    if "reason" not in said:
        return ""
    return one_line(spoken(reason_sentence(parse_reason(said["reason"]))))


def _plain(name: str) -> Callable[[Said], Any]:
    return lambda said: said.get(name)


COLUMNS: Final[Mapping[str, Callable[[Said], Any]]] = {
    "time": _plain("written"),
    **{name: _plain(name) for name in ("group", "version", "kind", "move")},
    "from": _plain("source"),
    "to": _plain("target"),
    **{name: _plain(name) for name in ("who", "name", "comment")},
    "reason": lambda said: said["reason"]["code"] if "reason" in said else None,
    "why": _why,
    "votes": _votes,
    **{name: _plain(name) for name in ("veto", "override", "live_before", "live_after")},
    "submitter": lambda said: said["submitter"]["name"],
    "submitter_id": lambda said: said["submitter"]["id"],
    "brief_digest": lambda said: said.get("brief_digest") or _brief(said).get("digest"),
    "metrics": _metrics,
    "notes": lambda said: "; ".join(_brief(said).get("notes", ())),
    "artifact": lambda said: _brief(said).get("artifact"),
    **{name: _plain(name) for name in ("rule", "rule_digest", "rules_digest")},
    **{name: _plain(name) for name in ("id", "chain", "number", "before", "hash", "unreadable")},
}


def lines(entries: Iterable[Said]) -> Iterator[str]:
    """A line with the names of the columns, and a line for each of *entries*."""
    yield _line(COLUMNS)
    for said in entries:
        yield _line(_cell(said, read) for read in COLUMNS.values())


def _line(cells: Iterable[str]) -> str:
    written = StringIO(newline="")
    csv.writer(written).writerow(cells)
    return written.getvalue()


def _cell(said: Said, read: Callable[[Said], Any]) -> str:
    try:
        value = read(said)
    except (KeyError, TypeError, ValueError, AttributeError):
        return "?"  # somebody forged it: `verify` names it, and the rest is still worth reading
    if value is None or isinstance(value, bool):
        return "yes" if value else ""
    # Half a letter, as JSON can hold it, is nothing that a file could.
    text = str(value).encode(errors="backslashreplace").decode()
    return f"'{text}" if text.startswith(_FORMULA) else text
