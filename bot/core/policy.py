"""
The rules: in which channel a version is announced, who may decide it, and who hears of it.

Pure: who belongs to a user group is asked elsewhere and handed in. Empty means nobody: no rule,
no approver and a group that cannot be read are all a no, with the reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from bot.core.errors import NotAllowed
from bot.core.transitions import MOVES
from bot.core.words import Mention, Part, Team, listed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.core.transitions import Move

COMMENT_BY_DEFAULT: Final = frozenset(move.key for move in MOVES if move.verb != "Approve")

Members = frozenset[str] | None
"""Who is in a user group; None when it could not be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What holds for the groups whose name matches one of *patterns*."""

    patterns: tuple[str, ...]
    channel: str
    users: tuple[str, ...] = ()
    user_groups: tuple[str, ...] = ()
    notify: tuple[str, ...] = ()
    comment: frozenset[str] = COMMENT_BY_DEFAULT

    @property
    def approvers(self) -> tuple[Part, ...]:
        """Who may decide, as one would name them."""
        return (*map(Mention, self.users), *map(Team, self.user_groups))

    @property
    def digest(self) -> str:
        """The same for rules that say the same."""
        said = (self.channel, self.users, self.user_groups, self.notify, sorted(self.comment))
        return sha256(repr(said).encode()).hexdigest()[:16]

    def matches(self, group: str) -> bool:
        """Whether this rule is for *group*; names are compared without case."""
        return any(fnmatchcase(group.lower(), pattern.lower()) for pattern in self.patterns)


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules, in the order in which they are tried, and the channel for what none matches."""

    channel: str
    rules: tuple[Rule, ...] = ()

    def find(self, group: str) -> Rule:
        """The first rule that matches *group*; failing that, one by which nobody may decide."""
        nobody = Rule(patterns=(), channel=self.channel)
        return next((rule for rule in self.rules if rule.matches(group)), nobody)


def nobody_because(rule: Rule) -> str | None:
    """Why nobody may decide under *rule*; None if somebody may."""
    if not rule.patterns:
        return "Nobody may decide: no rule matches this group."
    if not rule.approvers:
        return "Nobody may decide: the rule for this group names no approver."
    return None


def judge(rule: Rule, move: Move, person: str, members: Mapping[str, Members]) -> None:
    """
    Let *person* make *move*, or raise Refused with the reason.

    *members* answers for each user group of the rule, unless the person is named by id.
    """
    if nobody := nobody_because(rule):
        raise NotAllowed((nobody,))
    if person not in rule.users and not _in_a_group(person, rule, members):
        raise NotAllowed(_who_may(rule, move, members))


def _in_a_group(person: str, rule: Rule, members: Mapping[str, Members]) -> bool:
    return any(person in (members.get(group) or ()) for group in rule.user_groups)


def _who_may(rule: Rule, move: Move, members: Mapping[str, Members]) -> tuple[Part, ...]:
    unread = [Team(group) for group in rule.user_groups if members.get(group) is None]
    sentence = (f"You may not {move.key} this version. ", *listed(rule.approvers), " may.")
    if unread:
        return (
            *sentence,
            " Who is in ",
            *listed(unread),
            " could not be read, so nobody counts as a member.",
        )
    return sentence
