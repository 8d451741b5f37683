"""A language in which every sentence is another one, to see what depends on sentences."""

from __future__ import annotations

import re
from contextlib import contextmanager
from string import Formatter
from typing import TYPE_CHECKING, Final
from unittest.mock import patch

from bot.core.words import LANGUAGES, Language, english, in_language

if TYPE_CHECKING:
    from collections.abc import Iterator

LETTER: Final = "ж"
"""What every letter of a sentence is replaced by."""


@contextmanager
def another_language() -> Iterator[None]:
    """Use a language of which no word is English."""
    sentences = {key: _replaced(text) for key, text in english.SENTENCES.items()}
    with patch.dict(LANGUAGES, {"xx": Language(sentences, lambda _: 0)}), in_language("xx"):
        yield


def _replaced(template: str) -> str:
    return "".join(
        re.sub(r"[^\W\d_]", LETTER, literal) + _field(name, form, style)
        for literal, name, form, style in Formatter().parse(template)
    )


def _field(name: str | None, form: str | None, style: str | None) -> str:
    if name is None:
        return ""
    plural = re.sub("[a-z]", LETTER, form) if form and "|" in form else form
    return f"{{{name}{f'!{style}' if style else ''}{f':{plural}' if plural else ''}}}"
