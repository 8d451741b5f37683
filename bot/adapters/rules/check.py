"""
Find everything that is wrong with a rules file, all at once.

That is what the bot refuses to start with, and what would let nobody decide: no reason not to
start, as such a rule denies and the others still work. A pattern that never applies is a warning.
Slack is asked only through a directory (`people`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from yaml.nodes import MappingNode, ScalarNode, SequenceNode

from bot.adapters.rules.loader import refusals
from bot.adapters.rules.parse import parsed_rules, pattern_nodes
from bot.adapters.rules.people import Candidates, why_nobody
from bot.adapters.rules.yaml_file import (
    Problem,
    Unreadable,
    all_nodes,
    children,
    line_of,
    node_at,
    parse,
    quoted,
    repeated,
)
from bot.core.rules.patterns import can_match, shadowed
from bot.core.rules.quorum import tally
from bot.core.text import count_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from yaml.nodes import Node

    from bot.adapters.rules.parse import ParsedRule
    from bot.core.rules.rule import Role
    from bot.flows.ports import Directory

_ID_LISTS: Final = frozenset({"users", "user_groups", "mention", "notify"})
"""The keys of a rule that have lists of ids."""


def problems(text: str, directory: Directory | None = None) -> list[Problem]:
    """Find all that is wrong with the rules in *text*, by line. Raises what *directory* raises."""
    try:
        tree = parse(text)
    except Unreadable as error:
        return sorted(error.problems)
    rules = parsed_rules(tree)
    return sorted(
        {
            *refusals(tree),
            *_unused_patterns(pattern_nodes(tree)),
            *_wrong_ids(tree, directory),
            *(problem for rule in rules for problem in _unfillable_roles(rule, directory)),
        }
    )


def _unused_patterns(nodes: Sequence[Node]) -> Iterator[Problem]:
    """Warn of patterns that no group can have, or that never get their turn."""
    for node in nodes:
        if not can_match(node.value):
            why = "names are letters, digits and hyphens, elsewhere with account/region/ before"
            yield _warning(node, f"{quoted(node)} matches no group: {why}")
    for number, earlier in shadowed([node.value for node in nodes]):
        node, first = nodes[number], nodes[earlier]
        other = f"{quoted(first)} (line {line_of(first)})"
        yield _warning(node, f"{quoted(node)} is never used: {other} matches all of it")


def _warning(node: Node, text: str) -> Problem:
    return Problem(line_of(node), text, is_warning=True)


def _wrong_ids(tree: Node, directory: Directory | None) -> Iterator[Problem]:
    if people := node_at(tree, "people"):
        yield from _nobodies(children(people), directory)
    for ids in _id_lists(node_at(tree, "rules")):
        for node in repeated(ids):
            yield Problem(line_of(node), f"{quoted(node)} is twice in this list")
        yield from _nobodies(ids, directory)


def _id_lists(rules: Node | None) -> Iterator[list[Node]]:
    for node in all_nodes(rules) if rules else []:
        for key, each in node.value if isinstance(node, MappingNode) else []:
            if key.value in _ID_LISTS:
                yield children(each)


def _nobodies(ids: Sequence[Node], directory: Directory | None) -> Iterator[Problem]:
    """Those of *ids* that, Slack says, stand for nobody who could decide."""
    for node in ids:
        if directory is None or not isinstance(node, ScalarNode):
            continue
        if why := why_nobody(node.value, directory):
            yield Problem(line_of(node), f"{quoted(node)} {why}")


def _unfillable_roles(rule: ParsedRule, directory: Directory | None) -> Iterator[Problem]:
    candidates = Candidates(rule.rule, directory)
    for roles, node in rule.role_lists:
        places = children(node) if isinstance(node, SequenceNode) else [node]
        yield from _empty_roles(roles, node, places) or _too_few(roles, node, places, candidates)


def _empty_roles(roles: Sequence[Role], node: Node, places: Sequence[Node]) -> list[Problem]:
    if not roles:
        return [Problem(line_of(node), "no approver is named here, so nobody may decide")]
    empty = [(role, place) for role, place in zip(roles, places, strict=True) if not role.people]
    return [Problem(line_of(place), f"nobody is in the role {role.name}") for role, place in empty]


def _too_few(
    roles: Sequence[Role], node: Node, places: Sequence[Node], candidates: Candidates
) -> list[Problem]:
    able = candidates.able(roles)
    alone = []
    for role, place in zip(roles, places, strict=True):
        have = sum(role.name in names for names in able.values())
        if have < role.needs:
            text = f"this takes {count_of(role.needs, 'person')}, and {_there_are(have)}"
            alone.append(Problem(line_of(node_at(place, "needs") or place), text))
    most = tally(roles, able)
    if alone or most.complete:
        return alone
    takes = f"together these roles take {count_of(most.needed, 'person')}"
    text = f"{takes}, and {_there_are(most.have)}: nobody counts for two roles"
    return [Problem(line_of(node), text)]


def _there_are(count: int) -> str:
    if count > 1:
        return f"there are only {count}"
    return "there is only 1" if count else "there is nobody"
