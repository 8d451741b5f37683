"""Turn a rules file of the right format into the values of `bot.core.rules`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from msgspec import UNSET
from yaml.nodes import Node, ScalarNode, SequenceNode

from bot.adapters.rules.format import Approvers, RoleEntry, RuleEntry, RulesFile
from bot.adapters.rules.shape import convert, mistakes
from bot.adapters.rules.yaml_file import children, node_at
from bot.core.rules.rule import COMMENT_BY_DEFAULT, People, Role, Rule, Rules

if TYPE_CHECKING:
    from bot.adapters.rules import format as file_format


@dataclass(frozen=True, slots=True)
class ParsedRule:
    """A rule, and where in the file it is."""

    rule: Rule
    node: Node

    @property
    def role_lists(self) -> list[tuple[tuple[Role, ...], Node]]:
        """The roles for every move and for some, each with where they are."""
        moves = self.rule.moves.items()
        special = [(roles, node_at(self.node, "moves", move, "approvers")) for move, roles in moves]
        lists = [(self.rule.roles, node_at(self.node, "approvers")), *special]
        return [(roles, node) for roles, node in lists if node]


def pattern_nodes(tree: Node) -> list[Node]:
    """List the patterns of all rules in the file, also of those with mistakes."""
    groups = [node_at(rule, "groups") for rule in _rule_nodes(tree)]
    lists = [children(each) if isinstance(each, SequenceNode) else [each] for each in groups]
    nodes = [node for each in lists for node in each]
    return [node for node in nodes if isinstance(node, ScalarNode) and node.value]


def parsed_rules(tree: Node) -> list[ParsedRule]:
    """Parse the rules of the file, in its order, without those that have mistakes."""
    node = node_at(tree, "channel")
    channel = str(node.value) if node else ""
    sound = [rule for rule in _rule_nodes(tree) if not mistakes(rule, RuleEntry)]
    return [ParsedRule(_rule(rule, channel), rule) for rule in sound]


def rules_from(tree: Node, digest: str) -> Rules:
    """Convert a file without mistakes, which has this *digest*."""
    file = convert(tree, RulesFile)
    return Rules(
        file.channel,
        tuple(each.rule for each in parsed_rules(tree)),
        people={name.lower(): person for name, person in file.people.items()},
        by_email=file.lookup_by_email,
        digest=digest,
    )


def _rule_nodes(tree: Node) -> list[Node]:
    rules = node_at(tree, "rules")
    return children(rules) if isinstance(rules, SequenceNode) else []


def _rule(node: Node, channel: str) -> Rule:
    entry = convert(node, RuleEntry)
    patterns = (entry.groups,) if isinstance(entry.groups, str) else tuple(entry.groups)
    return Rule(
        patterns=patterns,
        channel=entry.channel or channel,
        name=entry.name or ", ".join(patterns),
        roles=_roles(entry.approvers),
        moves={move: _roles(special.approvers) for move, special in entry.moves.items()},
        veto=_people(entry.veto),
        mention=None if entry.mention is UNSET else tuple(entry.mention),
        break_glass=entry.break_glass,
        notify=tuple(entry.notify),
        comment=COMMENT_BY_DEFAULT if entry.comment is UNSET else frozenset(entry.comment),
        warn_outside=entry.warn_outside,
        deploy_minutes=entry.deploy_minutes,
    )


def _roles(approvers: Approvers | list[RoleEntry]) -> tuple[Role, ...]:
    if isinstance(approvers, list):
        return tuple(Role(name=r.role, people=_people(r), needs=r.needs) for r in approvers)
    # Nobody in no role: so a refusal says that there is no approver, not that a role is empty.
    people = _people(approvers)
    return (Role(people=people, needs=approvers.needs),) if people else ()


def _people(entry: file_format.People | Approvers | RoleEntry) -> People:
    return People(users=tuple(entry.users), user_groups=tuple(entry.user_groups))
