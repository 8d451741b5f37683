"""
Parse a YAML file in which every scalar is text, with the lines that its parts are on.

Where a number or a yes or no belongs, a scalar is read as YAML 1.2 does, as editors do (`typed`).
Knows nothing of rules, nor of what shape a file must have; that is for `shape`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import yaml
from yaml.constructor import BaseConstructor
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_MOST_QUOTED: Final = 80
"""Characters of a text in the file that a message quotes."""
_NO_TEXT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""What YAML allows in no file, but with an escape in a text: control characters, surrogates."""
_YES_NO: Final = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_WHOLE: Final = re.compile(r"[-+]?[0-9]{1,30}|0o[0-7]{1,30}|0x[0-9a-fA-F]{1,30}")
_DECIMAL: Final = re.compile(
    r"[-+]?(\.[0-9]{1,30}|[0-9]{1,30}(\.[0-9]{0,30})?)([eE][-+]?[0-9]{1,3})?"
)
"""Numbers and yes and no as in the core schema of YAML 1.2 (yaml.org/spec/1.2.2, 10.3.2)."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """What is wrong in a file, and on which line; a warning is no reason to refuse the file."""

    line: int
    text: str
    is_warning: bool = False

    def __str__(self) -> str:
        return f"line {self.line}: {'warning: ' if self.is_warning else ''}{self.text}"


class Unreadable(Exception):
    """A text is no YAML file that can be checked; *problems* says why."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*problems)
        self.problems = problems


def parse(text: str) -> Node:
    """Parse *text* into a tree of nodes. Raises Unreadable."""
    try:
        # BaseLoader: everything is text, so no name turns into a number, a date or a yes.
        tree = yaml.compose(text, Loader=yaml.BaseLoader)
        if tree is None:
            raise Unreadable(Problem(1, "there is nothing in it"))
        if problems := (*wrong_keys(tree), *_no_texts(tree)):
            raise Unreadable(*problems)
        value(tree)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise Unreadable(Problem(line, error.problem or "this is no YAML")) from error
    except RecursionError as error:
        raise Unreadable(Problem(1, "it is nested too deep")) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise Unreadable(Problem(line, error.reason)) from error
    return tree


def wrong_keys(tree: Node) -> Iterator[Problem]:
    """Find keys that are no text or are there twice: YAML would silently let the last one win."""
    for node in all_nodes(tree):
        earlier: set[str] = set()
        for key, _ in node.value if isinstance(node, MappingNode) else ():
            if not isinstance(key, ScalarNode):
                yield Problem(line_of(key), "a key must be a text")
            elif key.value in earlier:
                yield Problem(line_of(key), f"{quoted(key)} is there twice")
            else:
                earlier.add(key.value)


def _no_texts(tree: Node) -> Iterator[Problem]:
    """Find texts that cannot be written to a file or a message: escapes put them there."""
    for node in all_nodes(tree):
        keys = [key for key, _ in node.value] if isinstance(node, MappingNode) else []
        for each in (node, *keys):
            if isinstance(each, ScalarNode) and _NO_TEXT.search(each.value):
                text = f"{quoted(each)} has a control character, or half of a character (surrogate)"
                yield Problem(line_of(each), text)


def all_nodes(tree: Node) -> Iterator[Node]:
    """List *tree* and all values in it, each once, however many aliases lead to it."""
    listed: set[int] = set()
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if id(node) not in listed:
            listed.add(id(node))
            waiting += children(node)
            yield node


def children(node: Node) -> list[Node]:
    """List the values in *node*, without keys."""
    if isinstance(node, MappingNode):
        return [child for _, child in node.value]
    return list(node.value) if isinstance(node, SequenceNode) else []


def value(node: Node) -> Any:
    """Convert *node* to texts, lists and dictionaries."""
    return BaseConstructor().construct_document(node)


def typed(node: ScalarNode) -> bool | int | str:
    """Read *node* as yes or no or as a whole number; else it is the text that it is."""
    text = str(node.value)
    if node.style:
        return text  # in quotes
    if text in _YES_NO:
        return _YES_NO[text]
    if _WHOLE.fullmatch(text):
        return int(text, 0) if text[:2] in {"0o", "0x"} else int(text)
    if _DECIMAL.fullmatch(text) and (number := float(text)).is_integer():
        return int(number)
    return text


def line_of(node: Node) -> int:
    """The line that *node* begins on, from 1."""
    return int(node.start_mark.line) + 1


def quoted(node: Node) -> str:
    """Quote the text at *node*, on one line, and cut if it is long."""
    text = repr(node.value)[1:-1]
    return f"`{text}`" if len(text) <= _MOST_QUOTED else f"`{text[:_MOST_QUOTED]}…`"


def node_at(node: Node | None, *path: str | int) -> Node | None:
    """Follow *path*, of keys and positions, from *node*; None if nothing is there."""
    for step in path:
        if isinstance(node, MappingNode):
            node = next((child for key, child in node.value if key.value == step), None)
        elif isinstance(node, SequenceNode) and isinstance(step, int):
            node = node.value[step]
        else:
            return None
    return node


def repeated(nodes: Iterable[Node]) -> list[Node]:
    """Those of *nodes* whose text one before them has, whatever its case."""
    earlier: set[str] = set()
    again = []
    for node in nodes:
        text = str(node.value).lower()
        again += [node] if text in earlier else []
        earlier.add(text)
    return again
