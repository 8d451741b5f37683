"""What can be done now in a simulation, by people and around them, each by its label."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from tests.simulation import people, surroundings

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.simulation.world import World

_ACTS: Final = {
    act.__name__: act
    for act in (
        people.register,
        people.register_own,
        people.click,
        people.vote,
        people.vote_at_rest,
        people.vote_with_others,
        people.vote_at_rest_with_others,
        people.submit,
        people.confirm,
        people.withdraw_any,
        people.withdraw_own,
        people.ask,
        surroundings.move,
        surroundings.move_and_back,
        surroundings.edit,
        surroundings.delete,
        surroundings.deploy,
        surroundings.slack,
        surroundings.rates,
        surroundings.outage,
        surroundings.forbidden,
        surroundings.membership,
        surroundings.evidence,
        surroundings.redeliver,
        surroundings.disturb_unfinished,
        surroundings.disturb_others,
        surroundings.impatient,
        surroundings.unnoticed_move,
        surroundings.unnoticed_deletion,
        surroundings.unnoticed_deployment,
        surroundings.by_hand,
        surroundings.time,
    )
}
"""What each kind of act is listed by."""


@dataclass
class Acts:
    """What can be done in *world*."""

    world: World
    listed: dict[str, Callable[[], None]] = field(default_factory=dict)
    """What was listed since something was done, by its label."""

    def labels(self, kind: str) -> list[str]:
        """List what of *kind* can be done now."""
        acts = dict(_ACTS[kind](self.world))
        if not self.world.simulation.odds.loses_events:
            acts = {label: act for label, act in acts.items() if "lost" not in label}
        self.listed.update(acts)
        return list(acts)

    def act(self, label: str) -> None:
        """Do what *label* says."""
        act = self.listed[label]
        self.listed.clear()
        act()
