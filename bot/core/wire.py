"""
How values are written where they leave the process, and read again: JSON, checked by msgspec.

Whatever is stored or sent (rows, queue messages, buttons, forms) is one object of JSON with the
version of its format in `v`. Dataclasses say which fields it has and of what types; field names
and the values of enumerations are the format, names of classes are not. Values in, values out: the
only file of the core that knows msgspec (infra/adr/0017).

Fields may be added without a new version of the format: what is unknown is ignored, and what is
missing has its default. A code that is not among ours can only come from a newer version of the
bot, which was rolled back or is being deployed, or from somebody's hand: NewerFormat.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeVar

import msgspec

from bot.core.errors import Malformed, NewerFormat

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

T = TypeVar("T")

FORMAT: Final = 1
"""Grows when an older reader must not read what is written. Then a reader of both goes first."""
VERSION_FIELD: Final = "v"
NON_EMPTY: Final = msgspec.Meta(min_length=1)
"""Annotates a type whose values must not be empty."""
NonEmpty = Annotated[str, NON_EMPTY]
"""Text with something in it."""
AwareDatetime = Annotated[datetime, msgspec.Meta(tz=True)]
"""A time that says its time zone."""
_HALVES: Final = re.compile("[\ud800-\udfff]")
_UNKNOWN_CODE: Final = "Invalid enum value"
"""How msgspec's message begins for a value that is not of the enumeration."""
_NOTHING: Final[Mapping[str, Any]] = {}


def encode(value: Any, *, omit: Collection[str] = (), extra: Mapping[str, Any] = _NOTHING) -> str:
    """Write the dataclass *value* as JSON in ASCII, of the object that `to_raw` makes."""
    raw = to_raw(value, omit=omit, extra=extra)
    return json.dumps(raw, separators=(",", ":"), default=datetime.isoformat)


def to_raw(
    value: Any, *, omit: Collection[str] = (), extra: Mapping[str, Any] = _NOTHING
) -> dict[str, Any]:
    """
    Make the object that the dataclass *value* is written as, with the version of the format.

    Without its fields *omit*, and with *extra* fields that the dataclass does not have.
    """
    fields = {name: field for name, field in asdict(value).items() if name not in omit}
    return {VERSION_FIELD: FORMAT, **extra, **fields}


def digest(*inputs: object) -> str:
    """Return 32 hex digits: the same for the same *inputs*, which are of the types JSON has."""
    return sha256(json.dumps(inputs).encode()).hexdigest()[:32]


def stored_json(raw: Any, *, sort_keys: bool = False) -> str:
    """
    Write *raw* as JSON for the ledger, where size counts: a letter of any script as it is.

    Half a surrogate pair, which UTF-8 cannot hold, is escaped.
    """
    text = json.dumps(
        raw,
        ensure_ascii=False,
        separators=(",", ":"),
        sort_keys=sort_keys,
        default=datetime.isoformat,
    )
    return _HALVES.sub(lambda half: f"\\u{ord(half[0]):04x}", text)


def decode(text: str, kind: type[T], what: str, *, extra: Mapping[str, Any] = _NOTHING) -> T:
    """
    Read a *kind* from *text*, with *extra* fields that were not written into it.

    *what* says in an error what was read. Raises Malformed for whatever `encode` does not write,
    and NewerFormat, which is one, for what a newer version of the bot may have written.
    """
    return from_raw(parse(text, what), kind, what, extra=extra)


def from_raw(
    raw: Mapping[str, Any], kind: type[T], what: str, *, extra: Mapping[str, Any] = _NOTHING
) -> T:
    """Read a *kind* from the object *raw* as `decode` does from its text. Raises Malformed."""
    version = raw.get(VERSION_FIELD)
    if version != FORMAT:
        is_newer = isinstance(version, int) and version > FORMAT
        text = f"{what} is malformed: its format is {version!r:.40}, not {FORMAT}"
        raise NewerFormat(text) if is_newer else Malformed(text)
    return convert({**raw, **extra}, kind, what)


def parse(text: str, what: str) -> dict[str, Any]:
    """Read *text* as an object of JSON, of any format. Raises Malformed."""
    # Not msgspec's own parser, which refuses half a surrogate pair: Slack and evaluation files
    # have such text, and `json` escapes it.
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Malformed(f"{what} is malformed: it is no JSON: {error}") from error
    if not isinstance(raw, dict):
        raise Malformed(f"{what} is malformed: it is no object")
    return raw


def convert(raw: Any, kind: type[T], what: str) -> T:
    """Make a *kind* of *raw*, of the types that JSON has. Raises Malformed, also NewerFormat."""
    try:
        return msgspec.convert(raw, kind)
    except (msgspec.ValidationError, UnicodeError, RecursionError) as error:
        problem = NewerFormat if str(error).startswith(_UNKNOWN_CODE) else Malformed
        raise problem(f"{what} is malformed: {error}") from error
