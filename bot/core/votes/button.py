"""
What the button of a move carries: everything that held when the card was rendered, as codes.

A click is judged by its payload, never by the text of a message: the worker compares it with what
holds when the click is judged.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from bot.core.errors import malformed_if_unreadable
from bot.core.registry.outcome import Outcome
from bot.core.registry.version import Arn, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class ButtonPayload:
    """A move on a version, with all that people were shown of it."""

    arn: Arn
    group: str
    number: int
    source: Status
    target: Status
    outcome: Outcome
    comment_needed: bool
    brief: str = ""
    """Digest of the brief that was shown."""
    quorum: tuple[tuple[str, int], ...] = ()
    """The roles whose votes the move needs, and how many of each; empty if one vote is enough."""
    override: bool = False
    """Whether the person who clicked registered the version, so it is an emergency override."""


def encode_button(offer: ButtonPayload) -> str:
    """Encode *offer* as the value of a button, at most 2,000 characters."""
    return json.dumps(asdict(offer), separators=(",", ":"))


def decode_button(value: str) -> ButtonPayload:
    """Decode the value of a button. Raises Malformed."""
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
        quorum=tuple((str(role), _number(needs)) for role, needs in raw.get("quorum", ())),
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
