"""
A burst of new versions, in simulated time, with as many workers as are deployed.

    python -m tests.bench.burst [--versions 1000] [--seconds 60]

All are announced in one channel. Meanwhile people decide and ask. Slack takes messages and edits at
its real pace, AWS takes any number of calls. It prints JSON: how long the cards, the decisions and
the answers took, and what Slack refused.
"""

from __future__ import annotations

import heapq
import json
import sys
from argparse import ArgumentParser
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from math import inf
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from bot.core.errors import Ignored, Throttled, Unavailable
from bot.core.jobs.messages import AnswerQuestion, CheckForm, Click, ReconcileVersion, SubmitForm
from bot.core.jobs.queues import QueueName, queue_of
from bot.core.rules.people import Person
from bot.core.rules.rule import Rules
from bot.core.votes.button import decode_button
from bot.core.votes.message_ref import MessageRef
from bot.flows.clock.sweep import sweep
from bot.flows.ports import Ports
from bot.flows.work import work
from infra.local.deployment import ROOT, load
from tests.bench.slack_rates import SlackRates
from tests.doubles.builders import ANA, RULE, a_version
from tests.doubles.chat import FakeChat
from tests.doubles.directory import FakeDirectory
from tests.doubles.endpoints import FakeEndpoints
from tests.doubles.evidence import FakeEvidence
from tests.doubles.ledger import MemoryLedger
from tests.doubles.metrics import FakeMetrics
from tests.doubles.registry import FakeRegistry
from tests.simulation.doubles import Clock, SimulatedQueue
from tests.simulation.workers import Wire, Worker
from tests.simulation.world import buttons_on

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from bot.core.jobs.messages import Job
    from tests.doubles.chat import Posted
    from tests.simulation.doubles import Message
    from tests.simulation.workers import Call

CHANNEL: Final = RULE.channel
VERSIONS_PER_GROUP: Final = 10
AWS_CALL: Final = timedelta(milliseconds=50)
SLACK_CALL: Final = timedelta(milliseconds=200)
DISPATCH: Final = timedelta(milliseconds=100)
"""From the queue to a worker that is free."""
LONGEST: Final = timedelta(hours=3)
"""After so long, whatever is left is left."""
CLIENT_WAITS: Final = timedelta(seconds=30)
"""How long a call takes that is not answered, with its retries."""
SWEEP_EVERY: Final = timedelta(minutes=5)
ACT_EVERY: Final = timedelta(seconds=10)
"""So often somebody opens a form and submits it, and somebody asks a question."""
FORM_IS_OPEN: Final = timedelta(seconds=3)
APPROVE: Final = "approve"
_PORTS: Final = ("registry", "evidence", "endpoints", "ledger", "chat", "directory", "queue")


QUEUES: Final = {
    QueueName.CLICKS: "ClickQueue",
    QueueName.QUESTIONS: "QuestionQueue",
    QueueName.JOBS: "JobQueue",
}


@dataclass(frozen=True)
class Queues:
    """Sends each job to the queue that it waits in."""

    queues: Mapping[str, SimulatedQueue]

    def send(self, job: Job, key: str) -> None:
        self.queues[QUEUES[queue_of(job)]].send(job, key)

    def send_all(self, jobs: Iterable[tuple[Job, str]]) -> None:
        for job, key in jobs:
            self.send(job, key)


@dataclass
class Burst:
    """*versions* new ones within *seconds*."""

    versions: int
    seconds: float = 60.0
    hanging: str = ""
    """The kind of jobs for which the registry does not answer."""
    clock: Clock = field(default_factory=Clock)
    decided_after: dict[str, float] = field(default_factory=dict)
    """Seconds from the submitted form to the change in the registry, by the decision's id."""
    answered_after: dict[str, float] = field(default_factory=dict)
    """Seconds from the question to its answer."""
    told_after: dict[str, float] = field(default_factory=dict)
    """Seconds from the submitted form to the reply below the card."""
    cards: dict[str, str] = field(default_factory=dict)
    """Which form was submitted for the card that has this timestamp."""
    asked: dict[str, datetime] = field(default_factory=dict)
    """When each form was submitted, and each question asked."""
    _events: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)
    _polls: set[datetime] = field(default_factory=set)
    """When the queues are polled again."""
    _ids: count[int] = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.began = self.clock()
        self.registry = FakeRegistry()
        self.chat = FakeChat(now=self.clock)
        self.evidence = FakeEvidence()
        self.endpoints = FakeEndpoints()
        self.ledger = MemoryLedger(self.clock)
        self.directory = FakeDirectory({})
        self.free = workers()
        self.queues = {name: SimulatedQueue(self.clock) for name in self.free}
        self.queue = Queues(self.queues)
        self.rates = SlackRates(self.clock)
        self.rules = Rules("C0MODELS00", (replace(RULE, patterns=("*",)),), digest="all")

    def run(self) -> None:
        """Let all versions be registered, announced and decided on, and all be done."""
        for number in range(self.versions):
            after = timedelta(seconds=self.seconds * number / self.versions)
            self._at(self.began + after, lambda n=number: self._register(n))
        self._at(self.began + ACT_EVERY, self._people_act)
        self._at(self.began + SWEEP_EVERY, self._sweep)
        while self._events and self.clock() < self.began + LONGEST:
            self.clock.now, _, act = heapq.heappop(self._events)
            act()

    def _at(self, time: datetime, act: Callable[[], None]) -> None:
        heapq.heappush(self._events, (time, next(self._ids), act))

    def _in(self, time: timedelta, act: Callable[[], None]) -> None:
        self._at(self.clock() + time, act)

    @property
    def is_busy(self) -> bool:
        """Whether a card is missing, or a job is left that is no question."""
        posted = len(self.chat.cards()) >= self.versions
        left = (self.queues[name].groups for name in ("ClickQueue", "JobQueue"))
        return not posted or any(left)

    # --- what happens outside

    def _register(self, number: int) -> None:
        group, of_group = divmod(number, VERSIONS_PER_GROUP)
        version = a_version(of_group + 1, group=f"group-{group:04}", created=self.clock())
        self.registry.add(version)
        self.queue.send(ReconcileVersion(version.arn), f"event {number}")
        self._hand_out()

    def _people_act(self) -> None:
        """Somebody decides on a card that is there, and somebody asks, until all is done."""
        if not self.is_busy:
            return
        number = next(self._ids)
        self._ask(number)
        offering = [card for card in self.chat.cards() if APPROVE in buttons_on(card.message)]
        if offering:
            self._open_form(offering[number % len(offering)], number)
        self._in(ACT_EVERY, self._people_act)

    def _ask(self, number: int) -> None:
        url = f"https://hooks.slack.com/{number}"
        self.asked[url] = self.clock()
        asker = Person(f"U0{number:08}", "asker")  # each time another: one's own questions wait
        self._send(AnswerQuestion(person=asker, text="group-0001", answer_url=url), url)

    def _open_form(self, card: Posted, number: int) -> None:
        button = decode_button(buttons_on(card.message)[APPROVE])
        place = MessageRef(card.place.channel, card.place.ts)
        click = Click(button=button, person=ANA, message=place, pressed=self.clock())
        self._send(CheckForm(click, view=f"V{number}"), f"check {number}")
        self._in(FORM_IS_OPEN, lambda: self._submit(click, f"form-{number}"))

    def _submit(self, click: Click, id_: str) -> None:
        self.asked[id_] = self.clock()
        self.cards[click.message.ts] = id_
        self._send(SubmitForm(id_, click, "looks good"), id_)

    def _send(self, job: AnswerQuestion | CheckForm | SubmitForm, key: str) -> None:
        self.queue.send(job, key)
        self._hand_out()

    def _sweep(self) -> None:
        worker = Worker("sweep", self.clock())
        ports = self._ports(worker)
        worker.start(lambda: sweep(ports))
        self._go_on(worker, "")
        if self.is_busy:
            self._in(SWEEP_EVERY, self._sweep)

    # --- workers

    def _hand_out(self) -> None:
        """Let workers that are free take what waits, and poll again when something comes back."""
        for name, queue in self.queues.items():
            for message in queue.deliverable()[: self.free[name]]:
                self.free[name] -= 1
                queue.take(message)
                self._in(DISPATCH, lambda m=message, n=name: self._start(m, n))
            self._poll_later(queue.next_visible())

    def _poll_later(self, time: datetime | None) -> None:
        if time and time > self.clock() and time not in self._polls:
            self._polls.add(time)
            self._at(time, self._hand_out)

    def _start(self, message: Message, queue: str) -> None:
        job = message.job
        worker = Worker(type(job).__name__, self.clock(), message)
        ports = self._ports(worker)
        worker.start(lambda: work(job, ports))
        self._go_on(worker, queue)

    def _ports(self, worker: Worker) -> Ports:
        message = worker.message
        return Ports(
            **{name: Wire(name, getattr(self, name)) for name in _PORTS},
            metrics=FakeMetrics(),
            rules=self.rules,
            now=self.clock,
            new_owner=lambda: f"owner-{next(self._ids)}",
            job_sent_at=message.sent if message else None,
            attempt=message.attempts if message else 1,
        )

    def _go_on(self, worker: Worker, queue: str) -> None:
        """Let the next call of *worker* take its time, or its job end."""
        if worker.ended:
            self._end(worker, queue)
            return
        assert worker.pending is not None
        if self._hangs(worker):
            self._in(CLIENT_WAITS, lambda: self._give_up(worker, queue))
            return
        takes = SLACK_CALL if worker.pending.port in {"chat", "directory"} else AWS_CALL
        self._in(takes, lambda: self._answer(worker, queue))

    def _hangs(self, worker: Worker) -> bool:
        assert worker.pending is not None
        return worker.pending.port == "registry" and worker.name == self.hanging

    def _give_up(self, worker: Worker, queue: str) -> None:
        worker.resume(_no_answer)
        self._go_on(worker, queue)

    def _answer(self, worker: Worker, queue: str) -> None:
        call = worker.pending
        assert call is not None
        seconds = self.rates.seconds_refused(call)
        worker.resume(lambda: _refuse(call, seconds) if seconds else call.make())
        self._note(call, seconds)
        self._go_on(worker, queue)

    def _note(self, call: Call, seconds: int) -> None:
        """Note how long it took to *call*, if somebody waited for it; refused for *seconds*."""
        if call.name == "registry.apply":
            self._took(call.args[0].id, self.decided_after)
        if call.name == "chat.answer":
            self._took(call.args[0], self.answered_after)
        if call.name == "chat.post" and not seconds and call.kwargs.get("thread"):
            self._took(self.cards[call.kwargs["thread"]], self.told_after)

    def _took(self, what: str, after: dict[str, float]) -> None:
        after.setdefault(what, (self.clock() - self.asked[what]).total_seconds())

    def _end(self, worker: Worker, queue: str) -> None:
        if message := worker.message:
            self.free[queue] += 1
            if worker.error is None or isinstance(worker.error, Ignored):
                self.queues[queue].done(message)
            else:
                self.queues[queue].failed(message, worker.error)
        self._hand_out()

    # --- what it came to

    def results(self) -> dict[str, Any]:
        """Return what was counted and measured."""
        last = max(posted.at for posted in self.chat.cards())
        before = [p for p in self.chat.posted if p.place.channel == CHANNEL and p.at <= last]
        return {
            "versions": self.versions,
            "cards": len(self.chat.cards()),
            "last card, s": round((last - self.began).total_seconds()),
            "messages in the channel until then": len(before),
            "forms submitted": len(self.cards),
            "decision applied, s": _spread(self.decided_after),
            "decision told, s": _spread(self.told_after),
            "questions": len(self.asked) - len(self.cards),
            "question answered, s": _spread(self.answered_after),
            "dead letters": sum(len(queue.dead) for queue in self.queues.values()),
            "refused by Slack": dict(self.rates.refused),
            "searches of the history": self.chat.searches,
        }


def _refuse(call: Call, seconds: int) -> None:
    """Refuse *call* as Slack's adapter does: a search that is refused proves nothing."""
    kind = Unavailable if call.kwargs.get("since") else Throttled
    raise kind("over the rate limit", seconds)


def _no_answer() -> None:
    raise Unavailable("the registry does not answer")


def _spread(seconds: dict[str, float]) -> dict[str, float]:
    values = [*seconds.values()] or [inf]
    spread = {"median": median(values), "longest": max(values)}
    return {"count": len(seconds), **{name: round(each, 1) for name, each in spread.items()}}


def workers() -> dict[str, int]:
    """Read how many workers take messages from each queue, as they are deployed."""
    events = load(ROOT / "serverless.yml")["functions"]["worker"]["events"]
    sources = [event["sqs"] for event in events]
    return {each["arn"]["Fn::GetAtt"][0]: each["maximumConcurrency"] for each in sources}


def main() -> None:
    """Simulate, and print what it came to."""
    parser = ArgumentParser(prog="python -m tests.bench.burst", description=__doc__)
    parser.add_argument("--versions", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=60.0, help="in which they are registered")
    options = parser.parse_args()
    burst = Burst(options.versions, options.seconds)
    burst.run()
    sys.stdout.write(json.dumps(burst.results(), indent=2) + "\n")


if __name__ == "__main__":
    main()
