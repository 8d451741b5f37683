"""
How people are named in a message: mentioned, which notifies them, or by their names alone.

A rule's `mention` says whom a card may notify. Everybody else is named as text: by the real name
that their vote was stored with, or that was looked up; somebody without either is only counted.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bot.core.rules.reach import MOST_NAMED, is_pinged, pinged_of
from bot.core.text import Mention, cut, one_line
from bot.core.words import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.core.rules.people import Person
    from bot.core.rules.rule import People
    from bot.core.text import Part
    from bot.core.words import Item

_NAME_LIMIT: Final = 80


@dataclass(frozen=True, slots=True)
class Naming:
    """Whom a message may mention (None: everybody), and what the others are called, by id."""

    mention: tuple[str, ...] | None = None
    names: Mapping[str, str] = field(default_factory=dict)

    def person(self, person: Person) -> Part:
        """Mention *person*, or name them: as they are called now, else as they were then."""
        return self.by_id(person.id) or _name(person.name)

    def by_id(self, id_: str) -> Part | None:
        """Mention somebody, or name them; None if their name is not known."""
        if is_pinged(id_, self.mention):
            return Mention(id_)
        name = one_line(self.names.get(id_, ""))
        return _name(name) if name else None

    def persons(self, people: Iterable[Person]) -> list[Item]:
        """Name the first of *people*, and count the others."""
        return few([self.person(person) for person in people])

    def people(self, people: People) -> list[Item]:
        """Name those of a rule, first whom it notifies; count whose names are not known."""
        mentioned = pinged_of(people, self.mention).mentions
        others = [id_ for id_ in people.users if not is_pinged(id_, self.mention)]
        names = [name for id_ in others if (name := self.by_id(id_))]
        groups = sum(not is_pinged(id_, self.mention) for id_ in people.user_groups)
        in_groups = [say("user_groups", count=groups)] if groups else []
        return [*few([*mentioned, *names], len(others) - len(names)), *in_groups]


EVERYBODY: Final = Naming()
"""Everybody may be mentioned."""


def _name(name: str) -> str:
    return cut(one_line(name), _NAME_LIMIT)


def few(people: Sequence[Part], unnamed: int = 0) -> list[Item]:
    """The first of *people*, and how many more there are with those *unnamed*."""
    more = max(0, len(people) - MOST_NAMED) + unnamed
    if not people:
        return [say("people_count", count=more)] if more else []
    return [*people[:MOST_NAMED], *([say("people_more", count=more)] if more else [])]
