"""Every sentence in English, by key. Subject, verb, object; what happened, and what you can do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.core.words import english_reasons

if TYPE_CHECKING:
    from collections.abc import Mapping

SENTENCES: Final[Mapping[str, str]] = {**english_reasons.SENTENCES}
