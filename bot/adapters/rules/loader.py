"""
The rules file: YAML, checked to the letter, refused with the line and the reason.

What a rule may say, though nobody could decide by it, is for `check`: such a rule denies,
and the others still work.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final

from yaml.nodes import MappingNode, SequenceNode

from bot.adapters.rules.format import misshapen, patterns, rules_in, stated
from bot.adapters.rules.yaml_file import (
    Problem,
    Unreadable,
    line_of,
    node_at,
    parsed,
    repeated,
    shown,
)
from bot.core.errors import Misconfigured
from bot.core.rules.patterns import Budget, covered

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from yaml.nodes import Node

    from bot.adapters.rules.format import Stated
    from bot.core.rules.rule import Rules

_NO_NAME: Final = (
    "a group's name is of at most 63 letters, digits and hyphens between them; elsewhere it has "
    "its site before it, as in 222222222222/eu-west-1/fraud"
)


def load(path: Path) -> Rules:
    """The rules in the file at *path*. Raises Misconfigured, with the line and the reason."""
    return read(text_of(path), str(path))


def text_of(path: Path) -> str:
    """The text of the file at *path*, to the letter. Raises Misconfigured."""
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured(f"{path}: cannot be read: {error}") from error


def read(text: str, name: str) -> Rules:
    """The rules in *text*, which stands in the file *name*. Raises Misconfigured."""
    try:
        tree = parsed(text)
        found = refusals(tree)
    except Unreadable as error:
        found = list(error.problems)
    if found:
        raise Misconfigured(f"{name}, {min(found)}")
    return rules_in(tree, sha256(text.encode()).hexdigest())


def refusals(tree: Node) -> list[Problem]:
    """Everything in the file that the bot will not start with."""
    rules = stated(tree)
    twice = [found for each in rules for found in _roles_named_twice(each)]
    return [*misshapen(tree), *_people_named_twice(tree), *twice, *_never_matching(patterns(tree))]


def _people_named_twice(tree: Node) -> list[Problem]:
    people = node_at(tree, "people")
    keys = [key for key, _ in people.value] if isinstance(people, MappingNode) else []
    return [_twice(key) for key in repeated(keys)]


def _roles_named_twice(rule: Stated) -> list[Problem]:
    lists = [each for _, each in rule.deciders if isinstance(each, SequenceNode)]
    names = [[name for role in each.value if (name := node_at(role, "role"))] for each in lists]
    return [_twice(name) for each in names for name in repeated(each)]


def _twice(node: Node) -> Problem:
    return Problem(line_of(node), f"{shown(node)} is there twice (case does not matter)")


def _never_matching(nodes: Sequence[Node]) -> Iterator[Problem]:
    """Those of the patterns that no group's name can reach."""
    budget = Budget()  # for all: the bot reads this before it starts
    for number, node in enumerate(nodes):
        if why := _why_never(node.value, nodes[:number], budget):
            yield Problem(line_of(node), f"{shown(node)} can never match: {why}")


def _why_never(pattern: str, earlier: Sequence[Node], budget: Budget) -> str | None:
    if covered(pattern, (), budget):
        return _NO_NAME
    if not covered(pattern, _texts(earlier), budget):
        return None
    first = [f"{shown(each)} (line {line_of(each)})" for each in _needed(pattern, earlier, budget)]
    return f"all it stands for is taken by {' and '.join(first)}"


def _needed(pattern: str, earlier: Sequence[Node], budget: Budget) -> list[Node]:
    """Those of *earlier* that are enough to cover *pattern*, the first ones rather."""
    enough = list(earlier)
    for each in reversed(earlier):
        fewer = [other for other in enough if other is not each]
        if covered(pattern, _texts(fewer), budget):
            enough = fewer
    return enough


def _texts(nodes: Sequence[Node]) -> list[str]:
    return [node.value for node in nodes]
