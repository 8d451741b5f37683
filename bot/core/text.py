"""
Sentences for people, as values.

A sentence is a tuple of parts. A plain string is text and stays text: nothing in it becomes
markup, a mention or an emoji. Whoever wants a mention says `Mention`. How parts look in Slack
is for `cards.blocks`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Mention:
    """A person, by Slack user id."""

    id: str


@dataclass(frozen=True, slots=True)
class Team:
    """A Slack user group."""

    id: str


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel, by id."""

    id: str


@dataclass(frozen=True, slots=True)
class Code:
    """Text to be read to the letter, such as an ARN."""

    text: str


@dataclass(frozen=True, slots=True)
class Strong:
    """Text that matters most in its sentence."""

    text: str


@dataclass(frozen=True, slots=True)
class When:
    """A moment, shown to each reader in their own time zone."""

    at: datetime


Part = str | Mention | Team | Channel | Code | Strong | When
Sentence = tuple[Part, ...]

CUT = "… [cut]"
"""The sign that something was left out."""

_PLURALS: Final = {"entry": "entries", "person": "people", "registry": "registries"}
_BREAKS = re.compile(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_JOINERS = "\u200c\u200d"  # parts of Persian words and of emoji
_INVISIBLE = "\u200b\u2060\ufeff\u00ad\u115f\u1160\u3164\uffa0"


def clean(text: str) -> str:
    """*text* without what cannot be seen: controls, bidi marks, zero-width spaces, surrogates."""
    return "".join(letter for letter in text if letter in "\n\t" or _visible(letter))


def _visible(letter: str) -> bool:
    if letter in _JOINERS:
        return True
    return unicodedata.category(letter) not in {"Cc", "Cf", "Cs"} and letter not in _INVISIBLE


def one_line(text: str) -> str:
    """*text* cleaned and on one line, the breaks shown as slashes."""
    lines = (clean(line).replace("\t", " ").strip() for line in _BREAKS.split(text))
    return " / ".join(filter(None, lines))


def spoken(sentence: Sentence) -> str:
    """*sentence* as plain text, for where nobody draws it: people and places by their ids."""
    return "".join(_spoken(part) for part in sentence)


def _spoken(part: Part) -> str:
    match part:
        case str():
            return part
        case Mention(id=who) | Team(id=who):
            return f"@{who}"
        case Channel(id=channel):
            return f"#{channel}"
        case When(at=at):
            return at.isoformat(timespec="seconds")
        case Code(text=text) | Strong(text=text):
            return text


def length(text: str) -> int:
    """The length as the strictest counter counts it: in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, limit: int) -> str:
    """*text* if it fits into *limit* UTF-16 units; else its beginning and the sign of a cut."""
    if length(text) <= limit:
        return text
    room = (limit - len(CUT)) * 2
    return text.encode("utf-16-le", "surrogatepass")[:room].decode("utf-16-le", "ignore") + CUT


def many(count: int, thing: str) -> str:
    """How many there are of a *thing*: 1 entry, 2 entries."""
    return f"{count} {thing if count == 1 else _PLURALS.get(thing, f'{thing}s')}"


def listed(parts: Sequence[Part], word: str = "or") -> Sentence:
    """*parts* as in a sentence: a, b or c."""
    if len(parts) < 2:  # noqa: PLR2004 - one part needs no word between
        return tuple(parts)
    before = [piece for part in parts[:-2] for piece in (part, ", ")]
    return (*before, parts[-2], f" {word} ", parts[-1])
