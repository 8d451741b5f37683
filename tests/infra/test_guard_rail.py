"""The organisation's policy: only the decision role may approve."""

from __future__ import annotations

from typing import Any

import pytest

from tests.infra.cloudformation import ROOT, load
from tests.infra.policies import Statement, covers, listed

DECIDES = "arn:aws:iam::111122223333:role/model-approvals-dev-DecisionRole-1A2B3C"
ELSEWHERE = "arn:aws:iam::444455556666:role/model-approvals-decide"
OTHERS = (
    "arn:aws:iam::111122223333:role/AdministratorAccess",
    "arn:aws:iam::111122223333:role/training-pipeline",
    "arn:aws:iam::111122223333:root",
    "arn:aws:iam::999999999999:role/model-approvals-decide",
)
VERSION = "arn:aws:sagemaker:us-east-1:111122223333:model-package/fraud-detector/4"


def policy() -> dict[str, Any]:
    (policy,) = load(ROOT / "infra" / "guard-rail.yml")["Resources"].values()
    return dict(policy["Properties"])


def denied(action: str, who: str, status: str | None) -> bool:
    (raw,) = policy()["Content"]["Statement"]
    assert raw["Effect"] == "Deny"
    conditions = {**raw["Condition"], "ArnNotEquals": {"aws:PrincipalArn": [DECIDES, ELSEWHERE]}}
    statement = Statement(tuple(listed(raw["Action"])), (raw["Resource"],), conditions)
    context = {"sagemaker:ModelApprovalStatus": status} if status else {}
    return covers(statement, action, VERSION, {"aws:PrincipalArn": who, **context})


WRITES = pytest.mark.parametrize(
    "action", ["sagemaker:UpdateModelPackage", "sagemaker:CreateModelPackage"]
)


@WRITES
@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_may_approve_a_version_or_create_an_approved_one(action: str, who: str) -> None:
    assert denied(action, who, "Approved")


@pytest.mark.parametrize("who", [DECIDES, ELSEWHERE])
def test_the_decision_roles_may_approve(who: str) -> None:
    assert not denied("sagemaker:UpdateModelPackage", who, "Approved")


@WRITES
@pytest.mark.parametrize("status", ["Rejected", "PendingManualApproval", None])
def test_everybody_may_reject_register_and_describe(action: str, status: str | None) -> None:
    """Anybody may stop a version, and pipelines have to register."""
    assert not denied(action, OTHERS[1], status)
    assert not denied("sagemaker:DescribeModelPackage", OTHERS[1], status)


def test_the_deploy_sets_the_roles_that_decide() -> None:
    (raw,) = policy()["Content"]["Statement"]

    assert policy()["Type"] == "SERVICE_CONTROL_POLICY"
    assert raw["Condition"]["ArnNotEquals"] == {"aws:PrincipalArn": ("Ref", "DecisionRoleArns")}
