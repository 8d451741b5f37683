from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from bot.core.errors import Ignored
from bot.core.evidence.brief import Brief, Metric, Source
from bot.flows.ports import Ports
from bot.flows.work import work
from tests.doubles.builders import BEN, CHLOE, LEADS, NOON, RISK, RULES
from tests.doubles.chat import FakeChat
from tests.doubles.deployments import FakeDeployments
from tests.doubles.directory import FakeDirectory
from tests.doubles.ledger import MemoryLedger
from tests.doubles.line import FakeLine
from tests.doubles.meter import FakeMeter
from tests.doubles.registry import FakeRegistry
from tests.doubles.trouble import Trouble, Troubled, none

if TYPE_CHECKING:
    from bot.core.cards.messages import Message
    from bot.core.jobs.messages import Job
    from bot.core.registry.version import Arn, DescribedVersion, Report, Status
    from bot.core.rules.people import Members
    from bot.core.rules.rule import Rules

PARTS = 4
"""In so many parts the random walk is taken, so that several processes share it."""
GROUPS: dict[str, Members] = {LEADS: frozenset({BEN.id}), RISK: frozenset({CHLOE.id})}


@dataclass
class FakeEvidence:
    """`bot.flows.ports.Evidence`: every report says the same, until somebody writes it over."""

    auc: str = "0.94"
    written: int = 1

    def read(self, report: Report, arn: Arn) -> Brief:  # noqa: ARG002
        return Brief((Metric("auc", self.auc),), (), (Source(report.uri, f"etag-{self.written}"),))

    def write_over(self, auc: str = "0.91") -> None:
        self.auc, self.written = auc, self.written + 1


@dataclass
class Office:
    """The bot on doubles: what a test sets up, moves and looks at."""

    registry: FakeRegistry = field(default_factory=FakeRegistry)
    deployments: FakeDeployments = field(default_factory=FakeDeployments)
    ledger: MemoryLedger = field(default_factory=MemoryLedger)
    chat: FakeChat = field(default_factory=FakeChat)
    evidence: FakeEvidence = field(default_factory=FakeEvidence)
    directory: FakeDirectory = field(default_factory=lambda: FakeDirectory(dict(GROUPS)))
    line: FakeLine = field(default_factory=FakeLine)
    meter: FakeMeter = field(default_factory=FakeMeter)
    asked: datetime | None = None
    rules: Rules = RULES
    clock: datetime = NOON

    def now(self) -> datetime:
        """A clock that ticks whenever somebody looks at it."""
        self.clock += timedelta(seconds=1)
        return self.clock

    def ports(self, trouble: Trouble = none) -> Ports:
        return Ports(
            registry=Troubled(self.registry, trouble),
            evidence=Troubled(self.evidence, trouble),
            deployments=Troubled(self.deployments, trouble),
            ledger=Troubled(self.ledger, trouble),
            chat=Troubled(self.chat, trouble),
            directory=Troubled(self.directory, trouble),
            queue=Troubled(self.line, trouble),
            metrics=self.meter,
            rules=self.rules,
            now=self.now,
            asked=self.asked,
        )

    def do(self, job: Job, trouble: Trouble = none) -> None:
        """Carry out *job*, and whatever it puts into the line."""
        self._work(job, trouble)
        while self.line.lanes:
            name = next(iter(self.line.lanes))
            self._work(self.line.next(name), trouble)
            self.line.done(name)

    def _work(self, job: Job, trouble: Trouble) -> None:
        try:
            work(job, self.ports(trouble))
        except Ignored:
            return

    def status(self, arn: Arn) -> Status:
        return self.registry.known[arn].status

    def card(self, version: DescribedVersion) -> Message:
        """The one card of *version*."""
        (posted,) = [p for p in self.chat.cards() if p.key == f"card.{version.arn}"]
        return posted.message

    def change(self, version: DescribedVersion, **changes: object) -> DescribedVersion:
        """Let the registry hold *version* otherwise."""
        return self.registry.add(replace(version, **changes))  # type: ignore[arg-type]


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture(params=range(PARTS), ids="part {}".format)
def road_settings(request: pytest.FixtureRequest) -> settings:
    """
    How long each part of the random walk is; `--walks N` makes it longer.

    Each part starts from a seed of its own, which is another in each run.
    """
    return settings(
        max_examples=-(-request.config.getoption("--walks") // PARTS),
        stateful_step_count=25,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
