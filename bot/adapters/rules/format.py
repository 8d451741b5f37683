"""
What a rules file must look like, and how it becomes the values of `bot.core.rules`.

The shapes are msgspec's; the note beside each says what it is called when something else stands
in its place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Final, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType
from yaml.nodes import Node, ScalarNode, SequenceNode

from bot.adapters.rules.shape import mistakes
from bot.adapters.rules.yaml_file import children, node_at, value
from bot.core.registry.moves import MOVES
from bot.core.rules.rule import COMMENT_BY_DEFAULT, People, Role, Rule, Rules

if TYPE_CHECKING:
    from bot.adapters.rules.yaml_file import Problem

MOST: Final = 20
"""How many people a role can need."""


def _text(pattern: str, what: str) -> Meta:
    return Meta(pattern=rf"^{pattern}\Z", description=what)


_Channel = Annotated[str, _text("[CG][A-Z0-9]{8,}", "the id of a channel, such as C0MODELS00,")]
_User = Annotated[str, _text("[UW][A-Z0-9]{8,}", "the id of a person, such as U0ANA00000,")]
_Team = Annotated[str, _text("S[A-Z0-9]{8,}", "the id of a user group, such as S0RISK0000,")]
_Mention = Annotated[str, _text("[UWS][A-Z0-9]{8,}", "the id of a person or a user group")]
_Name = Annotated[str, _text(r"(?=.{1,60}\Z)\S+( \S+)*", "a name of at most 60 letters")]
_Called = Annotated[str, Meta(min_length=1, description="a name")]
_Pattern = Annotated[str, Meta(min_length=1, description="a pattern of group names")]
_Patterns = Annotated[list[_Pattern], Meta(min_length=1, description="a list of some")]
_Needs = Annotated[int, Meta(ge=1, le=MOST, description=f"a whole number from 1 to {MOST}")]
_YesNo = Annotated[bool, Meta(description="true or false")]
_Move = Annotated[
    Literal["approve", "reject", "reinstate", "revoke"],
    Meta(description=f"a move ({', '.join(move.key for move in MOVES)})"),
]


class _People(Struct, forbid_unknown_fields=True):
    users: list[_User] = []
    user_groups: list[_Team] = []


class _Approvers(Struct, forbid_unknown_fields=True):
    users: list[_User] = []
    user_groups: list[_Team] = []
    needs: _Needs = 1


class _Role(Struct, forbid_unknown_fields=True):
    role: _Name
    users: list[_User] = []
    user_groups: list[_Team] = []
    needs: _Needs = 1


class _Special(Struct, forbid_unknown_fields=True):
    approvers: _Approvers | list[_Role]


class _Rule(Struct, forbid_unknown_fields=True):
    groups: _Pattern | _Patterns
    approvers: _Approvers | list[_Role]
    name: _Name | UnsetType = UNSET
    channel: _Channel | UnsetType = UNSET
    moves: dict[_Move, _Special] = {}
    veto: _People = msgspec.field(default_factory=_People)
    mention: list[_Mention] | UnsetType = UNSET
    break_glass: _YesNo = False
    notify: list[_Channel] = []
    comment: list[_Move] | UnsetType = UNSET


class _File(Struct, forbid_unknown_fields=True):
    channel: _Channel
    rules: list[_Rule]
    people: dict[_Called, _User] = {}
    lookup_by_email: _YesNo = False


@dataclass(frozen=True, slots=True)
class Stated:
    """A rule, and where in the file it stands."""

    node: Node
    rule: Rule

    @property
    def deciders(self) -> list[tuple[tuple[Role, ...], Node]]:
        """Who may decide, for every move and for some, and where that stands."""
        moves = self.rule.moves.items()
        special = [(roles, node_at(self.node, "moves", move, "approvers")) for move, roles in moves]
        found = [(self.rule.roles, node_at(self.node, "approvers")), *special]
        return [(roles, node) for roles, node in found if node]


def misshapen(tree: Node) -> list[Problem]:
    """What in the file does not look as it must."""
    return mistakes(tree, _File)


def patterns(tree: Node) -> list[Node]:
    """The patterns of all rules in the file, also of those with mistakes."""
    groups = [node_at(rule, "groups") for rule in _rules(tree)]
    lists = [children(each) if isinstance(each, SequenceNode) else [each] for each in groups]
    found = [each for nodes in lists for each in nodes]
    return [each for each in found if isinstance(each, ScalarNode) and each.value]


def stated(tree: Node) -> list[Stated]:
    """The rules of the file, in its order, without those that do not look as they must."""
    found = node_at(tree, "channel")
    channel = str(found.value) if found else ""
    sound = [node for node in _rules(tree) if not mistakes(node, _Rule)]
    return [Stated(node, _rule(node, channel)) for node in sound]


def _rules(tree: Node) -> list[Node]:
    rules = node_at(tree, "rules")
    return children(rules) if isinstance(rules, SequenceNode) else []


def rules_in(tree: Node, digest: str) -> Rules:
    """What a file says that looks as it must."""
    file = msgspec.convert(value(tree), _File, strict=False)
    return Rules(
        file.channel,
        tuple(each.rule for each in stated(tree)),
        people={name.lower(): person for name, person in file.people.items()},
        by_email=file.lookup_by_email,
        digest=digest,
    )


def _rule(node: Node, channel: str) -> Rule:
    raw = msgspec.convert(value(node), _Rule, strict=False)
    patterns = (raw.groups,) if isinstance(raw.groups, str) else tuple(raw.groups)
    return Rule(
        patterns=patterns,
        channel=raw.channel or channel,
        name=raw.name or ", ".join(patterns),
        roles=_roles(raw.approvers),
        moves={move: _roles(special.approvers) for move, special in raw.moves.items()},
        veto=_people(raw.veto),
        mention=None if raw.mention is UNSET else tuple(raw.mention),
        break_glass=raw.break_glass,
        notify=tuple(raw.notify),
        comment=COMMENT_BY_DEFAULT if raw.comment is UNSET else frozenset(raw.comment),
    )


def _roles(raw: _Approvers | list[_Role]) -> tuple[Role, ...]:
    if isinstance(raw, list):
        return tuple(Role(name=r.role, people=_people(r), needs=r.needs) for r in raw)
    # Nobody in no role: so a refusal says that there is no approver, not that a role is empty.
    return (Role(people=people, needs=raw.needs),) if (people := _people(raw)) else ()


def _people(raw: _People | _Approvers | _Role) -> People:
    return People(users=tuple(raw.users), user_groups=tuple(raw.user_groups))
