"""
The calls that a decision takes, counted in the embedded world where they arrive.

From the submitted form until the decision is settled, its card updated and everybody told; then
what follows from it. Counted is what the functions ask for, not what Lambda does to run them.
"""

from __future__ import annotations

import re
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs

import boto3
import pytest
from moto.moto_api._internal.models import moto_api_backend

from infra.local import aws, example
from infra.local.deployment import ACCOUNT, REGION
from infra.local.faults import Faults
from infra.local.registry import correct
from infra.local.server import Server
from tests.handlers.bench import Bench, Calls, Servers, Switch
from tests.handlers.processes import restart
from tests.world.embedded import ANA, BEN, CHLOE

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIGNED_FOR: Final = re.compile(r"Credential=[^/]+/[^/]+/[^/]+/([^/]+)/")


@dataclass(frozen=True, slots=True)
class CallCounts:
    """How often each call was made to AWS and to Slack."""

    aws: Counter[str]
    slack: Counter[str]


@dataclass(frozen=True, slots=True)
class Step:
    """Something that a person did, and the calls that it took."""

    name: str
    counts: CallCounts
    decides: bool = True
    """Whether the goal for a decision is meant for it."""


@dataclass
class CountingBench(Bench):
    """A bench that counts the calls of its functions, and of nobody else."""

    aws: Counter[str] = field(default_factory=Counter)
    busy: bool = False

    def call(self, handler: Any, event: Any) -> Any:
        self.busy = True
        try:
            return super().call(handler, event)
        finally:
            self.busy = False

    def note(self, environ: Any) -> None:
        """Count a call to AWS, if it is a function's."""
        name = _name(environ)
        if self.busy:
            self.aws[name] += 1

    def take_counts(self) -> CallCounts:
        """The calls since the last use of this method."""
        counts = CallCounts(self.aws.copy(), Counter(self.calls.made))
        self.aws.clear()
        self.calls.forget()
        return counts


def _name(environ: Any) -> str:
    """Service and operation; S3 says it by its method, STS in a form, the others in a header."""
    signed = _SIGNED_FOR.search(environ.get("HTTP_AUTHORIZATION", ""))
    service = signed[1] if signed else "unsigned"
    if target := environ.get("HTTP_X_AMZ_TARGET"):
        return f"{service}:{target.rpartition('.')[2]}"
    if service == "s3":
        return f"s3:{environ['REQUEST_METHOD'].title()}Object"
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = BytesIO(body)
    return f"{service}:{parse_qs(body.decode()).get('Action', ['?'])[0]}"


@contextmanager
def counting_bench() -> Iterator[CountingBench]:
    """A bench with the example's versions, announced."""
    calls, switch = Calls(), Switch()
    bench = CountingBench(None)  # type: ignore[arg-type]

    def around(app: Any) -> Any:
        def counted(environ: Any, start: Any) -> Any:
            bench.note(environ)
            return app(environ, start)

        return counted

    aws_server = aws.serve(Faults(), around)
    bench.servers = Servers(calls, aws_server, Server(switch), switch, boto3.Session())
    aws_server.start()
    bench.servers.slack.start()
    with pytest.MonkeyPatch.context() as patch:
        try:
            bench.deploy(patch, Path())
            example.fill(aws_server.url)
            yield bench
        finally:
            bench.servers.stop()
            correct()
            moto_api_backend.reset()
            restart()


def count() -> tuple[Step, ...]:
    """Each kind of step, with the calls that it takes."""
    with counting_bench() as bench:
        example.register(bench.servers.aws.url, "fraud-detector")
        echo(bench)
        return (*_one_vote(bench), *_two_votes(bench))


def _one_vote(bench: CountingBench) -> Iterator[Step]:
    arn = _version("fraud-detector", 4)
    first = decide(bench, ANA, arn, just_started=True)
    echo(bench)
    yield Step("one vote decides", decide(bench, ANA, _version("fraud-detector", 5)))
    yield Step("the group's other cards follow", follow(bench), decides=False)
    yield Step("the registry's event comes back", echo(bench), decides=False)
    yield Step("one vote decides, functions just started", first, decides=False)


def _two_votes(bench: CountingBench) -> Iterator[Step]:
    arn = _version("credit-scorer", 2)
    yield Step("the first vote of two", decide(bench, BEN, arn), decides=False)
    follow(bench)
    yield Step("the second vote decides", decide(bench, CHLOE, arn))


def _version(group: str, number: int) -> str:
    return f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model-package/{group}/{number}"


def decide(
    bench: CountingBench, person: str, arn: str, *, just_started: bool = False
) -> CallCounts:
    """Open the form and submit it; returns the calls from the submit on."""
    form = bench.people.open_form(person, arn, "approve")
    bench.work_all()
    if just_started:
        restart()
    bench.take_counts()
    assert bench.people.submit(person, form, "AUC is up")["ok"]
    assert bench.work(bench.take()) == []
    return bench.take_counts()


def follow(bench: CountingBench) -> CallCounts:
    """Do the jobs that a decision put into the queue."""
    bench.work_all()
    return bench.take_counts()


def echo(bench: CountingBench) -> CallCounts:
    """Pass the registry's events to the functions."""
    while bench.events:
        bench.emit(bench.events.pop(0))
    return follow(bench)
