"""
The whole bot in one time: its jobs on doubles, with every call, clock and chance under control.

Two workers and the sweep run in turns, call by call. Between any two calls somebody may click, vote
or withdraw, the registry may be changed outside, a message may come twice, and any call may fail,
be throttled, come late, lie a few seconds back, or be the last one of its process. All of it is
decided by `Chance`: one seed is one story, the same each time it is told.
"""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from bot.core.errors import BotError, Ignored
from bot.core.jobs.messages import (
    AnswerQuestion,
    CheckForm,
    ReconcileEndpoint,
    ReconcileVersion,
    SubmitForm,
    UpdateWaitingCards,
    WithdrawVote,
)
from bot.flows.clock.sweep import sweep
from bot.flows.ports import Ports
from bot.flows.work import work
from tests.doubles.chat import FakeChat
from tests.doubles.directory import FakeDirectory
from tests.doubles.evidence import FakeEvidence
from tests.doubles.metrics import FakeMetrics
from tests.simulation import faults
from tests.simulation.acts import Acts
from tests.simulation.doubles import (
    DEATH,
    HISTORY_LAG,
    Clock,
    Message,
    Rates,
    SimulatedEndpoints,
    SimulatedLedger,
    SimulatedQueue,
    SimulatedRegistry,
    name_of,
)
from tests.simulation.required import require
from tests.simulation.votes import check_row
from tests.simulation.workers import Wire, Worker
from tests.simulation.world import GROUPS, RULES, World

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from bot.core.jobs.messages import Job
    from bot.core.registry.version import Arn
    from bot.core.votes.vote import Decision
    from tests.simulation.chance import Chance
    from tests.simulation.workers import Call

CALL = timedelta(milliseconds=50)
SLOW = timedelta(seconds=8)
CLIENT_WAITS = timedelta(seconds=10)
"""After so long the client gives a call up: its timeout (bot/adapters/aws/client.py)."""
WORKER_LIVES = timedelta(seconds=60)
"""After so long Lambda ends a worker: its `timeout` in serverless.yml."""
SWEEP_EVERY = timedelta(minutes=5)
SKEWS = (
    "its clock is 15 minutes ahead",
    "its clock is 15 minutes behind",
    "its clock steps back by ten minutes",
)

EFFECTS = {
    "registry.apply": 80,
    "chat.post": 6,
    "chat.post_private": 6,
    "queue.send_all": 6,
    "ledger.save": 3,
    "ledger.save_endpoint": 6,
}
"""
What cannot be taken back goes wrong much more often: there are few such calls in a story, and a job
whose reads go wrong as often hardly comes to them.
"""
LAG = 10
"""An old answer is so much more likely within the seconds in which it is another answer."""
TROUBLE = 3
"""What failed before goes wrong more often again."""
STARTS_A_WORKER = frozenset({"by_hand", "impatient"})
"""The acts with which a worker begins: they do not happen at a call of another."""
NOTICED = {"move": 0.5, "delete": 0.2, "deploy": 0.3}
"""How likely each is to be what happens last; an event tells of it, unless events are lost."""
UNNOTICED = {"unnoticed_move": 0.3, "unnoticed_deletion": 0.15, "unnoticed_deployment": 0.15}
"""The same, of what no event tells of."""
LONG_ENOUGH = timedelta(hours=1)
"""In so long all is done that can be done."""
_AT_THE_END = {"fails", "dies", "throttled"}
"""The faults while what happens last is told: each ends with the next attempt."""
GOES_ON = "the other worker goes on"


@dataclass(frozen=True)
class Odds:
    """How likely things are, each of a kind."""

    in_call: Mapping[str, float]
    between: Mapping[str, float]
    while_open: Mapping[str, float] | None = None
    """Instead of *between*, while a decision is written down and may not be made."""
    skew: float = 0.05
    only_between: frozenset[str] = STARTS_A_WORKER
    """What happens only while no worker is in a call."""
    loses_events: bool = True
    groups: Collection[str] = ("fraud", "pair")
    """In which versions are registered, after the first one of each."""
    most_versions: int = 4
    """Of few versions, more happens to each."""

    def at_call(self, call: Call, factor: float) -> dict[str, float]:
        """
        Return the chance of each kind at *call*.

        Faults are *factor* times as likely, up to 0.5 in all. The chance of "act" is divided among
        the acts in proportion to their chances between jobs.
        """
        possible = {
            kind: odds for kind, odds in self.in_call.items() if faults.possible(kind, call)
        }
        factor = min(factor, 0.5 / (sum(possible.values()) or 1))
        at_call = {**self.in_call, **{kind: odds * factor for kind, odds in possible.items()}}
        acts = {kind: odds for kind, odds in self.between.items() if kind not in self.only_between}
        share = at_call.pop("act", 0) / (sum(acts.values()) or 1)
        return at_call | {kind: odds * share for kind, odds in acts.items()}


@dataclass(frozen=True)
class Attempt:
    """A call that is to make *decision*, by a worker that judged it since *judged_since*."""

    decision: Decision
    judged_since: datetime
    gone: frozenset[str]
    """Who had left by then."""
    created: datetime | None
    """When the version was created that has the ARN now; None if there is none."""
    is_needless: bool
    """Whether the decision was made already, and SageMaker showed that."""
    fault: str


@dataclass(frozen=True)
class Look:
    """A worker that carried out *job*, and saw the registry as it was."""

    job: Job
    began: datetime
    ended: datetime


@dataclass
class Simulation:
    """One run: who does what when is for *chance*, how often for *odds*."""

    chance: Chance
    odds: Odds
    steps: int = 0
    transcript: list[str] | None = None
    calm: bool = False
    """Whether nothing goes wrong any more."""
    current: Worker | None = None
    parked: list[Worker] = field(default_factory=list)
    later: list[tuple[datetime, Job, str]] = field(default_factory=list)
    """Events that are still under way."""
    outages: dict[str, datetime] = field(default_factory=dict)
    """Which ports take no calls, and until when."""
    forbidden_until: datetime | None = None
    """Until when the bot may not read the registry."""
    faults: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How often each fault happened to each call."""
    decisions: dict[str, Decision] = field(default_factory=dict)
    """Each decision as it was first written down, by its id."""
    attempts: list[Attempt] = field(default_factory=list)
    """The calls that were to make a decision."""
    looks: list[Look] = field(default_factory=list)
    owners: count[int] = field(default_factory=lambda: count(1))
    keeps_rates: bool = False
    """Whether Slack refuses what comes too fast."""
    disturbed: bool = False
    """Whether anything failed, or an event was lost: only a sweep mends that."""

    def __post_init__(self) -> None:
        self.clock = Clock()
        self.registry = SimulatedRegistry(self.clock)
        self.endpoints = SimulatedEndpoints(clock=self.clock)
        self.ledger = SimulatedLedger(self.clock)
        self.chat = FakeChat(now=self.clock)
        self.evidence = FakeEvidence()
        self.directory = FakeDirectory(dict(GROUPS))
        self.queue = SimulatedQueue(self.clock)
        self.rates = Rates(self.clock)
        self.next_sweep = self.clock() + SWEEP_EVERY
        self.world = World(self)
        self.acts = Acts(self.world)

    # --- time

    def advance(self, time: timedelta) -> None:
        """Let *time* pass: what is due happens in it."""
        end = self.clock() + time
        while due := [each for each in self._due() if each <= end]:
            self.clock.now = max(self.clock.now, min(due))
            self._happen()
        self.clock.now = end

    def _due(self) -> list[datetime]:
        hanging = [
            worker.issued + CLIENT_WAITS
            for worker in self.parked
            if worker.issued and not worker.overdue
        ]
        return [time for time, _, _ in self.later] + hanging

    def _happen(self) -> None:
        now = self.clock()
        for event in [each for each in self.later if each[0] <= now]:
            self.later.remove(event)
            self.queue.send(event[1], event[2])
        for worker in self.parked:
            if worker.issued and worker.issued + CLIENT_WAITS <= now:
                worker.overdue = True

    # --- workers

    def ports(self, worker: Worker) -> Ports:
        message = worker.message
        return Ports(
            registry=Wire("registry", self.registry),
            evidence=Wire("evidence", self.evidence),
            endpoints=Wire("endpoints", self.endpoints),
            ledger=Wire("ledger", self.ledger),
            chat=Wire("chat", self.chat),
            directory=Wire("directory", self.directory),
            queue=Wire("queue", self.queue),
            metrics=FakeMetrics(),
            rules=RULES,
            now=self._clock_of(worker),
            new_owner=lambda: self._owner_of(worker),
            job_sent_at=message.sent if message else None,
            attempt=message.attempts if message else 1,
        )

    def quiet_ports(self) -> Ports:
        """Return ports whose calls are made at once, with no fault."""
        names = ("registry", "evidence", "endpoints", "ledger", "chat", "directory", "queue")
        wired = self.ports(Worker("nobody", self.clock()))
        return replace(wired, **{name: getattr(self, name) for name in names})

    def start(self, message: Message) -> None:
        """Let a worker begin with *message*."""
        self.queue.take(message)
        job = message.job
        worker = Worker(self.name_of_job(job), self.clock(), message)
        ports = self.ports(worker)
        self.note(f"a worker takes {worker.name}, attempt {message.attempts}")
        self._begin(worker, lambda: work(job, ports))

    def start_sweep(self, sample: int = 1) -> None:
        """Let the sweep begin; the *sample* is small, as it is beside thousands of versions."""
        self.next_sweep = self.clock() + SWEEP_EVERY
        worker = Worker("sweep", self.clock())
        ports = self.ports(worker)
        self.note("the sweep begins")
        self._begin(worker, lambda: sweep(ports, sample))

    def _owner_of(self, worker: Worker) -> str:
        worker.owner = f"owner-{next(self.owners)}"
        return worker.owner

    def _clock_of(self, worker: Worker) -> Callable[[], datetime]:
        """Return the clock of the machine on which *worker* runs."""
        label = ""
        if not self.calm:
            odds = {"skew": self.odds.skew}
            label = self.chance.in_call(f"at {worker.name}, begin", odds, lambda _: SKEWS)
        ahead, behind, back = SKEWS
        skew = {ahead: timedelta(minutes=15), behind: timedelta(minutes=-15)}.get(
            label, timedelta(0)
        )
        steps = [timedelta(minutes=10)] if label == back else []
        return lambda: self.clock() + (steps.pop() if steps else skew)

    def _begin(self, worker: Worker, run: Callable[[], object]) -> None:
        self.current = worker
        worker.start(run)
        self._came_to_a_call(worker)

    def _came_to_a_call(self, worker: Worker) -> None:
        worker.issued = self.clock()
        if worker.ended:
            self._end(worker)

    def _end(self, worker: Worker) -> None:
        """Let SQS know how *worker* ended; if it died, SQS hears nothing."""
        self.current = None
        if (message := worker.message) is None:
            return
        error = worker.error
        self.note(f"{worker.name} ends: {error!r}" if error else f"{worker.name} ends")
        if error is None or isinstance(error, Ignored):
            self.queue.done(message)
        else:
            message.troubles = worker.troubles
            self.queue.failed(message, error)
        if error is None and "registry.describe" not in worker.troubles:
            self.looks.append(Look(message.job, worker.started, self.clock()))
        self._check_end(worker, message)

    def _check_end(self, worker: Worker, message: Message) -> None:
        """What a worker that did not die leaves behind is in order, if the store took it."""
        if any(call.startswith("ledger.") for call in worker.troubles):
            return
        for record in self.ledger.records.values():
            lease = record.request.lease
            require(
                lease is None or lease.owner != worker.owner,
                "a worker that ended holds no lease",
                worker.name,
            )
        job = message.job
        if isinstance(job, ReconcileVersion | SubmitForm | WithdrawVote):
            check_row(job.arn, self)
        if isinstance(job, SubmitForm | WithdrawVote) and message in self.queue.finished:
            request = self.ledger.get(job.arn).request
            require(
                request.is_processed(job.id),
                "a click is finished only once it was recorded as done or refused",
                worker.name,
            )

    def _die(self, worker: Worker) -> None:
        worker.die()
        if worker.message:
            worker.message.troubles = {*worker.troubles, DEATH}
        self.disturbed = True
        self.note(f"{worker.name} dies")
        if self.current is worker:
            self.current = None

    # --- steps

    def step(self) -> bool:
        """Let one thing happen; return False if there is nothing left to do."""
        self.steps += 1
        self._end_what_lives_too_long()
        if self.current:
            self._call(self.current)
            return True
        return self._between()

    def end_with(self, last: Mapping[str, float]) -> None:
        """
        Do what is left to do, and let the *last* things happen, with faults while they are told.

        Nothing happens after them that hides what went wrong.
        """
        calm = replace(self.odds, between={}, while_open=None, skew=0)
        faulty = {kind: odds for kind, odds in self.odds.in_call.items() if kind in _AT_THE_END}
        self._finish(replace(calm, in_call={}))
        for _ in range(3):
            label = self.chance.between(last, self.acts.labels, busy=self.is_busy)
            if label:
                self.note(label)
                self.acts.act(label)
        self._finish(replace(calm, in_call=faulty))

    def _finish(self, odds: Odds) -> None:
        """
        Do what is left to do, by *odds*.

        While Slack or AWS is away, that has no end: nothing is mended here.
        """
        before, self.odds = self.odds, odds
        until = self.clock() + LONG_ENOUGH
        while self.is_busy and self.clock() < until:
            self.step()
        self.odds = before

    @property
    def is_busy(self) -> bool:
        """Whether there is ordinary work to do, or something comes later."""
        begun = self.current or self.parked
        return bool(begun or self.sweep_is_due or self.queue.groups or self.later)

    def open_decisions(self) -> list[Arn]:
        """List the versions of which a decision is written down and may not be made."""
        requests = [record.request for record in self.ledger.records.values()]
        return [request.arn for request in requests if request.open_decision]

    @property
    def sweep_is_due(self) -> bool:
        return self.next_sweep <= self.clock()

    def _end_what_lives_too_long(self) -> None:
        for worker in [*self.parked, *([self.current] if self.current else [])]:
            if worker.message and worker.started + WORKER_LIVES <= self.clock():
                if worker in self.parked:
                    self.parked.remove(worker)
                self._die(worker)

    def _between(self) -> bool:
        deliverable = self.queue.deliverable()
        if not self.calm:
            odds = self.odds.between
            if self.odds.while_open and self.open_decisions():
                odds = self.odds.while_open
            label = self.chance.between(odds, self.acts.labels, busy=self.is_busy)
            if label:
                self.note(label)
                self.acts.act(label)
                return True
        return self._ordinary(deliverable)

    def _ordinary(self, deliverable: Sequence[Message]) -> bool:
        if self.parked:
            self._unpark(self.parked[0])
        elif self.sweep_is_due:
            self.start_sweep()
        elif deliverable:
            self.start(deliverable[0])
        elif (nexts := self._next_times()) != []:
            self.advance(max(min(nexts) - self.clock(), CALL))
        else:
            return False
        return True

    def _next_times(self) -> list[datetime]:
        visible = self.queue.next_visible()
        return [time for time, _, _ in self.later] + ([visible] if visible else [])

    def _unpark(self, worker: Worker) -> None:
        self.parked.remove(worker)
        self.current = worker

    def _call(self, worker: Worker) -> None:
        call = worker.pending
        assert call is not None
        self.advance(CALL)
        if worker.overdue:
            worker.overdue = False
            self._note_fault(faults.FAILS, worker)
            return self._answer(worker, faults.FAILS)
        label = self._fault_or_act(call, worker)
        self.note(f"  {worker.name}: {call.name}{': ' + label if label else ''}")
        if label in faults.ALL:
            self._note_fault(label, worker)
        if call.name == "registry.describe" and worker.message:
            worker.message.looked = True
        self._check_lease(call, worker)
        if call.name == "ledger.save" and (decision := call.args[0].request.open_decision):
            self.decisions.setdefault(decision.id, decision)
        if call.name == "registry.apply":
            self._note_attempt(call.args[0], label, worker)
        self._carry_out(label, worker)
        return None

    def _fault_or_act(self, call: Call, worker: Worker) -> str:
        """Return what happens at *call*, if anything does."""
        if self.outages.get(call.port, self.clock()) > self.clock():
            return faults.THROTTLED
        if self._is_forbidden(call):
            return faults.FORBIDDEN
        if self.keeps_rates and not self.rates.allow(call):
            return faults.THROTTLED
        if self.calm:
            return ""
        odds = self.odds.at_call(call, _factor(worker))
        odds["lags"] = self._odds_of_lag(call, odds.get("lags", 0))
        moment = f"at {worker.name}, {call.name}"
        return self.chance.in_call(moment, odds, lambda kind: self._in_call(kind, worker))

    def _odds_of_lag(self, call: Call, odds: float) -> float:
        """Return how likely an old answer is: rather than usual where it is another answer."""
        pasts = {"registry": self.registry.past, "endpoints": self.endpoints.past}
        if call.port not in pasts:
            return odds
        return min(odds * LAG, 0.3) if pasts[call.port].differs else 0

    def _note_fault(self, fault: str, worker: Worker) -> None:
        assert worker.pending is not None
        self.disturbed |= fault in faults.DISTURBING
        worker.troubles.add(worker.pending.name)
        self.faults[worker.pending.name, fault] += 1

    def _is_forbidden(self, call: Call) -> bool:
        forbidden = self.forbidden_until is not None and self.clock() < self.forbidden_until
        return forbidden and call.name in faults.FORBIDDABLE

    def _check_lease(self, call: Call, worker: Worker) -> None:
        """Who holds a version or an endpoint is the only one whose writes are taken."""
        if call.name == "ledger.save":
            written, stored = call.args[0], self.ledger.get(call.args[0].request.arn)
            lease = stored.request.lease
        elif call.name == "ledger.save_endpoint":
            written, stored = call.args[0], self.ledger.get_endpoint(call.args[0].arn)
            lease = stored.lease
        else:
            return
        is_held = lease and lease.until > self.clock() and lease.owner != worker.owner
        is_taken = written.revision == stored.revision
        require(not (is_held and is_taken), "nobody writes what another holds", worker.name)

    def _note_attempt(self, decision: Decision, fault: str, worker: Worker) -> None:
        gone = {who for who, since in self.world.gone_since.items() if since < worker.started}
        version = self.registry.registered.get(decision.arn)
        self.attempts.append(
            Attempt(
                decision,
                worker.started,
                frozenset(gone),
                version and version.created,
                decision.id in self.registry.made and "registry.describe" not in worker.troubles,
                fault,
            )
        )

    def _in_call(self, kind: str, worker: Worker) -> Sequence[str]:
        assert worker.pending is not None
        if kind == "switch":
            return self._others(worker)
        if kind in self.odds.between:
            return self.acts.labels(kind)
        return faults.possible(kind, worker.pending)

    def _others(self, worker: Worker) -> list[str]:
        """What another worker can do meanwhile; there are at most two."""
        if self.parked:
            return [GOES_ON]
        labels = [
            f"another worker takes {self.name_of_job(m.job)}" for m in self.queue.deliverable()
        ]
        if (message := worker.message) and self._is_queued(message):
            labels.append(f"out of order, another worker takes {self.name_of_job(message.job)}")
        return labels

    def _is_queued(self, message: Message) -> bool:
        """Whether *message* is still in the queue: it would come again if its timeout ran out."""
        return any(each is message for group in self.queue.groups.values() for each in group)

    def _carry_out(self, label: str, worker: Worker) -> None:
        match label:
            case faults.DIES_BEFORE:
                self._die(worker)
            case faults.DIES_AFTER:
                assert worker.pending is not None
                self._silently(worker.pending.make)
                self._die(worker)
            case faults.LATE:
                self.advance(SLOW)
                self._answer(worker, "")
            case _ if label == GOES_ON:
                self.parked.append(worker)
                self._unpark(self.parked[0])
            case _ if "another worker takes " in label:
                self._take_meanwhile(label, worker)
            case _ if label in self.acts.listed:
                self.acts.act(label)  # the call is made at the next step
            case _:
                self._answer(worker, label)

    @staticmethod
    def _silently(make: Callable[[], Any]) -> None:
        with suppress(BotError):
            make()

    def _take_meanwhile(self, label: str, worker: Worker) -> None:
        name = label.split("another worker takes ", 1)[1]
        candidates = self.queue.deliverable()
        if label.startswith("out of order"):
            candidates = [worker.message] if worker.message else []
        message = next(each for each in candidates if self.name_of_job(each.job) == name)
        self.parked.append(worker)
        self.start(message)

    def _answer(self, worker: Worker, fault: str) -> None:
        call = worker.pending
        assert call is not None
        self._lag(lags=fault == faults.LAGS)
        worker.previous = call.name
        worker.resume(faults.ending(fault, call))
        self._lag(lags=False)
        self._came_to_a_call(worker)

    def _lag(self, *, lags: bool) -> None:
        self.registry.lags = self.endpoints.lags = self.ledger.lags = lags
        self.chat.lag = HISTORY_LAG if lags else timedelta()

    # --- words

    def note(self, text: str) -> None:
        if self.transcript is not None:
            self.transcript.append(f"{self.clock():%d %H:%M:%S} {text}")

    def name_of_job(self, job: Job) -> str:  # noqa: PLR0911 - one return for each kind
        match job:
            case CheckForm(click=click):
                return f"check {name_of(job.arn)} by {click.person.name}"
            case SubmitForm(click=click):
                return f"submit {name_of(job.arn)} by {click.person.name}"
            case WithdrawVote(person=person):
                return f"withdraw {name_of(job.arn)} by {person.name}"
            case AnswerQuestion(person=person, text=text):
                return f"answer {person.name}'s {text or 'overview'}"
            case ReconcileEndpoint(arn=arn):
                return f"reconcile endpoint {name_of(arn)}"
            case UpdateWaitingCards(group=group):
                return f"update the waiting cards of {group}"
            case _:
                return f"reconcile {name_of(job.arn)}"


def _factor(worker: Worker) -> float:
    """How much more goes wrong at the call that *worker* makes now."""
    assert worker.pending is not None
    calls = (worker.pending.name, worker.previous)
    again = TROUBLE if worker.message and worker.message.attempts > 1 else 1
    return again * max(EFFECTS.get(call, 1) for call in calls)
