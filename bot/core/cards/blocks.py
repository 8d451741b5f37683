"""
Block Kit, made safe: the one file that knows Slack's blocks and their limits.

Text from outside goes in as text runs and `plain_text`, where Slack reads no markup; every
builder cuts to Slack's limit for its place, with a sign; `message` cuts the whole to what a
message may hold. Values only: `slack_sdk.models` does no I/O.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, cast

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ContextBlock,
    DividerBlock,
    HeaderBlock,
    InputBlock,
    PlainTextInputElement,
    PlainTextObject,
    RichTextBlock,
    RichTextElementParts,
    RichTextPreformattedElement,
    RichTextQuoteElement,
    RichTextSectionElement,
    SectionBlock,
)

from bot.core.words import (
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
    from collections.abc import Iterable, Sequence
    from datetime import datetime

MOST_BLOCKS: Final = 50
MOST_TEXT: Final = 10_000
"""Slack refuses a message at about 13,200 characters of block text, counted its own way."""
TEXT: Final = 2_900
FALLBACK: Final = 2_900

Json = dict[str, Any]


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


def view(title: str, blocks: Iterable[Block], **more: Any) -> Json:
    """A form: at most 24 characters of title."""
    return {
        "type": "modal",
        "title": plain(title, 24).to_dict(),
        "blocks": [block.to_dict() for block in blocks],
        **{key: plain(value, 24).to_dict() for key, value in more.items() if key in _LABELS},
        **{key: value for key, value in more.items() if key not in _LABELS},
    }


_LABELS: Final = ("submit", "close")


def header(text: str) -> Block:
    """A headline."""
    return HeaderBlock(text=plain(text, 150))


def rich(*sentences: Sentence) -> Block:
    """Sentences, each on a line of its own."""
    return RichTextBlock(elements=[_section(sentences)])


def quoted(sentence: Sentence, quote: str) -> Block:
    """A sentence, and below it what somebody wrote, with its line breaks."""
    run = RichTextElementParts.Text(text=_shown(quote))
    return RichTextBlock(elements=[_section([sentence]), RichTextQuoteElement(elements=[run])])


def columns(pairs: Sequence[tuple[str, str]]) -> Block:
    """Names and values in two columns of letters of one width."""
    width = max(len(name) for name, _ in pairs)
    lines = [f"{clean(name):<{width}}  {clean(value)}" for name, value in pairs]
    run = RichTextElementParts.Text(text=cut("\n".join(lines), TEXT))
    return RichTextBlock(elements=[RichTextPreformattedElement(elements=[run])])


def small(*texts: str) -> Block:
    """Texts in small grey letters, at most ten."""
    return ContextBlock(elements=[plain(text, 2000) for text in texts[:10]])


def line(text: str, button: ButtonElement | None = None) -> SectionBlock:
    """A row of a list, with a button at its right."""
    return SectionBlock(text=plain(text, TEXT), accessory=button)


def divider() -> Block:
    """A thin line."""
    return DividerBlock()


def actions(buttons: Sequence[ButtonElement]) -> Block:
    """A row of buttons."""
    return ActionsBlock(elements=list(buttons))


def button(
    text: str, action: str, value: str, *, label: str = "", style: str | None = None
) -> ButtonElement:
    """A button; *label* is what a screen reader says."""
    return ButtonElement(
        text=plain(text, 75),
        action_id=action,
        value=value,
        style=style,
        accessibility_label=cut(clean(label or text), 75),
    )


def text_input(label: str, *, name: str, hint: str, needed: bool) -> Block:
    """A box for several lines of text. It keeps what was typed as long as its *name* stays."""
    element = PlainTextInputElement(action_id=name, multiline=True, focus_on_load=True)
    return InputBlock(
        block_id=name,
        label=plain(label, 2000),
        hint=plain(hint, 2000),
        element=element,
        optional=not needed,
    )


def plain(text: str, limit: int) -> PlainTextObject:
    """Text in which Slack reads nothing: no markup, no mention, no emoji."""
    return PlainTextObject(text=_shown(text, limit), emoji=False)


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
            return _in_utc(at)
        case Code(text=text) | Strong(text=text):
            return _escaped(clean(text))


def _shown(text: str, limit: int = TEXT) -> str:
    """*text* as it can be shown; never empty, which Slack refuses."""
    return cut(clean(text), limit) or "-"


def _in_utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _section(sentences: Iterable[Sentence]) -> RichTextSectionElement:
    lines = [[_run(part) for part in sentence if part != ""] for sentence in sentences]
    runs = [run for number, line in enumerate(lines) for run in ([_break()] * (number > 0) + line)]
    return RichTextSectionElement(elements=runs)


def _break() -> RichTextElementParts.Text:
    return RichTextElementParts.Text(text="\n")


def _run(part: Part) -> Any:  # noqa: PLR0911 - one return for each kind of part
    parts = RichTextElementParts
    match part:
        case str():
            return parts.Text(text=_shown(part))
        case Mention(id=who):
            return parts.User(user_id=who)
        case Team(id=team):
            return parts.UserGroup(usergroup_id=team)
        case Channel(id=channel):
            return parts.Channel(channel_id=channel)
        case Code(text=text):
            return parts.Text(text=_shown(text), style={"code": True})
        case Strong(text=text):
            return parts.Text(text=_shown(text), style={"bold": True})
        case When(at=at):
            return parts.Date(
                timestamp=int(at.timestamp()),
                format="{date_short} at {time}",
                fallback=_in_utc(at),
            )


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
