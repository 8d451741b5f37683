"""
Text and sentences as values, safe from what people outside wrote.

A sentence is a tuple of parts. A plain string is text and stays text: nothing in it becomes
markup, a mention or an emoji. A mention is a `Mention`. The words of sentences are in
`bot.core.words`; how parts look in Slack is decided in `bot.core.cards.blocks`.
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
    """Text to read character by character, such as an ARN."""

    text: str


@dataclass(frozen=True, slots=True)
class Strong:
    """Text in bold."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """*text* that leads to the address *url*. The address is ours or checked, never just text."""

    url: str
    text: str


@dataclass(frozen=True, slots=True)
class When:
    """A moment, shown to each reader in their own time zone."""

    moment: datetime


Part = str | Mention | Team | Channel | Code | Strong | Link | When
Sentence = tuple[Part, ...]

CUT = " […]"
"""Marks, in any language, that text was left out."""

_PLURALS: Final = {"entry": "entries", "person": "people", "registry": "registries"}
_BREAKS = re.compile(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_JOINERS = "\u200c\u200d"  # parts of Persian words and of emoji
_INVISIBLE = "\u200b\u2060\ufeff\u00ad\u115f\u1160\u3164\uffa0"
_BLANK: Final = frozenset("\u115f\u1160\u3164\uffa0\u2800\ufffc\U0001d159")
"""Letters and symbols, by their category, that are drawn as nothing: fillers, Braille blank."""


def clean(text: str) -> str:
    """Remove invisible characters: controls, bidi marks, zero-width spaces, surrogates."""
    return "".join(letter for letter in text if letter in "\n\t" or _visible(letter))


def _visible(letter: str) -> bool:
    if letter in _JOINERS:
        return True
    return unicodedata.category(letter) not in {"Cc", "Cf", "Cs"} and letter not in _INVISIBLE


def has_visible_character(text: str) -> bool:
    """
    Whether a reader sees anything of *text*: a letter, digit, punctuation mark or symbol.

    Joiners, variation selectors and combining marks need another character to be seen.
    """
    return any(
        unicodedata.category(letter)[0] in "LNPS" and letter not in _BLANK for letter in text
    )


def one_line(text: str) -> str:
    """Clean *text* and put it on one line, with slashes for line breaks; drop blank lines."""
    lines = (clean(line).replace("\t", " ").strip() for line in _BREAKS.split(text))
    return " / ".join(filter(has_visible_character, lines))


def plain_text(sentence: Sentence) -> str:
    """Write *sentence* as plain text, such as for a terminal: people and channels by their ids."""
    return "".join(_plain_part(part) for part in sentence)


def _plain_part(part: Part) -> str:
    match part:
        case str():
            return part
        case Mention(id=id_) | Team(id=id_):
            return f"@{id_}"
        case Channel(id=id_):
            return f"#{id_}"
        case When(moment=moment):
            return moment.isoformat(timespec="seconds")
        case Code(text=text) | Strong(text=text) | Link(text=text):
            return text


def length(text: str) -> int:
    """Count *text* in UTF-16 units, as the strictest of AWS and Slack do."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, limit: int) -> str:
    """Shorten *text* to *limit* UTF-16 units, ending in `CUT` if anything was left out."""
    if length(text) <= limit:
        return text
    room = (limit - len(CUT)) * 2
    return text.encode("utf-16-le", "surrogatepass")[:room].decode("utf-16-le", "ignore") + CUT


def count_of(count: int, thing: str) -> str:
    """Count English *thing*s, for terminals and logs: 1 entry, 2 entries. Others: `core.words`."""
    return f"{count} {thing if count == 1 else _PLURALS.get(thing, f'{thing}s')}"


def join_parts(items: Sequence[Part | Sentence], comma: str, last: str) -> Sentence:
    """Join *items* into a list as in a sentence: a, b and c, where " and " is *last*."""
    sentences = [item if isinstance(item, tuple) else (item,) for item in items]
    between = ["", *[comma] * (len(sentences) - 2), *[last] * (len(sentences) > 1)]
    joined = [(mark, *sentence) for mark, sentence in zip(between, sentences, strict=False)]
    return tuple(part for sentence in joined for part in sentence if part != "")
