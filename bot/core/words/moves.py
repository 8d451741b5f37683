"""What a move is called, by its key (`bot.core.registry.moves`)."""

from __future__ import annotations

from bot.core.words import text


def label(move: str) -> str:
    """Name *move* on a button: Approve."""
    return text(f"move_label_{move}")


def verb(move: str) -> str:
    """Name *move* inside a sentence, after "voted to": approve."""
    return text(f"move_verb_{move}")


def done(move: str) -> str:
    """Name what *move* made of a version: approved."""
    return text(f"move_done_{move}")


def effect(move: str) -> str:
    """Say what CI/CD does after *move*, where a team uses SageMaker's project templates."""
    return text(f"move_effect_{move}")
