"""
Audit entries as CSV, for an auditor who has a spreadsheet program.

Cells are text that anybody may have written: none may begin like a formula.
"""

from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING, Any, Final

from bot.core.reason import parse_reason
from bot.core.text import one_line, plain_text
from bot.core.words.reasons import reason_sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    Fields = Mapping[str, Any]

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001
"""The beginnings of a cell that spreadsheet programs calculate (OWASP, "CSV Injection")."""


def _brief(fields: Fields) -> Fields:
    return fields.get("brief") or {}


def _metrics(fields: Fields) -> str:
    return "; ".join(f"{name}={value}" for name, value in _brief(fields).get("metrics", ()))


def _note(note: Fields) -> str:
    """Write a note as its code, with what it is about."""
    return " ".join(str(part) for part in (note["code"], note["report"], note["count"]) if part)


def _votes(fields: Fields) -> str:
    return "; ".join(map(_vote, fields.get("votes", ())))


def _vote(vote: Fields) -> str:
    role = f" for {vote['role']}" if vote.get("role") else ""
    comment = f": {vote['comment']}" if vote.get("comment") else ""
    return f"{vote['name']} ({vote['who']}){role}{comment}"


def _reason_code(fields: Fields) -> Any:
    return fields["reason"]["code"] if "reason" in fields else None


def _reason_text(fields: Fields) -> str:
    if "reason" not in fields:
        return ""
    return one_line(plain_text(reason_sentence(parse_reason(fields["reason"]))))


def _submitter_ids(fields: Fields) -> str:
    submitter = fields["submitter"]
    return "; ".join(filter(None, [submitter["id"], *submitter.get("others", ())]))


def _field(name: str) -> Callable[[Fields], Any]:
    return lambda fields: fields.get(name)


_CHANGE: Final = ("veto", "override", "next_to_deploy_before", "next_to_deploy_after")
COLUMNS: Final[Mapping[str, Callable[[Fields], Any]]] = {
    "time": _field("written"),
    **{name: _field(name) for name in ("group", "version", "kind", "move")},
    "from": _field("source"),
    "to": _field("target"),
    **{name: _field(name) for name in ("who", "name", "comment")},
    "reason": _reason_code,
    "why": _reason_text,
    "votes": _votes,
    **{name: _field(name) for name in _CHANGE},
    "submitter": lambda fields: fields["submitter"]["name"],
    "submitter_id": _submitter_ids,
    "brief_digest": lambda fields: fields.get("brief_digest") or _brief(fields).get("digest"),
    "metrics": _metrics,
    "notes": lambda fields: "; ".join(map(_note, _brief(fields).get("notes", ()))),
    "artifact": lambda fields: _brief(fields).get("artifact"),
    **{name: _field(name) for name in ("rule", "rule_digest", "rules_digest")},
    **{name: _field(name) for name in ("id", "chain", "number", "before", "hash", "unreadable")},
}
"""What each column shows of an entry's fields."""


def csv_lines(entries: Iterable[Fields]) -> Iterator[str]:
    """Return a line with the names of the columns, and a line for each of *entries*."""
    yield _line(COLUMNS)
    for fields in entries:
        yield _line(_cell(fields, read) for read in COLUMNS.values())


def _line(cells: Iterable[str]) -> str:
    text = StringIO(newline="")
    csv.writer(text).writerow(cells)
    return text.getvalue()


def _cell(fields: Fields, read: Callable[[Fields], Any]) -> str:
    try:
        value = read(fields)
    except (KeyError, TypeError, ValueError, AttributeError):
        return "?"  # somebody forged it: `verify` names it, and the rest is still worth reading
    if value is None or isinstance(value, bool):
        return "yes" if value else ""
    # JSON can hold half of a surrogate pair; no file in UTF-8 can.
    text = str(value).encode(errors="backslashreplace").decode()
    return f"'{text}" if text.startswith(_FORMULA) else text
