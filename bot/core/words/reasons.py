from __future__ import annotations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.core.reason import Reason
    from bot.core.text import Sentence


def reason_sentence(reason: Reason) -> Sentence:
    return (f"{reason.code} {dict(reason.params)}",)
