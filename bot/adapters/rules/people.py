"""
Who could decide under a rule, as far as Slack says, for somebody who checks a rules file.

Nobody is asked about more than it takes: a user group of hundreds is read, but only as many of
its members are looked at as its roles need. Whether a vote counts is for `bot.core.policy`.
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


def why_never(named: str, directory: Directory) -> str | None:
    """Why the person or the user group *named* stands for nobody; None if they do not."""
    if SLACK_ID.fullmatch(named):
        standing = directory.standing(named)
        return _NEVER.get(standing)
    members = directory.members(named) if named.startswith("S") else frozenset()
    return (
        f"cannot be read: {lookup_failure(members)}" if isinstance(members, LookupFailure) else None
    )


@dataclass(frozen=True, slots=True)
class Crew:
    """The people of *rule*; without a directory, those whom it names and whomever else it needs."""

    rule: Rule
    directory: Directory | None

    def able(self, roles: Sequence[Role]) -> dict[str, frozenset[str]]:
        """
        People who can fill *roles*, each with the names of those they are in.

        Not all of them: of each user group as many as there are places. More would fill no more,
        for whoever is left out can be replaced by one who is here and has no place.
        """
        places = sum(role.needs for role in roles)
        crews = {role.name: self._of(role, places) for role in roles}
        everyone = dict.fromkeys(person for crew in crews.values() for person in crew)
        return {
            person: frozenset(name for name, crew in crews.items() if person in crew)
            for person in everyone
        }

    def _of(self, role: Role, many: int) -> list[str]:
        users = self._counting(role.people.users)
        groups = (self._some(group, many) for group in role.people.user_groups)
        return [*users, *(person for group in groups for person in group)]

    def _some(self, group: str, many: int) -> list[str]:
        """At most *many* of *group*. If it cannot be read, that many: it is named for that."""
        members = self.directory.members(group) if self.directory else LookupFailure.OTHER
        if isinstance(members, LookupFailure):
            return [f"{group} {number}" for number in range(many)]
        return list(islice(self._counting(sorted(members)), many))

    def _counting(self, people: Iterable[str]) -> Iterable[str]:
        return (person for person in people if self._counts(person))

    def _counts(self, person: str) -> bool:
        """Whether *person* may vote: a member, or anybody else who is named and still there."""
        if self.directory is None:
            return True
        standing = self.directory.standing(person)
        named = person in self.rule.everybody.users
        return standing is MembershipStatus.MEMBER or (named and standing not in NEVER)
