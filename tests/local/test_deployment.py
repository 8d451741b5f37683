"""The stack that the embedded world makes of `serverless.yml` and its parts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError
from moto.moto_api._internal.models import moto_api_backend

from infra.local import aws, deployment
from infra.local.faults import Faults
from infra.local.registry import correct

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.local.server import Server

PLAN = deployment.read()
SECRET = {"bot_token": "xoxb-1", "signing_secret": "s"}


@pytest.fixture(scope="module")
def faults() -> Faults:
    return Faults()


@pytest.fixture(scope="module")
def server(faults: Faults) -> Iterator[Server]:
    server = aws.serve(faults)
    server.start()
    yield server
    server.stop()
    correct()


@pytest.fixture
def url(server: Server) -> Iterator[str]:
    """An AWS with nothing in it; moto has one state in a process."""
    moto_api_backend.reset()
    yield server.url
    moto_api_backend.reset()


def roles(url: str) -> dict[str, str]:
    """The roles that there are: which of the template, and their ARN."""
    found = aws.client("cloudformation", url).describe_stack_resources(StackName="model-approvals")
    iam = aws.client("iam", url)
    return {
        raw["LogicalResourceId"]: iam.get_role(RoleName=raw["PhysicalResourceId"])["Role"]["Arn"]
        for raw in found["StackResources"]
        if raw.get("ResourceType") == "AWS::IAM::Role"  # moto lists what a condition leaves out
    }


def test_the_functions_are_told_what_was_made(url: str) -> None:
    told = aws.deploy(PLAN, url, SECRET)
    secrets = aws.client("secretsmanager", url)

    assert told.keys() == PLAN.environment.keys()
    assert told["LEDGER_TABLE"] in aws.client("dynamodb", url).list_tables()["TableNames"]
    assert told["QUEUE_URL"].endswith("-jobs.fifo")
    assert told["APPROVALS_FILE"] == PLAN.environment["APPROVALS_FILE"]
    kept = secrets.get_secret_value(SecretId=told["SLACK_SECRET_ID"])["SecretString"]
    assert json.loads(kept) == SECRET


def test_every_function_has_its_role_and_decisions_have_theirs(url: str) -> None:
    told = aws.deploy(PLAN, url, SECRET)
    made = roles(url)

    assert made.keys() == {each.role for each in PLAN.functions.values()} | {"DecisionRole"}
    assert told["DECISION_ROLE_ARN"] == made["DecisionRole"]


def test_a_stack_without_the_decision_role_tells_the_functions_of_none(url: str) -> None:
    told = aws.deploy(PLAN, url, SECRET, UseDecisionRole="off")

    assert told["DECISION_ROLE_ARN"] == ""
    assert roles(url).keys() == {each.role for each in PLAN.functions.values()}


def test_nothing_in_the_template_is_left_to_the_framework() -> None:
    """What it makes for a function is named as it is called; moto would make nothing of it."""
    text = json.dumps(PLAN.template)

    assert "LambdaFunction" not in text
    assert "extensions" not in PLAN.template
    for function in PLAN.functions.values():
        assert f"{function.name[0].upper()}{function.name[1:]}LogGroup" not in text
        assert function.arn in text or function.name == "worker"  # which nothing of ours calls
        assert function.log_group in text


def test_a_function_that_nobody_waits_for_is_tried_as_often_as_the_template_says() -> None:
    attempts = {name: function.attempts for name, function in PLAN.functions.items()}

    assert attempts["registryEvent"] == 3
    assert attempts["sweep"] == 1


@pytest.mark.parametrize(
    ("error", "code", "status"),
    [
        ("Throttling", "Throttling", 400),
        ("AccessDenied", "AccessDenied", 400),
        ("503", "InternalFailure", 503),
    ],
)
def test_an_outage_is_told_in_the_words_of_the_service(
    url: str, faults: Faults, error: str, code: str, status: int
) -> None:
    """STS is asked in a form and answers in XML; most others speak JSON."""
    sts = aws.client("sts", url)
    faults.add("GetCallerIdentity", error, times=5)
    with pytest.raises(ClientError) as refused:
        sts.get_caller_identity()
    while faults.take("GetCallerIdentity"):
        pass

    assert refused.value.response["Error"]["Code"] == code
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
    assert sts.get_caller_identity()["Account"] == deployment.ACCOUNT
