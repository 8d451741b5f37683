"""Another language is one more file: nothing that people read is English then."""

from __future__ import annotations

import re
from string import Formatter
from typing import Final

import pytest

from bot.core.words import english
from tests.core.reading import as_read
from tests.core.situations.all import ALL, rendered
from tests.core.words.another_language import another_language

ENGLISH: Final = {
    word
    for sentence in english.SENTENCES.values()
    for literal, _, form, _ in Formatter().parse(sentence)
    for word in re.findall("[A-Za-z]{3,}", f"{literal} {form or ''}")
}
WRITTEN: Final = {
    *("Approved", "archived", "Not", "Production", "The", "and", "channel", "characters", "could"),
    *("decision", "did", "down", "example", "group", "missing", "model", "needed", "not"),
    *("out", "package", "pipeline", "read", "role", "the", "this", "training", "was"),
}
"""Those in what people, AWS or an evaluation wrote here, or in how `reading` writes a form."""

with another_language():
    IN_ANOTHER: Final = rendered()


@pytest.mark.parametrize("name", ALL)
def test_nothing_that_people_read_is_english_in_another_language(name: str) -> None:
    words = set(re.findall("[A-Za-z]{3,}", as_read(IN_ANOTHER[name])))

    assert words & ENGLISH <= WRITTEN


@pytest.mark.parametrize("name", ALL)
def test_ids_and_values_of_buttons_and_forms_are_the_same_in_every_language(name: str) -> None:
    assert codes(IN_ANOTHER[name]) == codes(ALL[name])


def codes(node: object) -> list[object]:
    """The ids and values under *node*: what buttons and forms bring back."""
    match node:
        case dict():
            ids = [node[key] for key in CODES if key in node and _is_stable(node, key)]
            return ids + [code for child in node.values() for code in codes(child)]
        case list():
            return [code for child in node for code in codes(child)]
    return []


CODES: Final = ("action_id", "value", "private_metadata", "callback_id", "block_id", "style")


def _is_stable(node: dict[str, object], key: str) -> bool:
    """A row of buttons has an id that changes with the message."""
    return not (key == "block_id" and node.get("type") == "actions")
