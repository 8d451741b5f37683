"""
What the button of a move carries: everything that was true when it was drawn.

A click is judged by what it was offered, never by the text of a message. The worker compares it
with what holds at that moment (`flows.decide`).
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from bot.core.errors import Malformed
from bot.core.model import Arn, Outcome, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A move on a version, with the outcome that was shown for it."""

    arn: Arn
    group: str
    number: int
    source: Status
    target: Status
    outcome: Outcome
    comment_needed: bool


def write(offer: Offer) -> str:
    """*offer* as the value of a button."""
    return json.dumps(asdict(offer), separators=(",", ":"))


def read(value: str) -> Offer:
    """The offer in the value of a button. Raises Malformed."""
    try:
        return offer_from(json.loads(value))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Malformed(f"{type(error).__name__}: {error}") from error


def offer_from(raw: dict[str, Any]) -> Offer:
    """The offer in the dictionary that `asdict` made of one. Raises what a bad one does."""
    return Offer(
        arn=Arn(text(raw["arn"])),
        group=text(raw["group"]),
        number=int(raw["number"]),
        source=Status(raw["source"]),
        target=Status(raw["target"]),
        outcome=Outcome(raw["outcome"]["now"], raw["outcome"]["then"]),
        comment_needed=bool(raw["comment_needed"]),
    )


def text(value: Any) -> str:
    """*value*, which must be a text with something in it. Raises TypeError."""
    if not isinstance(value, str) or not value:
        raise TypeError(f"expected a text, got {value!r}")
    return value
