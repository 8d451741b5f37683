"""The catalogue and the code that uses it belong together, sentence by sentence."""

from __future__ import annotations

import re
from string import Formatter
from typing import Final

import pytest

from bot.core.registry.moves import MOVES
from bot.core.registry.version import Readiness, Status
from bot.core.words import LANGUAGES, english
from tests.core.words.calls import BOT, Call, calls, literals_in, parameters_of

REASONS: Final = "reason_"
"""Keys that begin so belong to reasons: their parameters are data (`test_reasons`)."""
CALLS: Final = [call for call in calls() if call.place.split(":")[0] != "core/words/reasons.py"]
SENTENCES: Final = {
    key: sentence for key, sentence in english.SENTENCES.items() if not key.startswith(REASONS)
}
FROM_A_JOIN: Final = {"join_comma", "join_and", "join_or"}
CARDS: Final = sorted((BOT / "core/cards").glob("*.py"))


def test_the_code_has_more_than_a_hundred_calls() -> None:
    assert len(CALLS) > 100


@pytest.mark.parametrize("path", CARDS, ids=lambda path: path.name)
def test_no_card_holds_a_sentence(path: object) -> None:
    sentences = [(line, text) for line, text in literals_in(path) if _is_sentence(text)]

    assert sentences == []


def _is_sentence(text: str) -> bool:
    return bool(re.search(r"[^\W\d_]", text)) and " " in text.strip()


@pytest.mark.parametrize("call", CALLS, ids=lambda call: f"{call.place}-{call.key}")
def test_every_call_asks_for_sentences_that_exist_with_the_parameters_that_they_have(
    call: Call,
) -> None:
    keys = call.keys(SENTENCES)

    assert keys
    for key in keys:
        assert parameters_of(SENTENCES[key]) == call.parameters, key


def test_every_sentence_is_asked_for() -> None:
    asked = {key for call in CALLS for key in call.keys(SENTENCES)}

    assert set(SENTENCES) - asked == FROM_A_JOIN


def test_there_are_words_for_every_code() -> None:
    moves = {f"move_{word}_{move.key}" for move in MOVES for word in ("label", "verb", "done")}
    decisions = {f"decided_{move.key}" for move in MOVES}
    states = {
        f"external_{word}_{status.name.lower()}"
        for status in Status
        for word in ("change", "status")
    }
    unready = {f"readiness_{each.name.lower()}" for each in {*Readiness} - {Readiness.COMPLETED}}

    assert moves | decisions | states | unready <= english.SENTENCES.keys()


@pytest.mark.parametrize("key", english.SENTENCES)
def test_a_sentence_is_written_so_that_it_can_be_read_and_filled_in(key: str) -> None:
    sentence = english.SENTENCES[key]

    assert re.fullmatch("[a-z][a-z0-9_]*", key) or key.startswith(REASONS)
    assert sentence
    for _, _, form, style in Formatter().parse(sentence):
        assert form in {None, "", "and", "or", "comma"} or len(form.split("|")) == 2
        assert style in {None, "b", "c"}


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_has_the_same_sentences_with_the_same_parameters(code: str) -> None:
    sentences = LANGUAGES[code].sentences

    assert sentences.keys() == english.SENTENCES.keys()
    for key, sentence in sentences.items():
        assert parameters_of(sentence) == parameters_of(english.SENTENCES[key]), key
