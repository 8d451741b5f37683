"""
Everything that is wrong with a rules file, all at once: what the bot refuses to start with, and
what would let nobody decide.

The latter is no reason not to start: such a rule denies, and the others still work. Slack is
asked only through a directory; whom it can ask what is for `people`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from yaml.nodes import MappingNode, ScalarNode, SequenceNode

from bot.adapters.rules.format import stated
from bot.adapters.rules.loader import refusals
from bot.adapters.rules.people import Crew, why_never
from bot.adapters.rules.yaml_file import (
    Problem,
    Unreadable,
    children,
    every,
    line_of,
    node_at,
    parsed,
    repeated,
    shown,
)
from bot.core.rules.quorum import tally
from bot.core.text import many

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from yaml.nodes import Node

    from bot.adapters.rules.format import Stated
    from bot.core.rules.rule import Role
    from bot.flows.ports import Directory

_IDS: Final = frozenset({"users", "user_groups", "mention", "notify"})
"""The keys of a rule that have lists of ids."""


def problems(text: str, directory: Directory | None = None) -> list[Problem]:
    """All that is wrong with the rules in *text*, by line. Raises what *directory* raises."""
    try:
        tree = parsed(text)
    except Unreadable as error:
        return sorted(error.problems)
    found = [*refusals(tree), *_of_ids(tree, directory)]
    for each in stated(tree):
        found += _of_deciders(each, directory)
    return sorted(set(found))


def _of_ids(tree: Node, directory: Directory | None) -> Iterator[Problem]:
    if people := node_at(tree, "people"):
        yield from _never(children(people), directory)
    for ids in _lists_of_ids(node_at(tree, "rules")):
        for node in repeated(ids):
            yield Problem(line_of(node), f"{shown(node)} is twice in this list")
        yield from _never(ids, directory)


def _lists_of_ids(rules: Node | None) -> Iterator[list[Node]]:
    for node in every(rules) if rules else []:
        for key, each in node.value if isinstance(node, MappingNode) else []:
            if key.value in _IDS:
                yield children(each)


def _never(ids: Sequence[Node], directory: Directory | None) -> Iterator[Problem]:
    """Those of *ids* that, Slack says, stand for nobody who could decide."""
    for node in ids:
        if directory is None or not isinstance(node, ScalarNode):
            continue
        if why := why_never(node.value, directory):
            yield Problem(line_of(node), f"{shown(node)} {why}")


def _of_deciders(stated: Stated, directory: Directory | None) -> Iterator[Problem]:
    crew = Crew(stated.rule, directory)
    for roles, node in stated.deciders:
        places = children(node) if isinstance(node, SequenceNode) else [node]
        yield from _nobody(roles, node, places) or _too_few(roles, node, places, crew)


def _nobody(roles: Sequence[Role], node: Node, places: Sequence[Node]) -> list[Problem]:
    if not roles:
        return [Problem(line_of(node), "no approver is named here, so nobody may decide")]
    empty = [(role, place) for role, place in zip(roles, places, strict=True) if not role.people]
    return [Problem(line_of(place), f"nobody is in the role {role.name}") for role, place in empty]


def _too_few(
    roles: Sequence[Role], node: Node, places: Sequence[Node], crew: Crew
) -> list[Problem]:
    able = crew.able(roles)
    alone = []
    for role, place in zip(roles, places, strict=True):
        have = sum(role.name in names for names in able.values())
        if have < role.needs:
            said = f"this takes {many(role.needs, 'person')}, and {_there(have)}"
            alone.append(Problem(line_of(node_at(place, "needs") or place), said))
    most = tally(roles, able)
    if alone or most.complete:
        return alone
    said = f"together these roles take {many(most.needed, 'person')}, and {_there(most.have)}"
    return [Problem(line_of(node), f"{said}: nobody counts for two roles")]


def _there(many: int) -> str:
    if many > 1:
        return f"there are only {many}"
    return "there is only 1" if many else "there is nobody"
