"""
A whole message, within Slack's limits: its blocks, and the text beside them.

The text is what notifications and screen readers read, and Slack does read markup in it: so what
is text is escaped. What does not fit is cut, with a sign; the buttons stay.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, cast

from bot.core.cards.blocks import TEXT, Json, line, rich, utc_text
from bot.core.text import (
    CUT,
    Channel,
    Code,
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
MOST_TEXT: Final = 10_000
"""Slack refuses a message at about 13,200 characters of block text, counted its own way."""
FALLBACK: Final = 2_900


@dataclass(frozen=True, slots=True)
class Message:
    """A message: *text* for notifications and screen readers, *blocks* for the eye."""

    text: str
    blocks: tuple[Json, ...] = ()

    @property
    def digest(self) -> str:
        """The same for messages that look the same."""
        return sha256(json.dumps([self.text, self.blocks]).encode()).hexdigest()[:32]

    @property
    def plain(self) -> Message:
        """The same in the plainest blocks, for when Slack refuses the fine ones."""
        buttons = tuple(block for block in self.blocks if block["type"] == "actions")
        said = rich((cut(_unescaped(self.text), TEXT),)).to_dict()
        return Message(self.text, (said, *buttons))


def message(said: Sentence, blocks: Iterable[Block]) -> Message:
    """A message within Slack's limits, whose fallback text is *said*."""
    drawn = [block.to_dict() for block in blocks]
    fitted = tuple(_fitted(drawn))
    return Message(fallback(said), _named(fitted))


def fallback(said: Sentence) -> str:
    """*said* for `text`, where Slack does read markup: so what is text is escaped."""
    text = "".join(map(_spelled, said))
    if length(text) <= FALLBACK:
        return text
    kept = cut(text, FALLBACK).removesuffix(CUT)
    return re.sub(r"(&[a-z]{0,3}|<[^<>]*)$", "", kept) + CUT  # nothing half escaped at the end


def _spelled(part: Part) -> str:
    match part:
        case str():
            return _escaped(clean(part))
        case Mention(id=who):
            return f"<@{who}>"
        case Team(id=team):
            return f"<!subteam^{team}>"
        case Channel(id=channel):
            return f"<#{channel}>"
        case When(at=at):
            return utc_text(at)
        case Code(text=text) | Strong(text=text):
            return _escaped(clean(text))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _fitted(blocks: list[Json]) -> list[Json]:
    """*blocks* without the last ones that are no buttons, until they fit; then a sign of it."""
    if len(blocks) <= MOST_BLOCKS and _size(blocks) <= MOST_TEXT:
        return blocks
    while len(blocks) >= MOST_BLOCKS or _size(blocks) > MOST_TEXT - len(CUT):
        texts = [n for n, block in enumerate(blocks) if block["type"] != "actions"]
        if not texts:
            break
        blocks = blocks[: texts[-1]] + blocks[texts[-1] + 1 :]
    return [*blocks, line(CUT).to_dict()]


def _size(node: Any) -> int:
    """How much text there is under *node*, values and all: rather too much than too little."""
    if isinstance(node, str):
        return length(node)
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return sum(_size(child) for child in cast("Iterable[Any]", children))


def _named(blocks: tuple[Json, ...]) -> tuple[Json, ...]:
    """*blocks* with ids on the rows of buttons that change whenever the message does."""
    digest = sha256(json.dumps(blocks).encode()).hexdigest()[:16]
    return tuple(
        {**block, "block_id": f"{digest}.{number}"} if block["type"] == "actions" else block
        for number, block in enumerate(blocks)
    )
