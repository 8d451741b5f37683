"""
The rules, as values: in which channel a version is announced, who may decide it, how many that
takes, and who hears of it.

This file says what a rule is. Whether a person may make a move under it is for `policy`; how a
rules file is written is for `bot.adapters.rules`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from bot.core.registry.moves import MOVES
from bot.core.registry.version import Status
from bot.core.rules.patterns import matches
from bot.core.rules.people import SLACK_ID
from bot.core.text import Mention, Part, Team

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.core.registry.moves import Move

COMMENT_BY_DEFAULT: Final = frozenset(move.key for move in MOVES if move.key != "approve")
_EMAIL: Final = re.compile(r"[^\s@/]+@[^\s@/]+")
_DIGEST_FORM: Final = "r1"
"""Which values a rule's digest is made of, and how: another way is another form."""
ANYBODY: Final = "approvers"
"""What the role of a rule that names no roles is called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Some people, each by id or as a member of a Slack user group."""

    users: tuple[str, ...] = ()
    user_groups: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.users or self.user_groups)

    @property
    def named(self) -> tuple[Part, ...]:
        """They, as one would name them."""
        return (*map(Mention, self.users), *map(Team, self.user_groups))

    def __or__(self, other: People) -> People:
        return People(
            users=tuple(dict.fromkeys([*self.users, *other.users])),
            user_groups=tuple(dict.fromkeys([*self.user_groups, *other.user_groups])),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """People whose votes count alike, and how many of them a move needs."""

    name: str = ANYBODY
    people: People = People()
    needs: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What holds for the groups whose name matches one of *patterns*."""

    patterns: tuple[str, ...]
    channel: str
    name: str = ""
    roles: tuple[Role, ...] = ()
    moves: Mapping[str, tuple[Role, ...]] = field(default_factory=dict)
    """The roles of a move, by its key, where they differ from *roles*."""
    veto: People = People()
    """Whoever may say no alone, however many a no takes of others."""
    mention: tuple[str, ...] | None = None
    """The users and user groups that a card pings; None for all who may decide."""
    break_glass: bool = False
    """Whether somebody who registered a version may approve it, with a reason, before all."""
    notify: tuple[str, ...] = ()
    comment: frozenset[str] = COMMENT_BY_DEFAULT

    def roles_for(self, move: Move) -> tuple[Role, ...]:
        """
        Whose votes *move* takes, and how many of each.

        What stops a version is easier than what lets it pass: a move to Rejected takes one
        approver, of whichever role, unless the rule says otherwise for that very move.
        """
        if move.key in self.moves:
            return self.moves[move.key]
        if move.target is Status.REJECTED and self.roles:
            return (Role(people=self.approvers),)
        return self.roles

    def voters(self, move: Move) -> People:
        """All who may vote for *move*."""
        named = _together(self.roles_for(move))
        return named | self.veto if move.target is Status.REJECTED else named

    @property
    def approvers(self) -> People:
        """All who are named by any of the rule's roles for every move."""
        return _together(self.roles)

    @property
    def everybody(self) -> People:
        """All who may decide anything under this rule."""
        special = [role for roles in self.moves.values() for role in roles]
        return _together((*self.roles, *special)) | self.veto

    @property
    def digest(self) -> str:
        """
        Make a digest of the rule's values: 16 hex digits, after the version of the form.

        The patterns are not in it: which of them matched is no matter to a card.
        """
        moves = {key: _values(roles) for key, roles in self.moves.items()}
        values = [
            *(self.name, self.channel, _values(self.roles), moves, _ids(self.veto)),
            *(self.mention, self.break_glass, self.notify, sorted(self.comment)),
        ]
        text = json.dumps(values, sort_keys=True)
        return f"{_DIGEST_FORM}.{sha256(text.encode()).hexdigest()[:16]}"

    def matches(self, group: str) -> bool:
        """Whether this rule is for *group*; names are compared without case."""
        return any(matches(pattern, group) for pattern in self.patterns)


def _values(roles: Iterable[Role]) -> list[list[object]]:
    """The values of *roles*, as a digest is made of them."""
    return [[role.name, role.needs, *_ids(role.people)] for role in roles]


def _ids(people: People) -> list[tuple[str, ...]]:
    return [people.users, people.user_groups]


def _together(roles: tuple[Role, ...]) -> People:
    found = People()
    for role in roles:
        found |= role.people
    return found


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules, in the order in which they are tried, and the channel for what none matches."""

    channel: str
    rules: tuple[Rule, ...] = ()
    people: Mapping[str, str] = field(default_factory=dict)
    """Slack ids of people, by how the registry calls them, in lower case."""
    by_email: bool = False
    """Whether somebody whom *people* does not name is looked for in Slack by e-mail."""
    digest: str = ""
    """Digest of the file that these rules stand in."""

    def find(self, group: str) -> Rule:
        """The first rule that matches *group*; failing that, one by which nobody may decide."""
        nobody = Rule(patterns=(), channel=self.channel)
        return next((rule for rule in self.rules if rule.matches(group)), nobody)

    def slack_id(self, name: str) -> str | None:
        """Who *name* is in Slack: *people* lists it or its last part, or it is an id."""
        session = name.rpartition("/")[2]  # of a role, say
        listed = (self.people.get(called.lower()) for called in (name, session))
        named = next(filter(None, listed), None)
        return named or (name if SLACK_ID.fullmatch(name) else None)

    def email(self, name: str) -> str | None:
        """The address in *name* by which to look for somebody, if that is switched on."""
        found = _EMAIL.search(name) if self.by_email else None
        return found[0] if found else None
