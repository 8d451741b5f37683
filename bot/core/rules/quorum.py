"""
How votes fill roles: a person counts once, for the role that needs them.

Ana is both an ML lead and in risk, Ben is only an ML lead: whoever voted first, Ana counts for
risk and Ben for the leads. That is the search for a largest matching between people and places,
done here as in the textbooks, by augmenting paths; there are a handful of each.
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
        """How many of them are there."""
        return sum(map(len, self.counted))

    @property
    def complete(self) -> bool:
        """Whether every role has what it needs. Roles that need nobody are never complete."""
        return 0 < self.needed == self.have

    @property
    def waiting_for(self) -> tuple[tuple[Role, int], ...]:
        """The roles that still need somebody, with how many."""
        missing = [
            (role, role.needs - len(people))
            for role, people in zip(self.roles, self.counted, strict=True)
        ]
        return tuple((role, many) for role, many in missing if many > 0)

    def role_of(self, person: str) -> str:
        """The name of the role that *person* counts for; empty if for none."""
        pairs = zip(self.roles, self.counted, strict=True)
        return next((role.name for role, people in pairs if person in people), "")


def tally(roles: Sequence[Role], can_fill: Mapping[str, frozenset[str]]) -> Tally:
    """
    As many places of *roles* filled as can be.

    *can_fill* says for each person, in the order of their votes, the names of the roles they are
    in. Who came first keeps a place before who came later.
    """
    places = [(number, role) for number, role in enumerate(roles) for _ in range(role.needs)]
    holder: dict[int, str] = {}
    for person in can_fill:
        if len(holder) < len(places):
            _seat(person, places, can_fill, holder, set())
    seats = {person: places[at][0] for at, person in holder.items()}
    counted = tuple(
        tuple(person for person in can_fill if seats.get(person) == number)
        for number in range(len(roles))
    )
    return Tally(tuple(roles), counted)


def _seat(
    person: str,
    places: Sequence[tuple[int, Role]],
    can_fill: Mapping[str, frozenset[str]],
    holder: dict[int, str],
    tried: set[int],
) -> bool:
    """Give *person* a place, moving others to another of theirs if need be."""
    for at, (_, role) in enumerate(places):
        if role.name not in can_fill[person] or at in tried:
            continue
        tried.add(at)
        if at not in holder or _seat(holder[at], places, can_fill, holder, tried):
            holder[at] = person
            return True
    return False
