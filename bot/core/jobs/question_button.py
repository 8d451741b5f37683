"""The buttons of answers that ask the next question, such as for the next page."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core import wire


@dataclass(frozen=True, slots=True)
class QuestionButton:
    """What a button of an answer holds: the question that it asks."""

    text: str
    page: int
    replace: bool
    """Whether its answer takes the place of the message with the button."""


def encode_question_button(button: QuestionButton) -> str:
    """Write *button* as the value of a button."""
    return wire.encode(button)


def decode_question_button(value: str) -> QuestionButton:
    """Read the value of a button of an answer. Raises Malformed."""
    return wire.decode(value, QuestionButton, "the value of a question's button")
