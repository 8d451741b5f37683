"""
What the button of a move carries: everything that was true when it was drawn.

A click is judged by what it was offered, never by the text of a message. The worker compares it
with what holds at that moment (`flows.decide`).
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from bot.core.errors import malformed_if_unreadable
from bot.core.registry.outcome import Outcome
from bot.core.registry.version import Arn, Status

if TYPE_CHECKING:
    from bot.core.evidence.brief import Candidate
    from bot.core.registry.moves import Move
    from bot.core.rules.rule import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class ButtonPayload:
    """A move on a version, with the outcome that was shown for it."""

    arn: Arn
    group: str
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


def encode_button(offer: ButtonPayload) -> str:
    """*offer* as the value of a button."""
    return json.dumps(asdict(offer), separators=(",", ":"))


def decode_button(value: str) -> ButtonPayload:
    """The offer in the value of a button. Raises Malformed."""
    with malformed_if_unreadable("the value of a button"):
        return payload_from(json.loads(value))


def payload_from(raw: dict[str, Any]) -> ButtonPayload:
    """The offer in the dictionary that `asdict` made of one. Raises what a bad one does."""
    return ButtonPayload(
        arn=Arn(non_empty_text(raw["arn"])),
        group=non_empty_text(raw["group"]),
        number=_number(raw["number"]),
        source=Status(raw["source"]),
        target=Status(raw["target"]),
        outcome=outcome_from(raw["outcome"]),
        comment_needed=bool(raw["comment_needed"]),
        brief=str(raw.get("brief", "")),
        quorum=str(raw.get("quorum", "")),
        override=bool(raw.get("override", False)),
    )


def outcome_from(raw: dict[str, Any]) -> Outcome:
    """The outcome in the dictionary that `asdict` made of one. Raises what a bad one does."""
    now, then = raw["now"], raw["then"]
    return Outcome(None if now is None else _number(now), None if then is None else _number(then))


def _number(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"expected a number, got {value!r}")
    return value


def non_empty_text(value: Any) -> str:
    """*value*, which must be a text with something in it. Raises TypeError."""
    if not isinstance(value, str) or not value:
        raise TypeError(f"expected a text, got {value!r}")
    return value


def button_for(
    move: Move, candidate: Candidate, rule: Rule, *, override: bool = False
) -> ButtonPayload:
    """Return what *move* means now; *override* if whoever clicks would override the rule."""
    from bot.core.cards.card import offered  # noqa: PLC0415 - until cards no longer make it

    return offered(move, candidate, rule, override=override)
