"""The line in memory, held to the same contract as SQS FIFO (tests/adapters)."""

from __future__ import annotations

from collections import defaultdict, deque
from typing import TYPE_CHECKING

from bot.core.errands import decode, encode, lane

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.core.errands import Errand


class FakeLine:
    """`bot.flows.ports.Line` in memory: lanes, each in order; a key that stood in it is dropped."""

    def __init__(self) -> None:
        self.lanes: defaultdict[str, deque[str]] = defaultdict(deque)
        self._keys: set[tuple[type[Errand], str]] = set()

    def send(self, errand: Errand, key: str) -> None:
        if (type(errand), key) not in self._keys:
            self._keys.add((type(errand), key))
            self.lanes[lane(errand)].append(encode(errand))

    def send_all(self, errands: Iterable[tuple[Errand, str]]) -> None:
        for errand, key in errands:
            self.send(errand, key)

    def next(self, name: str) -> Errand:
        """The errand whose turn it is in the lane *name*; it stays there until it is `done`."""
        return decode(self.lanes[name][0])

    def done(self, name: str) -> None:
        """The first errand of the lane *name* was carried out."""
        self.lanes[name].popleft()
        if not self.lanes[name]:
            del self.lanes[name]

    def waiting(self) -> list[Errand]:
        """Everything that stands in the line."""
        return [decode(body) for bodies in self.lanes.values() for body in bodies]
