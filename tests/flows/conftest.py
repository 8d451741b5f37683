from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING

import pytest

from bot.core.errors import Ignored, Unavailable
from bot.flows.ports import Ports
from bot.flows.work import work
from tests.doubles.builders import BEN, CHLOE, LEADS, NOON, RISK, RULES
from tests.doubles.chat import FakeChat
from tests.doubles.directory import FakeDirectory
from tests.doubles.endpoints import FakeEndpoints
from tests.doubles.evidence import FakeEvidence
from tests.doubles.failures import Failures, WithFailures, none
from tests.doubles.job_queue import FakeJobQueue
from tests.doubles.ledger import MemoryLedger
from tests.doubles.metrics import FakeMetrics
from tests.doubles.registry import FakeRegistry

if TYPE_CHECKING:
    from bot.core.cards.messages import Message
    from bot.core.jobs.messages import Job
    from bot.core.registry.version import Arn, DescribedVersion, Status
    from bot.core.rules.people import Members
    from bot.core.rules.rule import Rules

GROUPS: dict[str, Members] = {LEADS: frozenset({BEN.id}), RISK: frozenset({CHLOE.id})}


@dataclass
class FakeBot:
    """The bot on doubles: what a test sets up, changes and checks."""

    registry: FakeRegistry = field(default_factory=FakeRegistry)
    endpoints: FakeEndpoints = field(default_factory=FakeEndpoints)
    ledger: MemoryLedger = field(default_factory=MemoryLedger)
    chat: FakeChat = field(default_factory=FakeChat)
    evidence: FakeEvidence = field(default_factory=FakeEvidence)
    directory: FakeDirectory = field(default_factory=lambda: FakeDirectory(dict(GROUPS)))
    queue: FakeJobQueue = field(default_factory=FakeJobQueue)
    metrics: FakeMetrics = field(default_factory=FakeMetrics)
    job_sent_at: datetime | None = None
    attempt: int = 1
    owners: count[int] = field(default_factory=count)
    rules: Rules = RULES
    clock: datetime = NOON
    """The clock of the store and of Slack."""
    skew: timedelta = timedelta()
    """How far the clock of the machine that works is ahead of it."""

    def store_now(self) -> datetime:
        """A clock that advances by a second with each call."""
        self.clock += timedelta(seconds=1)
        return self.clock

    def now(self) -> datetime:
        """The clock of the machine."""
        return self.store_now() + self.skew

    def ports(self, failures: Failures = none) -> Ports:
        self.ledger.now = self.store_now
        self.chat.now = lambda: self.clock
        return Ports(
            registry=WithFailures(self.registry, failures),
            evidence=WithFailures(self.evidence, failures),
            endpoints=WithFailures(self.endpoints, failures),
            ledger=WithFailures(self.ledger, failures),
            chat=WithFailures(self.chat, failures),
            directory=WithFailures(self.directory, failures),
            queue=WithFailures(self.queue, failures),
            metrics=self.metrics,
            rules=self.rules,
            now=self.now,
            new_owner=lambda: f"owner-{next(self.owners)}",
            job_sent_at=self.job_sent_at,
            attempt=self.attempt,
        )

    def do(self, job: Job, failures: Failures = none) -> None:
        """Carry out *job*, and whatever it puts into the queue."""
        self._work(job, failures)
        self.finish(failures)

    def finish(self, failures: Failures = none) -> None:
        """Carry out whatever is in the queue."""
        while self.queue.message_groups:
            name = next(iter(self.queue.message_groups))
            self._work(self.queue.next(name), failures)
            self.queue.done(name)

    def _work(self, job: Job, failures: Failures) -> None:
        try:
            work(job, self.ports(failures))
        except Ignored:
            return
        except Unavailable as error:
            # The queue waits so long before it delivers the job again.
            self.clock += timedelta(seconds=error.retry_after)
            raise

    def status(self, arn: Arn) -> Status:
        return self.registry.registered[arn].status

    def card(self, version: DescribedVersion) -> Message:
        """The one card of *version*."""
        (posted,) = [p for p in self.chat.cards() if p.key.startswith(f"card.{version.arn}.")]
        return posted.message

    def change(self, version: DescribedVersion, **changes: object) -> DescribedVersion:
        """Replace *version* in the registry with *changes*."""
        return self.registry.add(replace(version, **changes))  # type: ignore[arg-type]


@pytest.fixture
def bot() -> FakeBot:
    return FakeBot()
