"""The queue in memory, held to the same contract as SQS FIFO (tests/adapters)."""

from __future__ import annotations

from collections import defaultdict, deque
from typing import TYPE_CHECKING

from bot.core.jobs.messages import decode, encode, message_group

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.core.jobs.messages import Job


class FakeJobQueue:
    """`bot.flows.ports.JobQueue` in memory: each message group in order, each key once."""

    def __init__(self) -> None:
        self.message_groups: defaultdict[str, deque[str]] = defaultdict(deque)
        self._keys: set[tuple[type[Job], str]] = set()

    def send(self, job: Job, key: str) -> None:
        if (type(job), key) not in self._keys:
            self._keys.add((type(job), key))
            self.message_groups[message_group(job)].append(encode(job))

    def send_all(self, jobs: Iterable[tuple[Job, str]]) -> None:
        for job, key in jobs:
            self.send(job, key)

    def next(self, group: str) -> Job:
        """Return the first job of the message group; it stays there until it is `done`."""
        return decode(self.message_groups[group][0])

    def done(self, group: str) -> None:
        """Remove the first job of the message group: it was carried out."""
        self.message_groups[group].popleft()
        if not self.message_groups[group]:
            del self.message_groups[group]

    def waiting(self) -> list[Job]:
        """Return every job in the queue."""
        return [decode(body) for bodies in self.message_groups.values() for body in bodies]
