"""
A whole message within Slack's limits: its blocks, and the fallback text next to them.

Notifications and screen readers use the fallback text. Slack reads markup in it, so text is
escaped. What does not fit is cut, and the cut is marked; buttons are never cut.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, cast

from bot.core import wire
from bot.core.cards.blocks import TEXT_LIMIT, Json, line, rich, utc_text
from bot.core.text import (
    CUT,
    Channel,
    Code,
    Link,
    Mention,
    Part,
    Sentence,
    Strong,
    Team,
    When,
    clean,
    cut,
    length,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from slack_sdk.models.blocks import Block

MOST_BLOCKS: Final = 50
TEXT_IN_BLOCKS: Final = 10_000
"""Slack refuses a message at about 13,200 characters of block text, by its own count."""
FALLBACK_LIMIT: Final = 2_900


@dataclass(frozen=True, slots=True)
class Message:
    """A message: *blocks*, and *text* for notifications and screen readers."""

    text: str
    blocks: tuple[Json, ...] = ()

    @property
    def digest(self) -> str:
        """A digest of what is shown, to see whether a message has to be updated."""
        return wire.digest(self.text, self.blocks)

    @property
    def plain(self) -> Message:
        """The message in plain blocks, for when Slack refuses the original ones."""
        buttons = tuple(block for block in self.blocks if block["type"] == "actions")
        text = rich((cut(_unescaped(self.text), TEXT_LIMIT),)).to_dict()
        return Message(self.text, (text, *buttons))


def message(summary: Sentence, blocks: Iterable[Block]) -> Message:
    """Build a message within Slack's limits; *summary* is its fallback text."""
    fitted = tuple(_within_limits([block.to_dict() for block in blocks]))
    return Message(fallback(summary), _with_block_ids(fitted))


def fallback(summary: Sentence) -> str:
    """Write *summary* in Slack's markup, with its text escaped."""
    text = "".join(map(_markup, summary))
    if length(text) <= FALLBACK_LIMIT:
        return text
    kept = cut(text, FALLBACK_LIMIT).removesuffix(CUT)
    return re.sub(r"(&[a-z]{0,3}|<[^<>]*)$", "", kept) + CUT  # no half entity or mention


def _markup(part: Part) -> str:
    match part:
        case str():
            return _escaped(clean(part))
        case Mention(id=id_):
            return f"<@{id_}>"
        case Team(id=id_):
            return f"<!subteam^{id_}>"
        case Channel(id=id_):
            return f"<#{id_}>"
        case When(moment=moment):
            return utc_text(moment)
        case Code(text=text) | Strong(text=text) | Link(text=text):
            return _escaped(clean(text))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _within_limits(blocks: list[Json]) -> list[Json]:
    """Drop the last of *blocks* that hold no buttons until the rest fits, and mark the cut."""
    if len(blocks) <= MOST_BLOCKS and _size(blocks) <= TEXT_IN_BLOCKS:
        return blocks
    while len(blocks) >= MOST_BLOCKS or _size(blocks) > TEXT_IN_BLOCKS - len(CUT):
        texts = [n for n, block in enumerate(blocks) if block["type"] != "actions"]
        if not texts:
            break
        blocks = blocks[: texts[-1]] + blocks[texts[-1] + 1 :]
    return [*blocks, line(CUT).to_dict()]


def _size(node: Any) -> int:
    """Count the text under *node*, all values included, so rather too much than too little."""
    if isinstance(node, str):
        return length(node)
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return sum(_size(child) for child in cast("Iterable[Any]", children))


def _with_block_ids(blocks: tuple[Json, ...]) -> tuple[Json, ...]:
    """Give rows of buttons ids that change with the message, so that Slack shows them anew."""
    digest = sha256(json.dumps(blocks).encode()).hexdigest()[:16]
    return tuple(
        {**block, "block_id": f"{digest}.{number}"} if block["type"] == "actions" else block
        for number, block in enumerate(blocks)
    )
