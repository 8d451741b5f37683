"""
Load the rules file: YAML, checked in full, refused with the line and the reason.

A rule by which nobody could decide is no reason not to start: it denies, and the others still
work. Such rules, and patterns that never apply, are for `check`.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from yaml.nodes import MappingNode, SequenceNode

from bot.adapters.rules.format import RulesFile
from bot.adapters.rules.parse import parsed_rules, rules_from
from bot.adapters.rules.shape import mistakes
from bot.adapters.rules.yaml_file import (
    Problem,
    Unreadable,
    line_of,
    node_at,
    parse,
    quoted,
    repeated,
)
from bot.core.errors import Misconfigured

if TYPE_CHECKING:
    from pathlib import Path

    from yaml.nodes import Node

    from bot.adapters.rules.parse import ParsedRule
    from bot.core.rules.rule import Rules


def load(path: Path) -> Rules:
    """Load the rules in the file at *path*. Raises Misconfigured, with the line and the reason."""
    return read(text_of(path), str(path))


def text_of(path: Path) -> str:
    """Read the text of the file at *path*, line ends and all. Raises Misconfigured."""
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured(f"{path}: cannot be read: {error}") from error


def read(text: str, name: str) -> Rules:
    """Read the rules in *text*, from the file *name*. Raises Misconfigured."""
    try:
        tree = parse(text)
        problems = refusals(tree)
    except Unreadable as error:
        problems = list(error.problems)
    if problems:
        raise Misconfigured(f"{name}, {min(problems)}")
    return rules_from(tree, sha256(text.encode()).hexdigest())


def refusals(tree: Node) -> list[Problem]:
    """Find everything in the file that the bot will not start with."""
    roles = [problem for rule in parsed_rules(tree) for problem in _repeated_roles(rule)]
    return [*mistakes(tree, RulesFile), *_repeated_people(tree), *roles]


def _repeated_people(tree: Node) -> list[Problem]:
    people = node_at(tree, "people")
    keys = [key for key, _ in people.value] if isinstance(people, MappingNode) else []
    return [_twice(key) for key in repeated(keys)]


def _repeated_roles(rule: ParsedRule) -> list[Problem]:
    lists = [node for _, node in rule.role_lists if isinstance(node, SequenceNode)]
    names = [[name for role in each.value if (name := node_at(role, "role"))] for each in lists]
    return [_twice(name) for each in names for name in repeated(each)]


def _twice(node: Node) -> Problem:
    return Problem(line_of(node), f"{quoted(node)} is there twice (case does not matter)")
