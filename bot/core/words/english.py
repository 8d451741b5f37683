"""Every sentence in English, by key. Subject, verb, object; what happened, and what you can do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.core.words import (
    english_answers,
    english_cards,
    english_evidence,
    english_forms,
    english_moves,
    english_notices,
    english_production,
    english_reasons,
    english_rules,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

SENTENCES: Final[Mapping[str, str]] = {
    # How lists are joined, and moments written.
    "join_comma": ", ",
    "join_and": " and ",
    "join_or": " or ",
    "list_and": "{items:and}",
    "moment": "{date} at {time}",
    "moment_utc": "{moment} UTC",
    **english_moves.SENTENCES,
    **english_cards.SENTENCES,
    **english_forms.SENTENCES,
    **english_evidence.SENTENCES,
    **english_notices.SENTENCES,
    **english_production.SENTENCES,
    **english_answers.SENTENCES,
    **english_reasons.SENTENCES,
    **english_rules.SENTENCES,
}


def plural_form(count: int) -> int:
    """The position of the form for *count* of something: the singular is first."""
    return 0 if count == 1 else 1
