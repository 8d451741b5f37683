"""What cards and forms have in common. A form needs nothing else that says who may decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.core.rules.rule import UNNAMED_ROLE
from bot.core.words import say

if TYPE_CHECKING:
    from bot.core.text import Sentence

COMMENT_LIMIT: Final = 250
"""On a card a comment is cut to this; the thread below it has the whole."""


def role_needed(role: str, needs: int) -> Sentence:
    """Say how many people of *role* a move needs."""
    if role == UNNAMED_ROLE:
        return say("approvers", needs=needs)
    return say("role", needs=needs, role=role)
