"""
Sentences for people, in one language per file: the only place that holds any.

    say("approved_by", who=Mention("U0ANA00000"), count=2)

looks the sentence up by its key and puts the parameters in. A sentence is text with parameters in
braces: `{who}` is replaced by the parameter of that name, `{count:vote|votes}` by the form that
goes with the number. Parameters can be text, numbers, parts such as mentions, or whole sentences.
Text stays text: nothing in it becomes markup, a mention or an emoji (`bot.core.text`).

Another language is one more file, with the same keys and parameters; a test compares them.
"""

from __future__ import annotations

from string import Formatter
from typing import TYPE_CHECKING, Final

from bot.core.words import english

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.core.text import Part, Sentence

    Parameter = Part | Sentence | int

LANGUAGES: Final[Mapping[str, Mapping[str, str]]] = {"en": english.SENTENCES}


def say(key: str, language: str = "en", /, **parameters: Parameter) -> Sentence:
    """Make the sentence *key* in *language*. Raises KeyError for an unknown key or parameter."""
    return tuple(_parts(LANGUAGES[language][key], parameters))


def text(key: str, language: str = "en", /, **parameters: str | int) -> str:
    """Make the sentence *key* as plain text, for where no mention is possible, such as a button."""
    return "".join(str(part) for part in say(key, language, **parameters))


def _parts(template: str, parameters: Mapping[str, Parameter]) -> Iterator[Part]:
    for literal, name, forms, _ in Formatter().parse(template):
        if literal:
            yield literal
        if name:
            yield from _value(parameters[name], forms or "")


def _value(value: Parameter, forms: str) -> Sentence:
    if forms and isinstance(value, int):
        one, other = forms.split("|")
        return (one if value == 1 else other,)
    if isinstance(value, int):
        return (str(value),)
    return value if isinstance(value, tuple) else (value,)
