"""
Every fault that every call of a decision, a quorum, a withdrawal and a rollback can have, one at a
time: whatever it is, all promises hold afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.simulation import faults
from tests.simulation.chance import BETWEEN, ORDINARY, Line, Retold
from tests.simulation.promises import check, come_to_rest
from tests.simulation.run import EVERYTHING
from tests.simulation.simulation import SKEWS, Simulation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


@dataclass(frozen=True)
class Scenario:
    """What happens undisturbed, and then that of which every call is tried with every fault."""

    before: tuple[str, ...]
    then: tuple[str, ...]


SCENARIOS = {
    "a decision": Scenario((), ("ana opens and submits approve of fraud/1",)),
    "a quorum of two": Scenario(
        (),
        (
            "ana opens and submits approve of pair/1",
            "chloe opens and submits approve of pair/1",
        ),
    ),
    "a withdrawal": Scenario(
        ("ana opens and submits approve of pair/1",), ("ana withdraws from pair/1",)
    ),
    "a rollback": Scenario(
        (
            "a version of fraud is registered",
            "ana opens and submits approve of fraud/1",
            "ben opens and submits approve of fraud/2",
            "fraud-prod serves fraud/2",
        ),
        ("ana opens and submits revoke of fraud/2",),
    ),
}
PARTS = 4


class OneFault(Retold):
    """A story in which one call ends otherwise."""

    def __init__(self, scenario: Scenario, call: int, fault: str) -> None:
        lines = [*scenario.before, *scenario.then]
        super().__init__(Line(BETWEEN, 0, line) for line in lines)
        self.calls: list[list[str]] = []
        """The faults that each call could have had."""
        self._undisturbed = len(scenario.then) - 1
        self._call, self._fault = call, fault
        self.moment = ""

    def in_call(
        self, moment: str, odds: Mapping[str, float], labels: Callable[[str], Sequence[str]]
    ) -> str:
        if len(self.left) > self._undisturbed:
            return ORDINARY
        others = {"switch", *EVERYTHING.between}
        possible = [each for kind in odds if kind not in others for each in labels(kind)]
        self.calls.append(possible)
        if len(self.calls) - 1 == self._call and self._fault in possible:
            self.moment = f"{moment}: {self._fault}"
            return self._fault
        return ORDINARY


def tell(scenario: Scenario, call: int = -1, fault: str = "") -> OneFault:
    """Tell a story in which *call* has *fault*, and check every promise."""
    chance = OneFault(scenario, call, fault)
    simulation = Simulation(chance, EVERYTHING)
    try:
        simulation.world.begin()
        while simulation.step():
            pass
        come_to_rest(simulation)
        check(simulation)
    except Exception as error:
        error.add_note(f"with {chance.moment}")
        raise
    return chance


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=SCENARIOS)
def test_every_promise_holds_whatever_becomes_of_one_call(scenario: Scenario, part: int) -> None:
    calls = tell(scenario).calls
    broken = []
    for call in range(part, len(calls), PARTS):
        for fault in calls[call]:
            try:
                tell(scenario, call, fault)
            except Exception as error:  # noqa: BLE001 - all of them are shown
                broken.append(f"{error.__notes__[0]}: {error}")
    assert not broken, "\n".join([f"{len(broken)} broken:", *broken[:10]])


def test_faults_are_possible_at_every_call() -> None:
    calls = tell(SCENARIOS["a decision"]).calls
    assert len(calls) > 10
    begin = set(SKEWS)
    assert all({faults.FAILS, faults.DIES_AFTER} <= set(c) for c in calls if not set(c) <= begin)
