"""The template that the Serverless Framework makes, with a stand-in for the archive."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import pytest
from cfnlint.api import lint

from infra.local import deployment
from tests.infra.cloudformation import ROOT, made_for_functions, resources, section, service
from tests.infra.test_resources import JOB_QUEUES

if TYPE_CHECKING:
    from pathlib import Path

OSLS = ROOT / "node_modules" / ".bin" / "osls"
STAGE = "prod"
PLAN = deployment.read()
FUNCTIONS = {f"{name[0].upper()}{name[1:]}LambdaFunction": name for name in PLAN.functions}
EACH = pytest.mark.parametrize("name", FUNCTIONS)

pytestmark = pytest.mark.skipif(
    not OSLS.exists(), reason="needs Node and the Serverless Framework: make node_modules/ready"
)


@dataclass
class Packaged:
    """The files that `make package` makes for CloudFormation."""

    text: str
    state: dict[str, Any]

    @property
    def template(self) -> dict[str, Any]:
        return dict(json.loads(self.text))

    def of_type(self, kind: str) -> dict[str, Any]:
        """The properties of all resources of a type, by name."""
        all_resources = self.template["Resources"].items()
        return {name: raw.get("Properties") for name, raw in all_resources if raw["Type"] == kind}


@pytest.fixture(scope="module")
def packaged(tmp_path_factory: pytest.TempPathFactory) -> Packaged:
    folder = tmp_path_factory.mktemp("packaged")
    lay_out(folder)
    options = ("--stage", STAGE, "--package", "out", "--param=key=on")
    done = subprocess.run(  # noqa: S603 - pinned in package-lock.json
        [str(OSLS), "package", *options],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder)},  # no account and no profile
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    text = (folder / "out" / "cloudformation-template-update-stack.json").read_text("utf-8")
    return Packaged(text, json.loads((folder / "out" / "serverless-state.json").read_text("utf-8")))


def lay_out(folder: Path) -> None:
    """Copy what the framework reads, with an archive that takes no time to build."""
    (folder / "infra").mkdir()
    for path in (ROOT / "serverless.yml", *(ROOT / "infra").glob("*.yml")):
        shutil.copy(path, folder / path.relative_to(ROOT))
    archive = folder / service()["package"]["artifact"]
    archive.parent.mkdir()
    with ZipFile(archive, "w") as packed:
        packed.writestr("stand-in", "")


def test_cfn_lint_finds_nothing_in_what_is_deployed(packaged: Packaged) -> None:
    assert [f"{match.rule.id} {match.message}" for match in lint(packaged.text)] == []


def test_every_resource_is_packaged_and_the_framework_adds_only_expected_ones(
    packaged: Packaged,
) -> None:
    bucket = {"ServerlessDeploymentBucket", "ServerlessDeploymentBucketPolicy"}
    sources = {f"WorkerEventSourceMappingSQS{queue}" for queue in JOB_QUEUES}

    assert packaged.template["Resources"].keys() == (
        resources().keys() | made_for_functions() | bucket | sources
    )
    assert packaged.template["Outputs"].keys() - {"ServerlessDeploymentBucketName"} == (
        section("Outputs").keys()
    )


@EACH
def test_a_function_is_deployed_as_it_is_written(packaged: Packaged, name: str) -> None:
    planned = PLAN.functions[FUNCTIONS[name]]
    function = packaged.of_type("AWS::Lambda::Function")[name]

    assert function["FunctionName"] == f"model-approvals-{STAGE}-{planned.name}"
    assert (function["Handler"], function["Timeout"]) == (planned.handler, planned.timeout)
    assert (function["Runtime"], function["Architectures"]) == ("python3.13", ["arm64"])
    assert function["Code"]["S3Key"].endswith("/bot.zip")
    assert function["Environment"] == {"Variables": PLAN.environment}


@EACH
def test_a_function_has_its_own_role_and_not_the_frameworks(packaged: Packaged, name: str) -> None:
    function = packaged.of_type("AWS::Lambda::Function")[name]
    ours = {each for each, raw in resources().items() if raw["Type"] == "AWS::IAM::Role"}

    assert function["Role"] == {"Fn::GetAtt": [name.replace("LambdaFunction", "Role"), "Arn"]}
    assert packaged.of_type("AWS::IAM::Role").keys() == ours


@pytest.mark.parametrize("queue", JOB_QUEUES)
def test_only_the_worker_reads_a_queue_one_message_at_a_time(
    packaged: Packaged, queue: str
) -> None:
    sources = packaged.of_type("AWS::Lambda::EventSourceMapping")
    source = sources[f"WorkerEventSourceMappingSQS{queue}"]

    assert source["FunctionName"] == {"Fn::GetAtt": ["WorkerLambdaFunction", "Arn"]}
    assert source["EventSourceArn"] == {"Fn::GetAtt": [queue, "Arn"]}
    assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert (source["BatchSize"], source["Enabled"]) == (1, True)
    assert source["ScalingConfig"]["MaximumConcurrency"] > 1


def test_the_workers_leave_room_for_the_other_functions_in_a_new_accounts_quota(
    packaged: Packaged,
) -> None:
    sources = packaged.of_type("AWS::Lambda::EventSourceMapping").values()

    assert sum(each["ScalingConfig"]["MaximumConcurrency"] for each in sources) <= 10 - 3


def test_options_of_a_deploy_reach_cloudformation(packaged: Packaged) -> None:
    parameters = packaged.template["Parameters"]

    assert {name: raw["Default"] for name, raw in parameters.items()} == {
        **{name: raw["Default"] for name, raw in section("Parameters").items()},
        "UseKey": "on",
    }
