"""Run one story: from a seed, or told again."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from tests.simulation.chance import Chance, Line, Retold, Seeded, shorter
from tests.simulation.promises import check, come_to_rest
from tests.simulation.quick_blocks import check_quickly
from tests.simulation.required import Broken
from tests.simulation.simulation import NOTICED, STARTS_A_WORKER, UNNOTICED, Odds, Simulation

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

check_quickly()

FAULTLESS = 3
"""
Of each four seeds, this one is of a story in which no call fails: there no sweep hides what an
event should have led to.
"""
INTERRUPTED = {1, 2}
"""Of each four seeds, these are of stories in which decisions are often interrupted."""
LENGTH = 600
"""So many steps, then everything comes to rest."""
_IN_CALL = {
    "fails": 0.006,
    "dies": 0.003,
    "throttled": 0.003,
    "twice": 0.005,
    "refused": 0.002,
    "late": 0.003,
    "lags": 0.02,
    "switch": 0.03,
    "act": 0.01,
}
_BETWEEN = {
    "vote_at_rest": 0.1,
    "vote_with_others": 0.2,
    "vote": 0.02,
    "click": 0.03,
    "confirm": 0.05,
    "submit": 0.02,
    "withdraw_own": 0.02,
    "withdraw_any": 0.005,
    "register": 0.03,
    "register_own": 0.03,
    "move": 0.006,
    "move_and_back": 0.012,
    "edit": 0.004,
    "delete": 0.01,
    "deploy": 0.02,
    "slack": 0.02,
    "outage": 0.005,
    "forbidden": 0.003,
    "membership": 0.005,
    "evidence": 0.003,
    "redeliver": 0.02,
    "by_hand": 0.02,
    "disturb_unfinished": 0.06,
    "impatient": 0.1,
    "ask": 0.02,
    "rates": 0.01,
    "time": 0.03,
}
_BETWEEN_INTERRUPTED = {
    "disturb_unfinished": 0.15,
    "impatient": 0.12,
    "vote_at_rest_with_others": 0.3,
    "vote_at_rest": 0.12,
    "confirm": 0.03,
    "withdraw_own": 0.02,
    "register": 0.02,
    "register_own": 0.15,
    "move": 0.006,
    "move_and_back": 0.01,
    "delete": 0.006,
    "redeliver": 0.02,
    "deploy": 0.04,
    "time": 0.02,
}
"""Little but votes, and what disturbs the decisions that they lead to."""
_WHILE_OPEN = {
    "disturb_others": 0.2,
    "disturb_unfinished": 0.15,
    "impatient": 0.35,
    "register": 0.03,
    "vote_at_rest": 0.05,
    "time": 0.02,
}
"""The same, while a decision is written down and may not be made."""
_DISTURBING = {
    "slack",
    "rates",
    "outage",
    "forbidden",
    "evidence",
    "disturb_unfinished",
    "impatient",
}


def odds(seed: int) -> Odds:
    """How likely things are in the story of *seed*: some do not happen in it, others more often."""
    random = Random(f"odds of {seed}")  # noqa: S311 - to be repeated, not to be secret
    if seed % 4 == FAULTLESS:
        return _without_faults(random)
    if seed % 4 in INTERRUPTED:
        return _interrupted(random)
    factors = (0, 0, 0.3, 1, 1, 2, 4)
    in_call = {kind: chance * random.choice(factors) for kind, chance in _IN_CALL.items()}
    between = {kind: chance * random.choice(factors) for kind, chance in _BETWEEN.items()}
    return Odds(in_call, between, skew=random.choice((0, 0, 0.2)))


def _without_faults(random: Random) -> Odds:
    """Odds by which nothing fails and no event is lost: all is right before any sweep looks."""
    in_call = {kind: _IN_CALL[kind] * random.choice((0, 1, 4)) for kind in ("switch", "act")}
    between = {
        kind: chance * random.choice((0.3, 1, 2, 4))
        for kind, chance in _BETWEEN.items()
        if kind not in _DISTURBING
    }
    only_between = STARTS_A_WORKER | {"time"}  # Lambda ends a worker whose call takes so long
    return Odds(in_call, between, skew=0, only_between=only_between, loses_events=False)


def _interrupted(random: Random) -> Odds:
    """Odds by which many decisions fail at first, and things change before the next attempt."""
    in_call = {"fails": 0.004, "dies": 0.003, "refused": 0.002, "lags": 0.008, "act": 0.005}
    between = {
        kind: chance * random.choice((0.3, 1, 1, 1.2))
        for kind, chance in _BETWEEN_INTERRUPTED.items()
    }
    groups = random.choice((("fraud",), ("pair",), ("pair",)))
    return Odds(in_call, between, while_open=_WHILE_OPEN, skew=0, groups=groups)


_LAST = {**UNNOTICED, "move": 0.1, "deploy": 0.3}
"""What happens last in stories in which events are lost."""
EVERYTHING = Odds(
    dict.fromkeys(_IN_CALL, 1.0), dict.fromkeys(_BETWEEN, 1.0), skew=1.0, most_versions=9
)
"""Whatever can happen; how likely it is matters to nobody who tells a story again."""


@dataclass(frozen=True)
class Result:
    """How a story ended."""

    steps: int
    lines: Sequence[Line]
    broken: BaseException | None
    transcript: Sequence[str] = ()

    @property
    def kind(self) -> str:
        """Which promise was broken, or what was raised."""
        if isinstance(self.broken, Broken):
            return self.broken.promise
        return type(self.broken).__name__ if self.broken else ""


def from_seed(seed: int, length: int = LENGTH, *, transcript: bool = False) -> Result:
    """Run the story of *seed*."""
    return _run(Seeded(seed), odds(seed), length, transcript=transcript)


def from_lines(lines: Iterable[Line], *, transcript: bool = False) -> Result:
    """Tell a story again."""
    return _run(Retold(lines), EVERYTHING, 50 * LENGTH, transcript=transcript)


def _run(chance: Chance, odds: Odds, length: int, *, transcript: bool) -> Result:
    simulation = Simulation(chance, odds, transcript=[] if transcript else None)
    broken: BaseException | None = None
    try:
        simulation.world.begin()
        while simulation.steps < length and not getattr(chance, "is_over", False):
            if not simulation.step() and isinstance(chance, Retold):
                break
        simulation.end_with(_LAST if odds.loses_events else NOTICED)
        come_to_rest(simulation)
        check(simulation)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is reported
        broken = error
    return Result(simulation.steps, chance.lines, broken, simulation.transcript or ())


def shrink(result: Result) -> Result:
    """Return a story as short as can be that breaks the same promise."""

    def fails(lines: Sequence[Line]) -> bool:
        return from_lines(lines).kind == result.kind

    if not fails(result.lines):
        return result
    lines = shorter(result.lines, fails)
    return from_lines(lines, transcript=True)
