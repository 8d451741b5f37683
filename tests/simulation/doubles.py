"""
The doubles of a simulation: those of the other tests, in one time, and with what is peculiar to a
network: a listing and a description may lag behind, and so does the history of a channel.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from bot.adapters.aws.job_queue import pause
from bot.core.errors import Gone
from bot.core.jobs.messages import decode, encode, message_group
from bot.core.jobs.queues import queue_of
from bot.core.registry.version import Status, arn_key
from tests.doubles.builders import LATER
from tests.doubles.endpoints import FakeEndpoints
from tests.doubles.ledger import MemoryLedger
from tests.doubles.registry import FakeRegistry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bot.core.decide.record import Record, RecordSummary
    from bot.core.followup.endpoints import Endpoint
    from bot.core.jobs.messages import Job
    from bot.core.registry.version import Arn, DescribedVersion, Version
    from bot.core.votes.vote import Decision
    from tests.simulation.workers import Call

Answer = TypeVar("Answer")
State = TypeVar("State")

REGISTRY_LAG = timedelta(seconds=8)
HISTORY_LAG = timedelta(seconds=8)
"""Neither vendor promises a time; the bot assumes ten seconds (bot/core/votes/lease.py)."""
INDEX_LAG = timedelta(seconds=5)
DEATH = "the death of its worker"
MOST_ATTEMPTS = 14
"""`maxReceiveCount` in infra/queues.yml."""
VISIBILITY = timedelta(seconds=360)
"""`VisibilityTimeout` in infra/queues.yml: a message whose worker died comes again after it."""
DEDUPLICATION = timedelta(minutes=5)
MILLISECOND = timedelta(milliseconds=1)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
EDITS_PER_MINUTE = 50


@dataclass
class Clock:
    """The true time, which all others but the workers' machines have."""

    now: datetime = LATER

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Past(Generic[State]):
    """How something was before its latest changes, as far as an answer that lags may show it."""

    clock: Clock
    lag: timedelta
    states: list[tuple[datetime, State]] = field(default_factory=list)

    def keep(self, state: State) -> None:
        """Remember *state*, which is about to change."""
        self.states = [*self._recent(), (self.clock(), state)]

    @property
    def differs(self) -> bool:
        """Whether an answer that lags may show something else than there is now."""
        return bool(self._recent())

    def shown(self, now: State) -> State:
        """Return how it was as long ago as it can be shown; *now* if nothing changed since."""
        return next((state for _, state in self._recent()), now)

    def _recent(self) -> list[tuple[datetime, State]]:
        return [each for each in self.states if each[0] > self.clock() - self.lag]


@dataclass(frozen=True)
class Move:
    """A status that was set outside the bot, what it replaced, and when."""

    arn: Arn
    status: Status
    at: datetime
    before: datetime
    """When the version had last been modified before."""


class SimulatedRegistry(FakeRegistry):
    """A registry whose answers may lag behind, and that notes what a decision overrode."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.clock = clock
        self.lags = False
        self.moves: list[Move] = []
        """All changes of status outside the bot, in their order."""
        self.made: dict[str, datetime] = {}
        """When each decision was made, by its id."""
        self.overridden: list[tuple[Decision, Move]] = []
        """Decisions that were made on a status from outside that they were not judged on."""
        self.past: Past[dict[Arn, DescribedVersion]] = Past(clock, REGISTRY_LAG)

    def keep(self) -> None:
        """Remember how everything was before the next change."""
        self.past.keep(dict(self.registered))

    def _seen(self) -> dict[Arn, DescribedVersion]:
        return self.past.shown(self.registered) if self.lags else self.registered

    def describe(self, arn: Arn) -> DescribedVersion:
        return self._read(lambda: super(SimulatedRegistry, self).describe(arn))

    def versions(self, *args: Any, **kwargs: Any) -> tuple[Version, ...]:
        return self._read(lambda: super(SimulatedRegistry, self).versions(*args, **kwargs))

    def versions_with_status(self, *args: Any, **kwargs: Any) -> tuple[Version, ...]:
        return self._read(
            lambda: super(SimulatedRegistry, self).versions_with_status(*args, **kwargs)
        )

    def _read(self, read: Callable[[], Answer]) -> Answer:
        now, self.registered = self.registered, self._seen()
        try:
            return read()
        finally:
            self.registered = now

    def move_outside(self, arn: Arn, *args: Any, **kwargs: Any) -> None:
        before = self.registered[arn]
        super().move_outside(arn, *args, **kwargs)
        now = self.registered[arn] = self._modified_now(self.registered[arn], before)
        self.moves.append(Move(arn, now.status, now.last_modified, before.last_modified))

    def _modified_now(
        self, version: DescribedVersion, before: DescribedVersion
    ) -> DescribedVersion:
        """Return *version*, modified at this moment: later than *before* was."""
        now = max(self.clock(), before.last_modified + MILLISECOND)
        return replace(version, modified=now)

    def _moves_to(self, version: DescribedVersion) -> list[Move]:
        """List the move that made *version* what it is; none if a decision did."""
        is_last_before_sweep = (version.arn, version.modified)
        return [move for move in self.moves if (move.arn, move.at) == is_last_before_sweep][-1:]

    def changed_since(self, arn: Arn, time: datetime) -> list[datetime]:
        """When the status of *arn* was set after *time*, outside or by a decision."""
        made = [self.made[update.id] for update in self.updates if update.arn == arn]
        outside = [move.at for move in self.moves if move.arn == arn]
        return sorted(each for each in [*made, *outside] if each > time)

    def apply(self, decision: Decision) -> None:
        self.keep()
        known, version = len(self.updates), self.registered.get(decision.arn)
        super().apply(decision)
        if len(self.updates) > known and version:
            made = self._modified_now(self.registered[decision.arn], version)
            self.made[decision.id] = made.last_modified
            if version.status is not decision.source:
                self.overridden += [(decision, move) for move in self._moves_to(version)]
            self.registered[decision.arn] = made


@dataclass
class SimulatedEndpoints(FakeEndpoints):
    """Endpoints that a description may show as they were some seconds ago."""

    clock: Clock = field(default_factory=Clock)
    lags: bool = False

    def __post_init__(self) -> None:
        self.past: Past[dict[Arn, Endpoint]] = Past(self.clock, REGISTRY_LAG)

    def put(self, *args: Any, **kwargs: Any) -> Arn:
        self.past.keep(dict(self.endpoints))
        return super().put(*args, **kwargs)

    def delete(self, name: str = "fraud-prod") -> None:
        self.past.keep(dict(self.endpoints))
        super().delete(name)

    def describe(self, arn: Arn) -> Endpoint:
        seen = self.past.shown(self.endpoints) if self.lags else self.endpoints
        if arn not in seen:
            raise Gone(arn)
        return seen[arn]


@dataclass
class Rates:
    """
    How often Slack takes calls (docs.slack.dev/apis/web-api/rate-limits).

    A message a second in a channel, without the short bursts that it allows; and fifty edits in a
    minute.
    """

    clock: Clock
    posts: dict[str, datetime] = field(default_factory=dict)
    edits: list[datetime] = field(default_factory=list)

    def allow(self, call: Call) -> bool:
        """Whether Slack takes *call* now, which counts then."""
        now = self.clock()
        match call.name:
            case "chat.post":
                channel = call.args[0]
                allowed = self.posts.get(channel, now - MINUTE) + SECOND <= now
                self.posts |= {channel: now} if allowed else {}
                return allowed
            case "chat.update":
                self.edits = [time for time in self.edits if time > now - MINUTE]
                allowed = len(self.edits) < EDITS_PER_MINUTE
                self.edits += [now] if allowed else []
                return allowed
        return True


class SimulatedLedger(MemoryLedger):
    """A table whose index may lag behind."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.clock = clock
        self.lags = False
        self._past: Past[list[RecordSummary]] = Past(clock, INDEX_LAG)

    def summaries(self, *, after: str = "") -> Iterator[RecordSummary]:
        now = list(super().summaries())
        shown = self._past.shown(now) if self.lags else now
        yield from (each for each in shown if arn_key(each.arn) > after)

    def open_summaries(self) -> Iterator[RecordSummary]:
        yield from (each for each in self.summaries() if _is_open(each))

    def save(self, record: Record) -> Record:
        self._past.keep(list(super().summaries()))
        return super().save(record)


@dataclass
class Message:
    """A message in the queue."""

    body: str
    sent: datetime
    visible: datetime
    attempts: int = 0
    troubles: set[str] = field(default_factory=set)
    """The calls with which something was wrong at its last attempt, and maybe DEATH."""
    looked: bool = False
    """Whether its last attempt came to look at the registry."""

    @property
    def job(self) -> Job:
        return decode(self.body)


@dataclass
class SimulatedQueue:
    """The queues in one time: order within a group, pauses, redelivery, dead letters."""

    clock: Clock
    groups: dict[str, list[Message]] = field(default_factory=dict)
    dead: list[Message] = field(default_factory=list)
    finished: list[Message] = field(default_factory=list)
    redriven: int = 0
    """How many dead letters were put back."""
    _keys: dict[tuple[str, str], datetime] = field(default_factory=dict)

    def send(self, job: Job, key: str) -> None:
        name = group_of(job)
        if (
            self.clock()
            - self._keys.get((type(job).__name__, key), datetime.min.replace(tzinfo=LATER.tzinfo))
            < DEDUPLICATION
        ):
            return
        self._keys[type(job).__name__, key] = self.clock()
        message = Message(encode(job), self.clock(), self.clock())
        self.groups.setdefault(name, []).append(message)

    def send_all(self, jobs: Iterable[tuple[Job, str]]) -> None:
        for job, key in jobs:
            self.send(job, key)

    def deliverable(self) -> list[Message]:
        """The messages that SQS would deliver now: the first of each group, if it is visible."""
        self._give_up()
        heads = [messages[0] for messages in self.groups.values()]
        return sorted(
            (each for each in heads if each.visible <= self.clock()), key=lambda each: each.visible
        )

    def _give_up(self) -> None:
        """Make dead letters of what would be delivered once too often: its last worker died."""
        for message in [messages[0] for messages in self.groups.values()]:
            is_due = message.visible <= self.clock()
            if is_due and message.attempts >= MOST_ATTEMPTS and self._remove(message):
                self.dead.append(message)

    def next_visible(self) -> datetime | None:
        """When the next message will be visible; None if there is none."""
        return min((messages[0].visible for messages in self.groups.values()), default=None)

    def take(self, message: Message) -> None:
        message.attempts += 1
        message.looked = False
        message.visible = self.clock() + VISIBILITY

    def done(self, message: Message) -> None:
        """Remove *message*, which was carried out."""
        if self._remove(message):
            self.finished.append(message)

    def failed(self, message: Message, error: Exception) -> None:
        """Let *message* come again after a pause, or be a dead letter; a removed one stays so."""
        if message.attempts < MOST_ATTEMPTS:
            message.visible = self.clock() + timedelta(seconds=pause(error, message.attempts))
        elif self._remove(message):
            self.dead.append(message)

    def _remove(self, message: Message) -> bool:
        """Remove *message*; return False if another worker has."""
        for name, messages in list(self.groups.items()):
            if any(each is message for each in messages):
                messages[:] = [each for each in messages if each is not message]
                if not messages:
                    del self.groups[name]
                return True
        return False

    def redrive(self) -> None:
        """Put the dead letters back, as an operator does."""
        for message in self.dead:
            self.redriven += 1
            self.send(message.job, f"redriven {self.redriven}")
        self.dead.clear()


def group_of(job: Job) -> str:
    """Return the queue and the message group in which *job* waits; each group is for itself."""
    return f"{queue_of(job)} {message_group(job)}"


def _is_open(summary: RecordSummary) -> bool:
    """Whether the record is open, as its row in the index says."""
    waits = summary.status is Status.PENDING
    return waits or summary.unfinished or summary.deploy_due is not None


def name_of(arn: Arn) -> str:
    """`fraud/1`, or the name of an endpoint."""
    return "/".join(arn_key(arn).split("/")[1:])
