"""
The rules, as values: in which channel a version is announced, who may decide it, how many that
takes, and who hears of it.

Whether a person may make a move under a rule is for `judge`; how a rules file is written is for
`bot.adapters.rules`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from bot.core.registry.moves import MOVES
from bot.core.registry.version import Status
from bot.core.rules.patterns import matches
from bot.core.rules.people import ids_in
from bot.core.text import Mention, Part, Team

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.core.registry.moves import Move

COMMENT_BY_DEFAULT: Final = frozenset(move.key for move in MOVES if move.key != "approve")
_EMAIL: Final = re.compile(r"\w[\w.+%&'-]*@[\w-]+(?:\.[\w-]+)*")
DEPLOY_MINUTES: Final = 30
UNNAMED_ROLE: Final = "approvers"
"""The name of the one role of a rule that names no roles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Some people, each by id or as a member of a Slack user group."""

    users: tuple[str, ...] = ()
    user_groups: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.users or self.user_groups)

    @property
    def mentions(self) -> tuple[Part, ...]:
        """A mention of each."""
        return (*map(Mention, self.users), *map(Team, self.user_groups))

    @property
    def as_json(self) -> dict[str, Any]:
        """The ids as JSON, for a digest."""
        return {"users": self.users, "user_groups": self.user_groups}

    def __or__(self, other: People) -> People:
        return People(
            users=tuple(dict.fromkeys([*self.users, *other.users])),
            user_groups=tuple(dict.fromkeys([*self.user_groups, *other.user_groups])),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """People whose votes count alike, and how many of them a move needs."""

    name: str = UNNAMED_ROLE
    people: People = People()
    needs: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Who may decide about the groups whose name matches one of *patterns*, and who hears of it."""

    patterns: tuple[str, ...]
    channel: str
    name: str = ""
    roles: tuple[Role, ...] = ()
    moves: Mapping[str, tuple[Role, ...]] = field(default_factory=dict)
    """The roles of a move, by its key, where they differ from *roles*."""
    veto: People = People()
    """Whoever can reject or revoke alone, however many votes that takes of others."""
    mention: tuple[str, ...] | None = None
    """The users and user groups that a card pings; None for all who may decide."""
    break_glass: bool = False
    """Whether somebody may approve what they registered, as an emergency override."""
    notify: tuple[str, ...] = ()
    comment: frozenset[str] = COMMENT_BY_DEFAULT
    warn_outside: bool = True
    """Whether an approval that was made outside the bot is a warning, and mentions approvers."""
    deploy_minutes: int = DEPLOY_MINUTES
    """How long after an approval an endpoint is expected to report; 0 if that is not watched."""

    def roles_for(self, move: Move) -> tuple[Role, ...]:
        """
        The roles whose votes *move* takes.

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
        people = _together(self.roles_for(move))
        return people | self.veto if move.target is Status.REJECTED else people

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
        A digest of the rule's values: the same for rules that are the same but for their patterns.

        It is stored, so the keys below never change; the prefix is the version of this format.
        """
        values = {
            "name": self.name,
            "channel": self.channel,
            "roles": _as_json(self.roles),
            "moves": {move: _as_json(roles) for move, roles in self.moves.items()},
            "veto": self.veto.as_json,
            "mention": self.mention,
            "override": self.break_glass,
            "notify": self.notify,
            "comment": sorted(self.comment),
        }
        values |= self._not_by_default
        text = json.dumps(values, sort_keys=True, separators=(",", ":"))
        return f"r1.{sha256(text.encode()).hexdigest()[:32]}"

    @property
    def _not_by_default(self) -> dict[str, Any]:
        """Values of keys that came later: left out where they are as before, like the digest."""
        outside = {} if self.warn_outside else {"warn_outside": False}
        minutes = self.deploy_minutes
        return outside | ({} if minutes == DEPLOY_MINUTES else {"deploy_minutes": minutes})

    def matches(self, group: str) -> bool:
        """Whether this rule is for *group*; names are compared without case."""
        return any(matches(pattern, group) for pattern in self.patterns)


def _as_json(roles: tuple[Role, ...]) -> list[Any]:
    return [
        {"role": role.name, "needs": role.needs, "people": role.people.as_json} for role in roles
    ]


def _together(roles: tuple[Role, ...]) -> People:
    people = People()
    for role in roles:
        people |= role.people
    return people


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules, in the order in which they are tried, and the channel for what none matches."""

    channel: str
    rules: tuple[Rule, ...] = ()
    people: Mapping[str, str] = field(default_factory=dict)
    """Slack ids of people, by how the registry calls them, in lower case."""
    by_email: bool = False
    """Whether somebody who is not in *people* is looked up in Slack by e-mail."""
    digest: str = ""
    """Digest of the rules file."""

    def find(self, group: str) -> Rule:
        """Find the first rule that matches *group*; else make one by which nobody may decide."""
        nobody = Rule(patterns=(), channel=self.channel)
        return next((rule for rule in self.rules if rule.matches(group)), nobody)

    def slack_ids(self, name: str) -> tuple[str, ...]:
        """Return whom *name* means in Slack: by the ids in it, and by what *people* lists of it."""
        listed = [self.people[part] for part in self._parts(name) if part in self.people]
        return tuple(dict.fromkeys([*ids_in(name), *listed]))

    def emails(self, name: str) -> tuple[str, ...]:
        """
        Return the addresses in *name* by which to look people up, in lower case.

        There are none if that is switched off, or where *people* lists who it is.
        """
        parts = self._parts(name) if self.by_email else ()
        return tuple(dict.fromkeys(part for part in parts if part not in self.people))

    def _parts(self, name: str) -> Sequence[str]:
        """Return what names people in *name*, in lower case: listed parts, and e-mail addresses."""
        name = name.lower()
        if name in self.people:
            return [name]
        parts = name.split("/")  # of the ARN of an IAM user or of the session of a role
        listed_or_emails = (
            [part] if part in self.people else _EMAIL.findall(part) for part in parts
        )
        return [part for each in listed_or_emails for part in each]
