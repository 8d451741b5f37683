"""
The calls that a decision takes, counted in the embedded world where they arrive.

From the submitted form until the decision is settled, its card drawn and everybody told; then what
follows from it. Counted is what the functions ask for, not what Lambda does to run them.
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
class Asked:
    """What was asked of AWS and of Slack, by name."""

    aws: Counter[str]
    slack: Counter[str]


@dataclass(frozen=True, slots=True)
class Step:
    """Something that a person did, and the calls that it took."""

    name: str
    asked: Asked
    decides: bool = True
    """Whether the goal for a decision is meant for it."""


@dataclass
class Desk(Bench):
    """A bench that counts what its functions ask for, and nobody else."""

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

    def asked(self) -> Asked:
        """What was asked for since this was called last."""
        found = Asked(self.aws.copy(), Counter(self.calls.made))
        self.aws.clear()
        self.calls.forget()
        return found


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
def desk() -> Iterator[Desk]:
    """A desk with the example's versions, announced."""
    calls, switch = Calls(), Switch()
    found = Desk(None)  # type: ignore[arg-type]

    def around(app: Any) -> Any:
        def noted(environ: Any, start: Any) -> Any:
            found.note(environ)
            return app(environ, start)

        return noted

    there = aws.serve(Faults(), around)
    found.servers = Servers(calls, there, Server(switch), switch, boto3.Session())
    there.start()
    found.servers.slack.start()
    with pytest.MonkeyPatch.context() as patch:
        try:
            found.deploy(patch, Path())
            example.fill(there.url)
            yield found
        finally:
            found.servers.stop()
            correct()
            moto_api_backend.reset()
            restart()


def count() -> tuple[Step, ...]:
    """Each kind of step, with the calls that it takes."""
    with desk() as found:
        example.register(found.servers.aws.url, "fraud-detector")
        echo(found)
        return (*_one_vote(found), *_two_votes(found))


def _one_vote(desk: Desk) -> Iterator[Step]:
    arn = _version("fraud-detector", 4)
    first = decide(desk, ANA, arn, just_started=True)
    echo(desk)
    yield Step("one vote decides", decide(desk, ANA, _version("fraud-detector", 5)))
    yield Step("the group's other cards follow", follow(desk), decides=False)
    yield Step("the registry's event comes back", echo(desk), decides=False)
    yield Step("one vote decides, functions just started", first, decides=False)


def _two_votes(desk: Desk) -> Iterator[Step]:
    arn = _version("credit-scorer", 2)
    yield Step("the first vote of two", decide(desk, BEN, arn), decides=False)
    follow(desk)
    yield Step("the second vote decides", decide(desk, CHLOE, arn))


def _version(group: str, number: int) -> str:
    return f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model-package/{group}/{number}"


def decide(desk: Desk, person: str, arn: str, *, just_started: bool = False) -> Asked:
    """Open the form and submit it; returns what was asked for from the submit on."""
    form = desk.people.open_form(person, arn, "approve")
    desk.work_all()
    if just_started:
        restart()
    desk.asked()
    assert desk.people.submit(person, form, "AUC is up")["ok"]
    assert desk.work(desk.take()) == []
    return desk.asked()


def follow(desk: Desk) -> Asked:
    """Work off what a decision put in the line."""
    desk.work_all()
    return desk.asked()


def echo(desk: Desk) -> Asked:
    """Let the functions hear of what the registry said meanwhile."""
    while desk.events:
        desk.emit(desk.events.pop(0))
    return follow(desk)
