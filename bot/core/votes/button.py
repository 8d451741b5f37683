"""
What the buttons of a card hold: for a move, everything that was true when the card was made.

A click is judged by the value of its button, never by the text of a message. The worker compares
it with what holds when it judges the click.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core import wire
from bot.core.registry.outcome import Outcome
from bot.core.registry.version import Arn, Status
from bot.core.wire import NonEmpty

if TYPE_CHECKING:
    from bot.core.evidence.brief import Candidate
    from bot.core.registry.moves import Move
    from bot.core.rules.rule import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class ButtonPayload:
    """A move on a version, with the outcome that was shown for it."""

    arn: Arn
    group: NonEmpty
    number: int
    source: Status
    target: Status
    outcome: Outcome
    comment_needed: bool
    brief: str = ""
    """Digest of the brief that was shown."""
    quorum: str = ""
    """Whose votes the move takes, in words; empty if one is enough."""
    override: bool = False
    """Whether the one who clicked registered the version, and would break the glass."""


@dataclass(frozen=True, slots=True)
class WithdrawButton:
    """What the button that withdraws a vote holds: the version that the vote is on."""

    arn: Arn


def encode_button(button: ButtonPayload | WithdrawButton) -> str:
    """Write *button* as the value of a button."""
    return wire.encode(button)


def decode_button(value: str) -> ButtonPayload:
    """Read the value of a move's button. Raises Malformed."""
    return wire.decode(value, ButtonPayload, "the value of a button")


def decode_withdraw_button(value: str) -> WithdrawButton:
    """Read the value of a button that withdraws a vote. Raises Malformed."""
    return wire.decode(value, WithdrawButton, "the value of a withdraw button")


def button_for(
    move: Move, candidate: Candidate, rule: Rule, *, override: bool = False
) -> ButtonPayload:
    """Return what *move* means now; *override* if whoever clicks would override the rule."""
    from bot.core.cards.card import offered  # noqa: PLC0415 - until cards no longer make it

    return offered(move, candidate, rule, override=override)
