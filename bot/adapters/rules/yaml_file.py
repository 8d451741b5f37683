"""
A YAML file in which everything is text: its parts, and the lines they stand on.

Knows nothing of rules, nor of what shape a file must have; that is for `shape`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import yaml
from yaml.constructor import BaseConstructor
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_LONG: Final = 80


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """What is wrong in a file, and where."""

    line: int
    text: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.text}"


class Unreadable(Exception):
    """A text that is no such file; *problems* says why."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*problems)
        self.problems = problems


def parsed(text: str) -> Node:
    """The file that *text* is. Raises Unreadable."""
    try:
        # BaseLoader: everything is text, so no name turns into a number, a date or a yes.
        tree = yaml.compose(text, Loader=yaml.BaseLoader)
        if tree is None:
            raise Unreadable(Problem(1, "there is nothing in it"))
        if wrong := tuple(_wrong_keys(tree)):
            raise Unreadable(*wrong)
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


def _wrong_keys(tree: Node) -> Iterator[Problem]:
    """Keys that are no texts or are there twice: YAML would let the last one win, in silence."""
    for node in every(tree):
        keys = [key for key, _ in node.value] if isinstance(node, MappingNode) else []
        texts = [key.value for key in keys]
        for number, key in enumerate(keys):
            if not isinstance(key, ScalarNode):
                yield Problem(line_of(key), "a key must be a text")
            elif key.value in texts[:number]:
                yield Problem(line_of(key), f"{shown(key)} is there twice")


def every(node: Node) -> Iterator[Node]:
    """*node* and all values in it, each once, however many aliases lead to it."""
    seen: set[int] = set()
    todo = [node]
    while todo:
        each = todo.pop()
        if id(each) not in seen:
            seen.add(id(each))
            todo += children(each)
            yield each


def children(node: Node) -> list[Node]:
    """The values in *node*, without keys."""
    if isinstance(node, MappingNode):
        return [each for _, each in node.value]
    return list(node.value) if isinstance(node, SequenceNode) else []


def value(node: Node) -> Any:
    """What stands at *node*: texts, lists and dictionaries."""
    return BaseConstructor().construct_document(node)


def line_of(node: Node) -> int:
    """The line that *node* begins on."""
    return int(node.start_mark.line) + 1


def shown(node: Node) -> str:
    """The text at *node* as one can quote it: on one line, and not too long."""
    text = repr(node.value)[1:-1]
    return f"`{text}`" if len(text) <= _LONG else f"`{text[:_LONG]}…`"


def node_at(node: Node | None, *path: str | int) -> Node | None:
    """What *path*, of keys and numbers, leads to from *node*; None if nothing is there."""
    for step in path:
        if isinstance(node, MappingNode):
            node = next((child for key, child in node.value if key.value == step), None)
        elif isinstance(node, SequenceNode) and isinstance(step, int):
            node = node.value[step]
        else:
            return None
    return node


def repeated(nodes: Iterable[Node]) -> list[Node]:
    """Those of *nodes* whose text stands in one before them, whatever its case."""
    seen: set[str] = set()
    found = []
    for node in nodes:
        text = str(node.value).lower()
        found += [node] if text in seen else []
        seen.add(text)
    return found
