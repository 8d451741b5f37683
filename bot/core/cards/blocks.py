"""
Block Kit, made safe: the only file that knows Slack's blocks and the limits of each.

Text is put in as text runs and `plain_text`, where Slack reads no markup. Every builder cuts text
to Slack's limit for its place and marks the cut. `slack_sdk.models` does no I/O. How blocks become
a message is for `bot.core.cards.messages`.
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any, Final

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

from bot.core import words
from bot.core.text import (
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
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

TEXT_LIMIT: Final = 2_900
"""Below the 3,000 characters that Slack takes in most places."""
LABEL_LIMIT: Final = 24
"""What Slack takes of a form's title and of the labels of its buttons."""
INPUT_LIMIT: Final = 3_000
"""The most that Slack lets anybody type into an input."""

Json = dict[str, Any]


def view(title: str, blocks: Iterable[Block], **more: Any) -> Json:
    """Build a form; its title and its labels are cut to what Slack takes."""
    return {
        "type": "modal",
        "title": plain(title, LABEL_LIMIT).to_dict(),
        "blocks": [block.to_dict() for block in blocks],
        **{
            key: plain(value, LABEL_LIMIT).to_dict()
            for key, value in more.items()
            if key in _LABELS
        },
        **{key: value for key, value in more.items() if key not in _LABELS},
    }


_LABELS: Final = ("submit", "close")


def header(text: str) -> Block:
    """Build a heading."""
    return HeaderBlock(text=plain(text, 150))


def rich(*sentences: Sentence) -> Block:
    """Build a block of sentences, each on its own line."""
    return RichTextBlock(elements=[_section(sentences)])


def quoted(sentence: Sentence, quote: str) -> Block:
    """Build a sentence with a quotation below it, which keeps its line breaks."""
    run = RichTextElementParts.Text(text=_shown(quote))
    return RichTextBlock(elements=[_section([sentence]), RichTextQuoteElement(elements=[run])])


def columns(pairs: Sequence[tuple[str, str]]) -> Block:
    """Build two columns of names and values, in a monospaced font."""
    width = max(len(name) for name, _ in pairs)
    lines = [f"{clean(name):<{width}}  {clean(value)}" for name, value in pairs]
    run = RichTextElementParts.Text(text=cut("\n".join(lines), TEXT_LIMIT))
    return RichTextBlock(elements=[RichTextPreformattedElement(elements=[run])])


def small(*texts: str) -> Block:
    """Build texts in small grey letters; Slack takes ten."""
    return ContextBlock(elements=[plain(text, 2000) for text in texts[:10]])


def line(text: str, button: ButtonElement | None = None) -> SectionBlock:
    """Build a row of a list, with a button on the right."""
    return SectionBlock(text=plain(text, TEXT_LIMIT), accessory=button)


def divider() -> Block:
    """Build a horizontal line."""
    return DividerBlock()


def actions(buttons: Sequence[ButtonElement]) -> Block:
    """Build a row of buttons."""
    return ActionsBlock(elements=list(buttons))


def button(
    text: str, action: str, value: str, *, label: str = "", style: str | None = None
) -> ButtonElement:
    """Build a button; *label* is read by screen readers, *text* if there is none."""
    return ButtonElement(
        text=plain(text, 75),
        action_id=action,
        value=value,
        style=style,
        accessibility_label=cut(clean(label or text), 75),
    )


def text_input(label: str, *, name: str, hint: str, needed: bool, typed: str = "") -> Block:
    """
    Build an input of several lines, with what was *typed* into an earlier one.

    Slack keeps what somebody types while its *name* stays.
    """
    element = PlainTextInputElement(
        action_id=name,
        multiline=True,
        focus_on_load=True,
        max_length=INPUT_LIMIT,
        initial_value=cut(typed, INPUT_LIMIT) or None,
    )
    return InputBlock(
        block_id=name,
        label=plain(label, 2000),
        hint=plain(hint, 2000),
        element=element,
        optional=not needed,
    )


def plain(text: str, limit: int) -> PlainTextObject:
    """Build text in which Slack reads no markup, mention or emoji."""
    return PlainTextObject(text=_shown(text, limit), emoji=False)


def _shown(text: str, limit: int = TEXT_LIMIT) -> str:
    """Clean and cut *text*; never empty, which Slack refuses."""
    return cut(clean(text), limit) or "-"


def utc_text(moment: datetime) -> str:
    """Write *moment* in UTC, where Slack cannot show it in the reader's time zone."""
    in_utc = moment.astimezone(UTC).replace(tzinfo=None)
    return words.text("moment_utc", moment=in_utc.isoformat(" ", "minutes"))


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
        case Mention(id=id_):
            return parts.User(user_id=id_)
        case Team(id=id_):
            return parts.UserGroup(usergroup_id=id_)
        case Channel(id=id_):
            return parts.Channel(channel_id=id_)
        case Code(text=text):
            return parts.Text(text=_shown(text), style={"code": True})
        case Strong(text=text):
            return parts.Text(text=_shown(text), style={"bold": True})
        case Link(url=url, text=text):
            return parts.Link(url=url, text=_shown(text))
        case When(moment=moment):
            return parts.Date(
                timestamp=int(moment.timestamp()),
                format=words.text("moment", date="{date_short}", time="{time}"),
                fallback=utc_text(moment),
            )
