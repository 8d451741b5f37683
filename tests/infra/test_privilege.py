"""
Each role has the rights that its function uses, and no others.

Every kind of job is done by the real handlers, and each call to AWS is recorded with the role
that made it. The calls are compared with the roles as CloudFormation made them.
"""

from __future__ import annotations

from ast import literal_eval
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from moto.moto_api._internal.models import moto_api_backend

from bot.adapters.aws.read_roles import DECIDE, READ
from infra.local import aws
from infra.local.deployment import ROOT, load
from infra.local.registry import correct
from tests.doubles.builders import THERE
from tests.handlers.bench import Calls
from tests.handlers.processes import restart
from tests.infra.jobs import PLAN, ROLE_OF, a_bench, do_every_job, version
from tests.infra.policies import Statement, covers, statement
from tests.infra.recorder import AwsRequest
from tests.world.embedded import ANA

if TYPE_CHECKING:
    from collections.abc import Iterator


# Powertools warns of a call that counted nothing; a job that fails counts nothing.
pytestmark = pytest.mark.filterwarnings("ignore:No application metrics to publish")

NOT_RECORDED_HERE = {
    # Lambda writes the logs and the traces, in the function's name.
    "logs:CreateLogStream": "*",
    "logs:PutLogEvents": "*",
    "xray:PutTraceSegments": "*",
    "xray:PutTelemetryRecords": "*",
    # Lambda receives from the queues of jobs for the worker, and from no other.
    "sqs:ReceiveMessage": "*.fifo",
    "sqs:DeleteMessage": "*.fifo",
    "sqs:GetQueueAttributes": "*.fifo",
    # Lambda sends failed asynchronous invocations there.
    "sqs:SendMessage": "*-undelivered",
}
"""Permissions that a role has for Lambda itself: which, and on what."""


REMOTE_ROLES = (READ, DECIDE)
ROLES = [*ROLE_OF.values(), "DecisionRole", *REMOTE_ROLES]


@dataclass(frozen=True)
class Seen:
    """The calls of each role, and what each role may do."""

    requested: dict[str, set[AwsRequest]]
    granted: dict[str, list[Statement]]


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """Do every job once, in a world that has ended before the first test begins."""
    bench = a_bench()
    with pytest.MonkeyPatch.context() as patch:
        try:
            bench.deploy(patch, tmp_path_factory.mktemp("bench"))
            do_every_job(bench)
            assert bench.recorder
            url = bench.servers.aws.url
            result = Seen(bench.recorder.requests, granted(url) | granted_in_other_account(url))
        finally:
            bench.servers.stop()
            correct()
            moto_api_backend.reset()
    restart()
    return result


def granted(url: str) -> dict[str, list[Statement]]:
    """The statements of each role, as they are in AWS: with every reference resolved."""
    stack = aws.client("cloudformation", url).describe_stack_resources(StackName="model-approvals")
    iam = aws.client("iam", url)
    return {
        raw["LogicalResourceId"]: [*_statements(iam, raw["PhysicalResourceId"])]
        for raw in stack["StackResources"]
        if raw.get("ResourceType") == "AWS::IAM::Role"
    }


def granted_in_other_account(url: str) -> dict[str, list[Statement]]:
    """The same, of the roles in another account that the bot assumes."""
    iam = aws.client_in("iam", url, THERE, "administrator")
    return {role: [*_statements(iam, role)] for role in REMOTE_ROLES}


def _statements(iam: Any, role: str) -> Iterator[Statement]:
    for name in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        document = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
        # moto returns what CloudFormation made as Python would print it.
        for raw in (literal_eval(document) if isinstance(document, str) else document)["Statement"]:
            yield statement(raw)


# --- the results ----------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_make_every_call_that_was_made_in_it(seen: Seen, role: str) -> None:
    refused = {each for each in seen.requested[role] if not is_granted(seen.granted[role], each)}

    assert refused == set()


def is_granted(statements: list[Statement], request: AwsRequest) -> bool:
    return any(
        covers(one, request.action, request.resource, dict(request.context)) for one in statements
    )


@pytest.mark.parametrize("role", ROLES)
def test_a_role_has_no_permission_that_was_not_used(seen: Seen, role: str) -> None:
    unused = {
        (action, resource)
        for each in seen.granted[role]
        for action in each.actions
        for resource in each.resources
        if not is_used(seen.requested[role], action, resource)
    }

    assert {pair for pair in unused if not is_lambdas(*pair)} == set()


def is_used(requested: set[AwsRequest], action: str, resource: str) -> bool:
    right = Statement((action,), (resource,), {})
    return any(covers(right, each.action, each.resource, {}) for each in requested)


def is_lambdas(action: str, resource: str) -> bool:
    right = Statement((action,), (NOT_RECORDED_HERE.get(action, ""),), {})
    return covers(right, action, resource, {})


def test_the_function_on_the_internet_reads_a_secret_and_sends_a_message(seen: Seen) -> None:
    assert {each.action for each in seen.requested["SlackRequestRole"]} == {
        "secretsmanager:GetSecretValue",
        "sqs:SendMessage",
    }
    assert {action.partition(":")[0] for action in actions(seen, "SlackRequestRole")} == {
        "logs",
        "xray",
        "sqs",
        "secretsmanager",
    }


def actions(seen: Seen, role: str) -> set[str]:
    return {action for each in seen.granted[role] for action in each.actions}


@pytest.mark.parametrize("role", ["DecisionRole", DECIDE])
def test_every_update_in_a_decision_role_sets_approved_or_rejected(seen: Seen, role: str) -> None:
    requested = seen.requested[role]

    assert {each.action for each in requested} == {"sagemaker:UpdateModelPackage"}
    assert all(dict(each.context)["sagemaker:ModelApprovalStatus"] for each in requested)


def test_the_worker_may_assume_the_decision_role_with_a_source_identity(seen: Seen) -> None:
    """STS also asks the role's own trust policy, with the source identity."""
    (trust,) = PLAN.resources["DecisionRole"]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    right = statement(trust | {"Resource": "*"})
    requested = assume_requests(seen, "WorkerRole", "DecisionRole")

    assert {each.action for each in requested} == {"sts:AssumeRole", "sts:SetSourceIdentity"}
    assert all(covers(right, each.action, each.resource, dict(each.context)) for each in requested)


@pytest.mark.parametrize(
    ("taker", "role", "logical", "actions"),
    [
        ("WorkerRole", READ, "ReadRole", {"sts:AssumeRole"}),
        ("SweepRole", READ, "ReadRole", {"sts:AssumeRole"}),
        ("WorkerRole", DECIDE, "DecisionRole", {"sts:AssumeRole", "sts:SetSourceIdentity"}),
    ],
)
def test_the_roles_in_other_accounts_allow_the_calls_that_assume_them(
    seen: Seen, taker: str, role: str, logical: str, actions: set[str]
) -> None:
    there = load(ROOT / "infra" / "registry-account.yml")["Resources"][logical]
    (trust,) = there["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    right = statement(trust | {"Resource": "*"})
    requested = assume_requests(seen, taker, role)

    assert {each.action for each in requested} == actions
    assert all(covers(right, each.action, each.resource, dict(each.context)) for each in requested)


def assume_requests(seen: Seen, who: str, role: str) -> list[AwsRequest]:
    """The calls of *who* to STS for *role*."""
    requested = (each for each in seen.requested[who] if each.action.startswith("sts:"))
    return [each for each in requested if role in each.resource]


@pytest.mark.parametrize(
    ("role", "account"),
    [(READ, "333333333333"), (DECIDE, "333333333333"), ("admin", "222222222222")],
)
def test_the_bot_may_assume_no_other_role_and_none_in_an_unlisted_account(
    seen: Seen, role: str, account: str
) -> None:
    context = (("aws:ResourceAccount", account), ("sts:SourceIdentity", ANA))
    requested = AwsRequest("sts:AssumeRole", f"arn:aws:iam::{account}:role/{role}", context)

    assert not [who for who in ROLE_OF.values() if is_granted(seen.granted[who], requested)]


def test_only_the_worker_may_assume_the_decision_role_of_another_account(seen: Seen) -> None:
    requested = assume_requests(seen, "WorkerRole", DECIDE)
    takers = {who for who in ROLE_OF.values() if is_granted(seen.granted[who], requested[0])}

    assert takers == {"WorkerRole"}


def test_without_the_decision_role_the_worker_may_decide_and_nothing_more(seen: Seen) -> None:
    """With the switch off, its rights are those of both roles, without assuming one."""
    server = aws.serve(Calls())
    server.start()
    aws.deploy(PLAN, server.url, {"bot_token": "t", "signing_secret": "s"}, UseDecisionRole="off")
    alone = {action for each in granted(server.url)["WorkerRole"] for action in each.actions}
    server.stop()
    moto_api_backend.reset()
    both = actions(seen, "WorkerRole") | actions(seen, "DecisionRole")

    assert alone == {action for action in both if not action.startswith("sts:")}


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("sagemaker:UpdateModelPackage", version("fraud-detector", 4)),
        ("dynamodb:DeleteItem", "arn:aws:dynamodb:us-east-1:123456789012:table/Ledger"),
        ("sqs:SendMessage", "arn:aws:sqs:us-east-1:123456789012:another"),
    ],
)
def test_a_call_without_permission_would_be_found(seen: Seen, action: str, resource: str) -> None:
    for role in ROLE_OF.values():
        assert not is_granted(seen.granted[role], AwsRequest(action, resource))
