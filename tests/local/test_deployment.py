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
    """The address of an empty AWS; moto has one state in a process."""
    moto_api_backend.reset()
    yield server.url
    moto_api_backend.reset()


def roles(url: str) -> dict[str, str]:
    """The ARNs of the deployed roles, by their names in the template."""
    stack = aws.client("cloudformation", url).describe_stack_resources(StackName="model-approvals")
    iam = aws.client("iam", url)
    return {
        raw["LogicalResourceId"]: iam.get_role(RoleName=raw["PhysicalResourceId"])["Role"]["Arn"]
        for raw in stack["StackResources"]
        if raw.get("ResourceType") == "AWS::IAM::Role"  # moto lists what a condition leaves out
    }


def test_the_functions_get_the_names_of_the_resources_that_were_made(url: str) -> None:
    environment = aws.deploy(PLAN, url, SECRET)
    secrets = aws.client("secretsmanager", url)

    assert environment.keys() == PLAN.environment.keys()
    assert environment["LEDGER_TABLE"] in aws.client("dynamodb", url).list_tables()["TableNames"]
    assert environment["QUEUE_URL"].endswith("-jobs.fifo")
    assert environment["APPROVALS_FILE"] == PLAN.environment["APPROVALS_FILE"]
    kept = secrets.get_secret_value(SecretId=environment["SLACK_SECRET_ID"])["SecretString"]
    assert json.loads(kept) == SECRET


def test_every_function_has_its_role_and_decisions_have_their_own(url: str) -> None:
    environment = aws.deploy(PLAN, url, SECRET)
    deployed_roles = roles(url)

    assert deployed_roles.keys() == {each.role for each in PLAN.functions.values()} | {
        "DecisionRole"
    }
    assert environment["DECISION_ROLE_ARN"] == deployed_roles["DecisionRole"]


def test_without_the_decision_role_the_functions_get_no_arn_of_one(url: str) -> None:
    environment = aws.deploy(PLAN, url, SECRET, UseDecisionRole="off")

    assert environment["DECISION_ROLE_ARN"] == ""
    assert roles(url).keys() == {each.role for each in PLAN.functions.values()}


def test_the_template_has_no_reference_to_what_the_framework_would_make() -> None:
    """moto cannot resolve such a reference, so there are names and ARNs in its place."""
    text = json.dumps(PLAN.template)

    assert "LambdaFunction" not in text
    assert "extensions" not in PLAN.template
    for function in PLAN.functions.values():
        assert f"{function.name[0].upper()}{function.name[1:]}LogGroup" not in text
        assert function.arn in text or function.name == "worker"  # which nothing of ours calls
        assert function.log_group in text


def test_an_asynchronous_function_is_retried_as_often_as_the_template_says() -> None:
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
def test_an_outage_has_the_error_format_of_its_service(
    url: str, faults: Faults, error: str, code: str, status: int
) -> None:
    """STS gets a form and answers in XML; most others use JSON."""
    sts = aws.client("sts", url)
    faults.add("GetCallerIdentity", error, times=5)
    with pytest.raises(ClientError) as refused:
        sts.get_caller_identity()
    while faults.take("GetCallerIdentity"):
        pass

    assert refused.value.response["Error"]["Code"] == code
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
    assert sts.get_caller_identity()["Account"] == deployment.ACCOUNT
