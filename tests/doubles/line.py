"""The line in memory, held to the same contract as SQS FIFO (tests/adapters)."""

from __future__ import annotations

from collections import defaultdict, deque
from typing import TYPE_CHECKING

from bot.core.jobs.messages import decode, encode, message_group

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.core.jobs.messages import Job


class FakeLine:
    """`bot.flows.ports.Line` in memory: lanes, each in order; a key that stood in it is dropped."""

    def __init__(self) -> None:
        self.lanes: defaultdict[str, deque[str]] = defaultdict(deque)
        self._keys: set[tuple[type[Job], str]] = set()

    def send(self, job: Job, key: str) -> None:
        if (type(job), key) not in self._keys:
            self._keys.add((type(job), key))
            self.lanes[message_group(job)].append(encode(job))

    def send_all(self, jobs: Iterable[tuple[Job, str]]) -> None:
        for job, key in jobs:
            self.send(job, key)

    def next(self, name: str) -> Job:
        """The job whose turn it is in the lane *name*; it stays there until it is `done`."""
        return decode(self.lanes[name][0])

    def done(self, name: str) -> None:
        """The first job of the lane *name* was carried out."""
        self.lanes[name].popleft()
        if not self.lanes[name]:
            del self.lanes[name]

    def waiting(self) -> list[Job]:
        """Everything that stands in the line."""
        return [decode(body) for bodies in self.lanes.values() for body in bodies]
