"""Blocks as text: what a person reads, and what a reviewer reads in a golden file."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bot.core.cards.messages import Message

Json = dict[str, Any]
Read = Callable[[Json], str]


def as_sent(situation: Any) -> Any:
    """A message or a view, as it goes to Slack."""
    if isinstance(situation, Message):
        return {"text": situation.text, "blocks": list(situation.blocks)}
    return situation


def as_read(situation: Any) -> str:
    """What a person reads of a message or a view: one block after the other."""
    whole = as_sent(situation)
    title = [_read(whole["title"])] if "title" in whole else []
    labels = [f"[{_read(whole[key])}]" for key in ("submit", "close") if key in whole]
    return "\n".join([*title, *map(_read, whole["blocks"]), *labels])


def as_golden(situation: Any) -> str:
    """The text of a golden file: the same with marks, codes of buttons, and the fallback text."""
    whole = as_sent(situation)
    lines = [*_head(whole), *map(_read_marked, whole["blocks"]), *_foot(whole)]
    return "\n".join(lines) + "\n"


def _head(whole: Json) -> Iterator[str]:
    if "title" in whole:
        yield f"Form {whole['callback_id']}: {_read(whole['title'])}"
    elif whole.get("type") == "home":
        yield "Home"


def _foot(whole: Json) -> Iterator[str]:
    for key in ("submit", "close"):
        if key in whole:
            yield f"[{_read(whole[key])}] {key}"
    if "text" in whole:
        yield f"\nFallback text:\n{whole['text']}"


def nodes(node: Any) -> Iterator[Json]:
    """Every object under *node*, itself included."""
    if isinstance(node, dict):
        yield node
        node = list(node.values())
    for child in node if isinstance(node, list) else ():
        yield from nodes(child)


def _read(node: Json) -> str:
    return _READERS[node["type"]](node, _read)


def _read_marked(node: Json) -> str:
    return _MARKED[node["type"]](node, _read_marked)


Reader = Callable[[Json, Read], str]


def _text(node: Json, _: Read) -> str:
    return str(node["text"])


def _elements(move_between: str, before: str = "") -> Reader:
    return lambda node, read: before + move_between.join(map(read, node["elements"]))


def _row(node: Json, read: Read) -> str:
    row = [node[key] for key in ("text", "accessory") if key in node]
    return " ".join(map(read, row)).replace("\n", " | ")


def _input(node: Json, read: Read) -> str:
    needed = "optional" if node["optional"] else "needed"
    return f"{read(node['label'])} ({needed}): ____\n{read(node['hint'])}"


_READERS: Mapping[str, Reader] = {
    "actions": _elements(" "),
    "button": lambda node, read: f"[{read(node['text'])}]",
    "channel": lambda node, _: f"#{node['channel_id']}",
    "context": _elements("\n"),
    "date": lambda node, _: str(node["fallback"]),
    "divider": lambda *_: "---",
    "header": lambda node, read: read(node["text"]),
    "input": _input,
    "link": _text,
    "plain_text": _text,
    "rich_text": _elements(""),
    "rich_text_preformatted": _elements("", "\n"),
    "rich_text_quote": _elements("", "\n> "),
    "rich_text_section": _elements(""),
    "section": _row,
    "text": _text,
    "user": lambda node, _: f"@{node['user_id']}",
    "usergroup": lambda node, _: f"@{node['usergroup_id']}",
}


def _indented(before: str, text: str) -> str:
    return "\n".join(f"{before}{line}".rstrip() for line in text.split("\n"))


def _marked_run(node: Json, _: Read) -> str:
    marks = {"bold": "**", "code": "`"}
    mark = "".join(marks[style] for style in node.get("style", {}))
    return f"{mark}{node['text']}{mark[::-1]}"


def _marked_button(node: Json, read: Read) -> str:
    style = f", {node['style']}" if "style" in node else ""
    label = node["accessibility_label"]
    spoken = f" ({label})" if label != node["text"]["text"] else ""
    return f"[{read(node['text'])}] {node['action_id']}{style}{spoken}"


def _marked_row(node: Json, read: Read) -> str:
    rows = [read(node[key]) for key in ("text", "accessory") if key in node]
    return "- " + _indented("  ", "\n".join(rows)).lstrip()


def _marked_input(node: Json, read: Read) -> str:
    needed = "optional" if node["optional"] else "needed"
    name = node["element"]["action_id"]
    return f"{read(node['label'])}: ____ {name}, {needed}\n{_marked_small(node['hint'], read)}"


def _marked_small(node: Json, read: Read) -> str:
    texts = map(read, node["elements"]) if "elements" in node else [read(node)]
    return "\n".join(_indented("  ", text) for text in texts)


def _marked_block(before: str) -> Reader:
    return lambda node, read: "\n" + _indented(before, "".join(map(read, node["elements"])))


_MARKED: Mapping[str, Reader] = {
    **_READERS,
    "actions": _elements("\n"),
    "button": _marked_button,
    "context": _marked_small,
    "date": lambda node, _: f"<{node['fallback']}>",
    "header": lambda node, read: f"# {read(node['text'])}",
    "input": _marked_input,
    "link": lambda node, _: f"{node['text']} <{node['url']}>",
    "rich_text_preformatted": _marked_block("    "),
    "rich_text_quote": _marked_block("> "),
    "section": _marked_row,
    "text": _marked_run,
}
