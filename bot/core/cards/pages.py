"""The pages of a long answer of `/model-status`, and the buttons that ask for another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from bot.core.cards.blocks import button
from bot.core.jobs.question_button import QuestionButton, encode_question_button
from bot.core.words import text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slack_sdk.models.blocks import ButtonElement

ROWS: Final = 10
"""How many rows one page holds."""
T = TypeVar("T")


def ask_button(  # noqa: PLR0913 - what a button asks, and how it looks
    action: str, label: str, question: str, page: int = 0, *, replace: bool = False, heard: str = ""
) -> ButtonElement:
    """A button that asks *question*; with *replace*, the answer replaces the one it is on."""
    value = encode_question_button(QuestionButton(question, page, replace=replace))
    return button(label, action, value, label=heard)


def page_of(rows: Sequence[T], page: int) -> Sequence[T]:
    """The *rows* on *page*."""
    return rows[page * ROWS : (page + 1) * ROWS]


def is_more(total: int, page: int) -> bool:
    """Whether *total* rows are more than fit on the pages up to *page*."""
    return page < _last_page(total)


def page_buttons(question: str, page: int, *, more: bool) -> list[ButtonElement]:
    """The buttons that turn the pages of an answer to *question*, if there are *more* after it."""
    buttons = []
    if page:
        label = text("page_previous")
        buttons.append(ask_button("page.before", label, question, page - 1, replace=True))
    if more:
        label = text("page_next")
        buttons.append(ask_button("page.next", label, question, page + 1, replace=True))
    return buttons


def page_of_pages(total: int, page: int) -> str:
    """Say which page of *total* rows this is, as the end of a heading; empty if there is one."""
    last = _last_page(total)
    return text("page_of_pages", page=page + 1, pages=last + 1) if last else ""


def page_number(page: int, *, more: bool) -> str:
    """The same, of rows that nobody counted."""
    return text("page", page=page + 1) if page or more else ""


def _last_page(total: int) -> int:
    return max(0, (total - 1) // ROWS)
