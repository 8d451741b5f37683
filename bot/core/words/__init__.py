"""
Sentences for people, in one language per file: the only place that holds any.

    say("decided_approve", who=Mention("U0ANA00000"), how=())

looks the sentence up by its key and fills in the parameters. A sentence is text with parameters
in braces:

* `{who}` is replaced by the parameter: text, a number, a part such as a mention, or a sentence;
* `{who!b}` is shown in bold, `{arn!c}` as code;
* `{count:vote|votes}` is replaced by the form that goes with the number, without the number;
* `{people:and}` is replaced by the items of a list (no tuple): "a, b and c". Also `or`, `comma`.

Text stays text: nothing in it becomes markup, a mention or an emoji (`bot.core.text`).

A language is chosen once, where rendering begins:

    with in_language("en"):
        message = card(...)

Another language is one more file with the same keys and parameters, and one more line in
`LANGUAGES`; a test compares them.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from string import Formatter
from typing import TYPE_CHECKING, Final

from bot.core.text import Code, Part, Sentence, Strong, join_parts, plain_text
from bot.core.words import english

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    Item = Part | Sentence
    Parameter = Item | int | Sequence[Item]


@dataclass(frozen=True, slots=True)
class Language:
    """The sentences of a language by key, and which plural form goes with a number."""

    sentences: Mapping[str, str]
    plural_form: Callable[[int], int]
    """The position of the form in `{count:vote|votes}`, from 0."""


LANGUAGES: Final = {"en": Language(english.SENTENCES, english.plural_form)}

_current: ContextVar[str] = ContextVar("language", default="en")


@contextmanager
def in_language(code: str) -> Iterator[None]:
    """Let `say` and `text` use the language with this *code*. Raises KeyError if there is none."""
    if code not in LANGUAGES:
        raise KeyError(code)
    token = _current.set(code)
    try:
        yield
    finally:
        _current.reset(token)


def say(key: str, /, **parameters: Parameter) -> Sentence:
    """Make the sentence *key*. Raises KeyError for an unknown key or a missing parameter."""
    language = LANGUAGES[_current.get()]
    return _joined(_parts(language, language.sentences[key], parameters))


def text(key: str, /, **parameters: Parameter) -> str:
    """Make the sentence *key* as plain text, for where no mention is possible, such as a button."""
    return plain_text(say(key, **parameters))


def bold(key: str, /, **parameters: Parameter) -> Sentence:
    """Make the sentence *key*, all of it in bold."""
    return (Strong(text(key, **parameters)),)


def _parts(
    language: Language, template: str, parameters: Mapping[str, Parameter]
) -> Iterator[Part]:
    for literal, name, form, style in Formatter().parse(template):
        yield literal
        if name:
            yield from _styled(_filled_in(language, parameters[name], form or ""), style)


def _filled_in(language: Language, value: Parameter, form: str) -> Sentence:
    if isinstance(value, list):
        joints = language.sentences
        return join_parts(value, joints["join_comma"], joints[f"join_{form}"])
    if form and isinstance(value, int):
        return (form.split("|")[language.plural_form(value)],)
    if isinstance(value, int):
        return (str(value),)
    return value if isinstance(value, tuple) else (value,)


def _styled(sentence: Sentence, style: str | None) -> Sentence:
    match style:
        case "b":
            return (Strong(plain_text(sentence)),)
        case "c":
            return (Code(plain_text(sentence)),)
        case _:
            return sentence


def _joined(parts: Iterator[Part]) -> Sentence:
    """*parts* with neighbouring texts made one, and without empty ones."""
    joined: list[Part] = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        elif part != "":
            joined.append(part)
    return tuple(joined)
