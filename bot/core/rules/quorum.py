"""
Count how votes fill roles: a person counts once, for the role that needs them.

Ana is both an ML lead and in risk, Ben is only an ML lead: whoever voted first, Ana counts for
risk and Ben for the leads. That is a largest matching between people and places, found as in the
textbooks by augmenting paths; there are a handful of each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.core.rules.rule import Role


@dataclass(frozen=True, slots=True)
class Tally:
    """How far the roles are filled, each with the people who count for it."""

    roles: tuple[Role, ...]
    counted: tuple[tuple[str, ...], ...]
    """The ids of those who count, for each of *roles*."""

    @property
    def needed(self) -> int:
        """How many votes the roles need in all."""
        return sum(role.needs for role in self.roles)

    @property
    def have(self) -> int:
        """How many of them have been cast."""
        return sum(map(len, self.counted))

    @property
    def complete(self) -> bool:
        """Whether every role has what it needs. Roles that need nobody are never complete."""
        return 0 < self.needed == self.have

    @property
    def waiting_for(self) -> tuple[tuple[Role, int], ...]:
        """The roles that need more people, each with how many."""
        missing = [
            (role, role.needs - len(people))
            for role, people in zip(self.roles, self.counted, strict=True)
        ]
        return tuple((role, count) for role, count in missing if count > 0)

    def role_of(self, person: str) -> str:
        """Name the role that *person* counts for; empty if they count for none."""
        pairs = zip(self.roles, self.counted, strict=True)
        return next((role.name for role, people in pairs if person in people), "")


def tally(roles: Sequence[Role], can_fill: Mapping[str, frozenset[str]]) -> Tally:
    """
    Fill as many places of *roles* as possible.

    *can_fill* has the names of the roles that each person is in, in the order of their votes. Who
    voted first keeps a place before who voted later.
    """
    places = [(number, role) for number, role in enumerate(roles) for _ in range(role.needs)]
    holders: dict[int, str] = {}
    for person in can_fill:
        if len(holders) < len(places):
            _assign(person, places, can_fill, holders, set())
    role_numbers = {person: places[place][0] for place, person in holders.items()}
    counted = tuple(
        tuple(person for person in can_fill if role_numbers.get(person) == number)
        for number in range(len(roles))
    )
    return Tally(tuple(roles), counted)


def _assign(
    person: str,
    places: Sequence[tuple[int, Role]],
    can_fill: Mapping[str, frozenset[str]],
    holders: dict[int, str],
    tried: set[int],
) -> bool:
    """Give *person* a place, moving others to another of theirs if necessary."""
    for place, (_, role) in enumerate(places):
        if role.name not in can_fill[person] or place in tried:
            continue
        tried.add(place)
        if place not in holders or _assign(holders[place], places, can_fill, holders, tried):
            holders[place] = person
            return True
    return False
