"""
Times to the answer, cold and warm. Of a request of Slack, that is the acknowledgement.

Cold is a new process: the runtime starts, imports the handler and answers its first call. The
bots take turns, so that what else the machine does meets them alike.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from statistics import median, quantiles
from time import perf_counter, sleep
from typing import TYPE_CHECKING, Any, Final

from tests.bench.events import CLICK, KINDS, event
from tests.bench.quota import limited
from tests.bench.throttle import PERIOD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.bots import Bot
    from tests.bench.quota import Profile
    from tests.bench.stand_in import StandIn
    from tests.runtime.lambdas import Lambda

    Timed = tuple[str, str, float]

COLD: Final = "cold"
WARM: Final = "warm"
FORM: Final = "form"
"""What a click opens; it is there before the click is acknowledged."""
_OK: Final = ({"statusCode": 200}, {"batchItemFailures": []})
"""What an answer has if all went well: to a request, and to a message of the queue."""
_NINE_OF_TEN: Final = 8


@dataclass(frozen=True, slots=True)
class Cell:
    """What is timed: with this limit and start, how long this bot takes for this."""

    profile: Profile
    start: str
    kind: str
    bot: str


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds, of at least one call."""

    all: tuple[float, ...]

    @property
    def median(self) -> float:
        return median(self.all)

    @property
    def p90(self) -> float:
        """Nine of ten took no longer."""
        if len(self.all) == 1:
            return self.all[0]
        return quantiles(self.all, n=10, method="inclusive")[_NINE_OF_TEN]


AllTimes = dict[Cell, Times]


@dataclass(frozen=True, slots=True)
class Plan:
    """How often each is done."""

    colds: int
    warms: int
    kinds: tuple[str, ...] = KINDS


def measure(bots: tuple[Bot, ...], profile: Profile, plan: Plan, server: StandIn) -> AllTimes:
    """The times of *bots*, for which *server* is AWS and Slack."""
    times: defaultdict[Cell, list[float]] = defaultdict(list)
    with limited(bots, profile) as held:
        for start, timed, many in ((COLD, _colds, plan.colds), (WARM, _warms, plan.warms)):
            for kind in plan.kinds:
                for bot, measured, took in timed(held, kind, many, server):
                    times[Cell(profile, start, measured, bot)].append(took)
    return {cell: Times(tuple(values)) for cell, values in times.items()}


def _colds(bots: tuple[Bot, ...], kind: str, many: int, server: StandIn) -> Iterator[Timed]:
    for _ in range(many):
        for bot in bots:
            with running(bot, server) as function:
                yield from _timed(bot, function, kind, server)


def _warms(bots: tuple[Bot, ...], kind: str, many: int, server: StandIn) -> Iterator[Timed]:
    with ExitStack() as stack:
        functions = {bot: stack.enter_context(running(bot, server)) for bot in bots if many}
        for bot, function in functions.items():
            list(_timed(bot, function, kind, server))
        for _ in range(many):
            for bot, function in functions.items():
                sleep(2 * PERIOD)  # so that none pays for the share that the one before it used up
                yield from _timed(bot, function, kind, server)


@contextmanager
def running(bot: Bot, server: StandIn) -> Iterator[Lambda]:
    """A new process of *bot*, ended afterwards."""
    function = bot.start(server)
    try:
        yield function
    finally:
        function.stop()


def _timed(bot: Bot, function: Lambda, kind: str, server: StandIn) -> Iterator[Timed]:
    """How long the answer took, which must be a good one; and the form of a click before it."""
    request = event(kind, server.url)
    began = perf_counter()
    response = function.invoke(request)
    took = perf_counter() - began
    if not _is_good(response):
        raise RuntimeError(f"{bot.name} does not acknowledge a {kind}: {response}")
    yield bot.name, kind, took * 1000
    if kind == CLICK:
        yield bot.name, FORM, (server.opened - began) * 1000


def _is_good(response: Any) -> bool:
    """Whether *response* says that the work was done."""
    return any(response.items() >= good.items() for good in _OK)
