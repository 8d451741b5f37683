"""What a person reads in blocks, as lines of text; and every object that blocks are made of."""

from collections.abc import Callable, Iterator
from typing import Any

from bot.core.cards.messages import Message

Json = dict[str, Any]


def drawn(situation: Any) -> Any:
    """A message or a view, as it goes to Slack."""
    if isinstance(situation, Message):
        return {"text": situation.text, "blocks": list(situation.blocks)}
    return situation


def as_read(situation: Any) -> str:
    """What a person reads of a message or a view: one block after the other."""
    whole = drawn(situation)
    title = [_read(whole["title"])] if "title" in whole else []
    labels = [f"[{_read(whole[key])}]" for key in ("submit", "close") if key in whole]
    return "\n".join([*title, *map(_read, whole["blocks"]), *labels])


def nodes(node: Any) -> Iterator[Json]:
    """Every object under *node*, itself included."""
    if isinstance(node, dict):
        yield node
        node = list(node.values())
    for child in node if isinstance(node, list) else ():
        yield from nodes(child)


def _read(node: Json) -> str:
    return _READERS[node["type"]](node)


def _text(node: Json) -> str:
    return str(node["text"])


def _elements(between: str, before: str = "") -> Callable[[Json], str]:
    return lambda node: before + between.join(map(_read, node["elements"]))


def _section(node: Json) -> str:
    row = [node[key] for key in ("text", "accessory") if key in node]
    return " ".join(map(_read, row)).replace("\n", " | ")


def _input(node: Json) -> str:
    needed = "optional" if node["optional"] else "needed"
    return f"{_read(node['label'])} ({needed}): ____\n{_read(node['hint'])}"


_READERS: dict[str, Callable[[Json], str]] = {
    "actions": _elements(" "),
    "button": lambda node: f"[{_read(node['text'])}]",
    "channel": lambda node: f"#{node['channel_id']}",
    "context": _elements("\n"),
    "date": lambda node: str(node["fallback"]),
    "divider": lambda _: "---",
    "header": lambda node: _read(node["text"]),
    "input": _input,
    "plain_text": _text,
    "rich_text": _elements(""),
    "rich_text_preformatted": _elements("", "\n"),
    "rich_text_quote": _elements("", "\n> "),
    "rich_text_section": _elements(""),
    "section": _section,
    "text": _text,
    "user": lambda node: f"@{node['user_id']}",
    "usergroup": lambda node: f"@{node['usergroup_id']}",
}
