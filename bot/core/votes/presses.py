"""
When each person pressed the button for what they last did about a version.

A message can be carried out long after others of the same person: as a dead letter that is
redriven. What was pressed before something that counted does not count any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bot.core.wire import AwareDatetime, NonEmpty

if TYPE_CHECKING:
    from datetime import datetime

MOST: Final = 200
"""So many people are remembered, those recorded last: 10 KB of the version's row."""


@dataclass(frozen=True, slots=True)
class Presses:
    """The latest press of each person that counted, by Slack's clock."""

    latest: Mapping[NonEmpty, AwareDatetime] = field(default_factory=dict)
    """By the ids of people."""

    def is_outdated(self, person: str, pressed: datetime | None) -> bool:
        """
        Whether a vote or a withdrawal of *person* counted whose press was at *pressed* or later.

        Equal times mean the same form, which was submitted or delivered again.
        """
        latest = self.latest.get(person)
        return bool(pressed and latest and pressed <= latest)

    def with_press(self, person: str, pressed: datetime | None) -> Presses:
        """Return these with the press of *person*; without one, they are as they were."""
        if pressed is None:
            return self
        others = {id_: time for id_, time in self.latest.items() if id_ != person}
        return Presses(dict([*others.items(), (person, pressed)][-MOST:]))
