"""
Who could decide under a rule, as far as Slack says, for checking a rules file.

Slack is asked no more than it takes: a user group of hundreds is read, but only as many of its
members are looked up as its roles need. Whether a vote counts is for `bot.core.rules.judge`.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

from bot.core.rules.people import NEVER, SLACK_ID, LookupFailure, MembershipStatus
from bot.core.words.reasons import lookup_failure

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.core.rules.rule import Role, Rule
    from bot.flows.ports import Directory

_NEVER: Final = {
    MembershipStatus.GONE: "is deactivated in Slack",
    MembershipStatus.ROBOT: "is an app and no person",
    MembershipStatus.UNKNOWN: "is somebody of whom Slack did not say who they are",
}


def why_nobody(id_: str, directory: Directory) -> str | None:
    """Say why the person or the user group *id_* stands for nobody; None if somebody."""
    if SLACK_ID.fullmatch(id_):
        return _NEVER.get(directory.profile(id_).membership)
    members = directory.members(id_) if id_.startswith("S") else frozenset()
    if isinstance(members, LookupFailure):
        return f"cannot be read: {lookup_failure(members)}"
    return None


@dataclass(frozen=True, slots=True)
class Candidates:
    """
    People who could fill the roles of *rule*.

    Without a directory these are those whom it names, and as many made-up members of its user
    groups as it needs.
    """

    rule: Rule
    directory: Directory | None

    def able(self, roles: Sequence[Role]) -> dict[str, frozenset[str]]:
        """
        People who can fill *roles*, each with the names of those they are in.

        Not all of them: of each user group as many as there are places. More would fill no more,
        for whoever is left out can be replaced by one who is here and has no place.
        """
        places = sum(role.needs for role in roles)
        people = {role.name: dict.fromkeys(self._in(role, places)) for role in roles}
        everyone = dict.fromkeys(person for each in people.values() for person in each)
        return {
            person: frozenset(name for name, each in people.items() if person in each)
            for person in everyone
        }

    def _in(self, role: Role, most: int) -> list[str]:
        users = self._counting(role.people.users)
        groups = (self._members(group, most) for group in role.people.user_groups)
        return [*users, *(person for group in groups for person in group)]

    def _members(self, group: str, most: int) -> list[str]:
        """At most *most* of *group*; that many if it cannot be read, which is a problem itself."""
        members = self.directory.members(group) if self.directory else LookupFailure.OTHER
        if isinstance(members, LookupFailure):
            return [f"{group} {number}" for number in range(most)]
        return list(islice(self._counting(sorted(members)), most))

    def _counting(self, people: Iterable[str]) -> Iterable[str]:
        return (person for person in people if self._counts(person))

    def _counts(self, person: str) -> bool:
        """Whether *person* may vote: a member, or anybody else who is named and not excluded."""
        if self.directory is None:
            return True
        membership = self.directory.profile(person).membership
        if membership is MembershipStatus.MEMBER or membership in NEVER:
            return membership is MembershipStatus.MEMBER
        return person in self.rule.everybody.users
