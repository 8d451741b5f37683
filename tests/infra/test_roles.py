"""The permissions in `infra/roles.yml`, against what the code needs."""

from __future__ import annotations

from typing import Any

import pytest

from tests.infra.calls import needed_by_the_adapters
from tests.infra.cloudformation import named, options, resources, section, service
from tests.infra.policies import POSITIONS, ROLES, SWITCH, is_there, may, meets_all, rights

LOGS = {"logs:CreateLogStream", "logs:PutLogEvents"}
TRACES = {"xray:PutTraceSegments", "xray:PutTelemetryRecords"}
LAMBDA_RECEIVES = {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}
"""What Lambda needs to receive from a queue for a function (Lambda developer guide, SQS)."""
ONLY_COMMANDS = {"dynamodb:Scan"}
"""What `python -m bot` does, with the permissions of the person who calls it."""
WITHOUT_RESOURCE = {"sagemaker:ListModelPackages", "sagemaker:ListModelPackageGroups", *TRACES}
"""The first may be given a resource, but not when it lists all groups (authorization reference)."""
VERSIONS = "arn:${AWS::Partition}:sagemaker:${AWS::Region}:${AWS::AccountId}:model-package/*/*"


# --- the functions --------------------------------------------------------------------------------


def test_every_function_has_its_own_role_that_only_lambda_assumes() -> None:
    assigned = [name for raw in service()["functions"].values() for name in named(raw["role"])]

    assert sorted([*assigned, "DecisionRole"]) == sorted(ROLES)
    for role in assigned:
        (trust,) = ROLES[role]["AssumeRolePolicyDocument"]["Statement"]
        assert trust["Principal"] == {"Service": "lambda.amazonaws.com"}
        assert trust["Action"] == "sts:AssumeRole"


@pytest.mark.parametrize("function", service()["functions"])
def test_a_function_may_write_its_own_log(function: str) -> None:
    (role,) = named(service()["functions"][function]["role"])

    for action in LOGS:
        assert may(role)[action] == {f"{function[0].upper()}{function[1:]}LogGroup"}


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (
            "SlackRequestRole",
            {
                "sqs:SendMessage": {"ClickQueue", "QuestionQueue"},
                "secretsmanager:GetSecretValue": {"SlackSecret"},
            },
        ),
        ("RegistryEventRole", {"sqs:SendMessage": {"JobQueue", "Undelivered"}}),
        (
            "SweepRole",
            {
                "sqs:SendMessage": {"JobQueue", "Undelivered"},
                "sagemaker:ListModelPackages": set(),
                "dynamodb:BatchGetItem": {"Ledger"},
                "dynamodb:GetItem": {"Ledger"},
                "dynamodb:PutItem": {"Ledger"},
                "dynamodb:Query": {"Ledger"},
            },
        ),
    ],
)
def test_a_function_has_exactly_the_permissions_of_its_task(
    role: str, expected: dict[str, set[str]]
) -> None:
    its_own = {action: what for action, what in may(role).items() if action not in LOGS | TRACES}

    assert its_own == expected


def test_the_worker_receives_from_all_queues_and_sends_what_it_leads_to() -> None:
    assert may("WorkerRole")["sqs:SendMessage"] == {"ClickQueue", "JobQueue"}
    for action in ("ReceiveMessage", "DeleteMessage", "ChangeMessageVisibility"):
        assert may("WorkerRole")[f"sqs:{action}"] == {"ClickQueue", "QuestionQueue", "JobQueue"}


@pytest.mark.parametrize("switch", POSITIONS)
def test_the_function_on_the_internet_has_almost_no_permissions(switch: str) -> None:
    services = {action.partition(":")[0] for action in may("SlackRequestRole", switch)}

    assert services == {"logs", "xray", "sqs", "secretsmanager"}


def test_the_worker_may_make_the_calls_of_the_adapters_and_no_others() -> None:
    allowed = {*may("WorkerRole"), *may("DecisionRole")}

    assert allowed - LOGS - TRACES - LAMBDA_RECEIVES == needed_by_the_adapters() - ONLY_COMMANDS


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("switch", POSITIONS)
def test_no_permission_is_wider_than_its_purpose(role: str, switch: str) -> None:
    for each in rights(role, switch):
        assert "*" not in "".join(each.actions)
        assert "*" not in each.resources or {*each.actions} <= WITHOUT_RESOURCE


@pytest.mark.parametrize("role", ROLES)
def test_no_role_may_delete_or_update_in_the_ledger(role: str) -> None:
    ledger = {action for action in may(role) if action.startswith("dynamodb:")}

    reading = {"dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query"}
    assert ledger <= {*reading, "dynamodb:PutItem"}


# --- the decision role ----------------------------------------------------------------------------


@pytest.mark.parametrize(("switch", "who"), [("on", "DecisionRole"), ("off", "WorkerRole")])
def test_only_one_role_may_decide(switch: str, who: str) -> None:
    may_decide = {
        role
        for role in ROLES
        if is_there(role, switch) and "sagemaker:UpdateModelPackage" in may(role, switch)
    }

    assert may_decide == {who}


@pytest.mark.parametrize("switch", POSITIONS)
def test_no_role_may_change_the_registry_in_another_way(switch: str) -> None:
    reads = ("sagemaker:List", "sagemaker:Describe")
    changes = {
        action
        for role in ROLES
        for action in may(role, switch)
        if action.startswith("sagemaker:") and not action.startswith(reads)
    }

    assert changes == {"sagemaker:UpdateModelPackage"}


@pytest.mark.parametrize(("switch", "who"), [("on", "DecisionRole"), ("off", "WorkerRole")])
@pytest.mark.parametrize(
    ("status", "allowed"),
    [("Approved", True), ("Rejected", True), ("PendingManualApproval", False), (None, False)],
)
def test_a_version_may_be_approved_or_rejected_and_nothing_else(
    switch: str, who: str, status: str | None, allowed: bool
) -> None:
    """None stands for a call that changes something else and sends no status."""
    (right,) = [
        each for each in rights(who, switch) if "sagemaker:UpdateModelPackage" in each.actions
    ]
    context = {"sagemaker:ModelApprovalStatus": status} if status else {}

    assert right.resources == (("Sub", VERSIONS),)
    assert meets_all(right.conditions, context) is allowed


def test_the_decision_role_may_only_decide() -> None:
    assert {*may("DecisionRole")} == {"sagemaker:UpdateModelPackage"}


def trust() -> dict[str, Any]:
    (statement,) = ROLES["DecisionRole"]["AssumeRolePolicyDocument"]["Statement"]
    return dict(statement)


def test_only_the_worker_assumes_the_decision_role() -> None:
    taking = {role for role in ROLES if "DecisionRole" in may(role).get("sts:AssumeRole", ())}

    assert trust()["Effect"] == "Allow"
    assert trust()["Principal"] == {"AWS": ("GetAtt", "WorkerRole.Arn")}
    assert {*trust()["Action"]} == {"sts:AssumeRole", "sts:SetSourceIdentity"}
    assert taking == {"WorkerRole"}
    assert may("WorkerRole")["sts:SetSourceIdentity"] == {"DecisionRole"}


@pytest.mark.parametrize(
    ("identity", "accepted"),
    [
        ("U0ANA00000", True),
        ("W0ANA00000", True),  # Slack's Enterprise Grid
        (None, False),
        ("B0ROBOT000", False),
        ("S0RISK0000", False),
        ("ana", False),
    ],
)
def test_the_decision_role_is_assumed_in_the_name_of_a_slack_user_only(
    identity: str | None, accepted: bool
) -> None:
    context = {"sts:SourceIdentity": identity} if identity else {}

    assert meets_all(trust()["Condition"], context) is accepted


def test_a_session_lasts_an_hour_at_most() -> None:
    assert ROLES["DecisionRole"]["MaxSessionDuration"] <= 3600


# --- the switch -----------------------------------------------------------------------------------


def test_the_decision_role_is_on_by_default() -> None:
    assert section("Parameters")[SWITCH]["Default"] == "on"
    assert section("Parameters")[SWITCH]["AllowedValues"] == list(POSITIONS)
    assert options()[SWITCH] == "${param:decisionRole, 'on'}"


@pytest.mark.parametrize("position", POSITIONS)
def test_with_the_switch_off_there_is_no_decision_role(position: str) -> None:
    assert is_there("DecisionRole", position) is (position == "on")
    assert ("sts:AssumeRole" in may("WorkerRole", position)) is (position == "on")


def test_the_environment_names_the_decision_role_only_if_there_is_one() -> None:
    value = service()["provider"]["environment"]["DECISION_ROLE_ARN"]

    assert value == ("If", ["DecisionRoleIsOn", ("GetAtt", "DecisionRole.Arn"), ""])
    assert resources()["DecisionRole"]["Condition"] == "DecisionRoleIsOn"


def test_the_calls_of_the_adapters_are_found() -> None:
    assert {
        "sagemaker:UpdateModelPackage",
        "sts:AssumeRole",
        "dynamodb:Query",
        "s3:GetObject",
        "sqs:ChangeMessageVisibility",
    } <= needed_by_the_adapters()
