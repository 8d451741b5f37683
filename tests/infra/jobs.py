"""
Every kind of job, done by the real handlers, with their calls to AWS recorded by role.

It acts as people and the registry do, and does not depend on what roles may do.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3

from infra.local import aws, deployment, example
from infra.local.deployment import ACCOUNT, REGION
from infra.local.server import Server
from tests.doubles.builders import THERE
from tests.doubles.cicd import CiCd
from tests.handlers.bench import Bench, Calls, Servers, Switch
from tests.infra.recorder import Recorder
from tests.world.embedded import ANA, BEN, CHLOE, DAN, FRAUD

if TYPE_CHECKING:
    import pytest

PLAN = deployment.read()
ROLE_OF = {raw.handler.split(".")[1]: raw.role for raw in PLAN.functions.values()}
"""By the name of the handler's file."""
BIAS = {
    "Bias": {"Report": {"ContentType": "application/json", "S3Uri": f"s3://{example.BUCKET}/bias"}}
}

METRICS = {
    "ModelQuality": {
        "Statistics": {
            "ContentType": "application/json",
            "S3Uri": f"s3://{example.BUCKET}/elsewhere",
        }
    }
}


@dataclass
class RecordedBench(Bench):
    """A bench that tells the recorder which function is running."""

    recorder: Recorder | None = None

    def deploy(self, patch: pytest.MonkeyPatch, folder: Path) -> None:
        """Deploy with another registry, to which the rule about fraud applies as well."""
        super().deploy(patch, folder)
        aws.deploy_registries(self.servers.aws.url, [THERE])
        shipped = Path(self.environment["APPROVALS_FILE"]).read_text(encoding="utf-8")
        rules = folder / "approvals.yml"
        wider = shipped.replace("groups: fraud-*", 'groups: [fraud-*, "*/fraud-*"]')
        rules.write_text(wider, encoding="utf-8")
        patch.setenv("APPROVALS_FILE", str(rules))

    def call(self, handler: Any, event: Any) -> Any:
        assert self.recorder
        with self.recorder.in_role(ROLE_OF[handler.__name__.rpartition(".")[2]]):
            return super().call(handler, event)


def a_bench() -> RecordedBench:
    recorder, calls, switch = Recorder(None), Calls(), Switch()

    def around(app: Any) -> Recorder:
        recorder.app = app
        return recorder

    server = aws.serve(calls, around)
    servers = Servers(calls, server, Server(switch), switch, boto3.Session())
    servers.aws.start()
    servers.slack.start()
    parameters = {"Registries": THERE, "RegistryAccounts": THERE.partition("/")[0]}
    return RecordedBench(servers, parameters=parameters, recorder=recorder)


def do_every_job(bench: RecordedBench) -> None:
    """Announce, sweep, vote, withdraw, refuse, decide, deploy, answer, fail."""
    announce(bench)
    other_account(bench)
    sweep(bench)
    people(bench)
    deploy(bench)
    questions(bench)
    failure(bench)


def announce(bench: RecordedBench) -> None:
    """The example's versions, and one with a report whose numbers are not shown."""
    example.fill(bench.servers.aws.url)
    bench.people.register("house-prices", ModelMetrics=BIAS)
    for event in [*bench.events]:
        bench.emit(event)
    bench.work_all()


def other_account(bench: RecordedBench) -> None:
    """A version of another account, announced, decided and deployed; and one not announced."""
    sagemaker = aws.client_in("sagemaker", bench.servers.aws.url, THERE)
    sagemaker.create_model_package_group(ModelPackageGroupName="fraud-detector")
    created = sagemaker.create_model_package(
        ModelPackageGroupName="fraud-detector", ModelMetrics=METRICS
    )
    bench.emit(bench.events[-1])
    bench.work_all()
    press(bench, ANA, created["ModelPackageArn"], "approve")
    CiCd(sagemaker).create("fraud-elsewhere", [created["ModelPackageArn"]])
    bench.emit(bench.events[-1])
    bench.work_all()
    sagemaker.create_model_package(ModelPackageGroupName="fraud-detector")


def sweep(bench: RecordedBench) -> None:
    """Sweep on the next day, so that a checkpoint is taken; and a change was missed."""
    bench.people.outside(version("support-router", 3), "Rejected")
    bench.sweep()
    bench.work_all()


def people(bench: RecordedBench) -> None:
    """A vote, the same taken back, a refusal, and a decision that Slack has no time to take."""
    credit, fraud = version("credit-scorer", 2), version("fraud-detector", 4)
    press(bench, BEN, credit, "approve")
    withdraw(bench, BEN, credit)
    press(bench, BEN, credit, "approve")
    press(bench, CHLOE, credit, "approve")
    bench.people.click(DAN, bench.people.card(fraud), "approve")
    bench.work_all()
    bench.calls.add("chat.update", "ratelimited", 1)  # another job tells what this one cannot
    press(bench, ANA, fraud, "approve")
    bench.emit(bench.events[-1])
    bench.work_all()


def press(bench: RecordedBench, person: str, arn: str, action: str) -> None:
    form = bench.people.open_form(person, arn, action)
    bench.work_all()
    bench.people.submit(person, form, "because")
    bench.work_all()


def withdraw(bench: RecordedBench, person: str, arn: str) -> None:
    bench.people.click(person, bench.people.card(arn), "withdraw")
    bench.work_all()


def deploy(bench: RecordedBench) -> None:
    """CI/CD deploys what was decided."""
    CiCd(bench.people.sagemaker).create("fraud-prod", [version("fraud-detector", 4)])
    bench.emit(bench.events[-1])
    bench.work_all()


def questions(bench: RecordedBench) -> None:
    for text in ("", "fraud-detector", "fraud-detector 4", "pending", "history credit-scorer"):
        bench.people.act("command", user=ANA, channel=FRAUD, text=text)
        bench.work_all()
    bench.people.act("home", user=ANA)
    bench.work_all()


def failure(bench: RecordedBench) -> None:
    """A message that is no job goes back to the queue that it came from."""
    for queue in bench.queues:
        bench.put("no job", queue[-9:], queue)
    assert bench.work(bench.take()) == ["no job"] * len(bench.queues)


def version(group: str, number: int) -> str:
    return f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model-package/{group}/{number}"
