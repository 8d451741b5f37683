"""The stack for another account or Region with a model registry, against the bot's own."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bot.adapters.aws.read_roles import DECIDE, READ
from bot.core.registry.registry_id import REGISTRY_ID
from tests.infra.cloudformation import ROOT, load, named, of_type, resources, section, service
from tests.infra.policies import ROLES, listed, meets_all

STACK = load(ROOT / "infra" / "registry-account.yml")
THERE = {name: raw["Properties"] for name, raw in STACK["Resources"].items()}

SENT = [name for name, raw in of_type("AWS::Events::Rule").items() if "EventPattern" in raw]
"""The EventBridge rules."""


def statements(role: dict[str, Any]) -> list[dict[str, Any]]:
    return [raw for each in role["Policies"] for raw in each["PolicyDocument"]["Statement"]]


@pytest.mark.parametrize("rule", SENT)
def test_the_stack_forwards_the_events_of_the_bots_rules_from_its_own_account_only(
    rule: str,
) -> None:
    """EventBridge forwards no event that came from another account."""
    pattern = {**THERE[rule]["EventPattern"]}

    assert pattern.pop("account") == [("Ref", "AWS::AccountId")]
    assert pattern == of_type("AWS::Events::Rule")[rule]["EventPattern"]


@pytest.mark.parametrize("rule", SENT)
def test_the_forwarding_role_may_only_send_to_the_bots_bus(rule: str) -> None:
    (target,) = THERE[rule]["Targets"]
    (right,) = statements(THERE["ForwardRole"])

    assert target["Arn"] == right["Resource"] == ("Ref", "EventBusArn")
    assert target["RoleArn"] == ("GetAtt", "ForwardRole.Arn")
    assert right["Action"] == "events:PutEvents"


@pytest.mark.parametrize(("source", "accepted"), [("aws.sagemaker", True), ("my.app", False)])
def test_the_bots_bus_accepts_only_sagemakers_events_of_the_listed_accounts(
    source: str, accepted: bool
) -> None:
    (policy,) = of_type("AWS::Events::EventBusPolicy").values()
    statement = policy["Statement"]

    assert statement["Principal"] == {"AWS": ("Split", [",", ("Ref", "RegistryAccounts")])}
    assert meets_all(statement["Condition"], {"events:source": source}) is accepted
    assert section("Parameters")["RegistryAccounts"]["Default"] == ""


def test_the_decision_role_has_the_same_conditions_as_in_the_bots_own_account() -> None:
    (there,), (here,) = statements(THERE["DecisionRole"]), statements(ROLES["DecisionRole"])
    trust = [
        role["AssumeRolePolicyDocument"]["Statement"][0]
        for role in (THERE["DecisionRole"], ROLES["DecisionRole"])
    ]

    assert there["Action"] == here["Action"]
    assert there["Condition"] == here["Condition"]
    assert trust[0]["Action"] == trust[1]["Action"]
    assert trust[0]["Condition"] == trust[1]["Condition"]
    assert trust[0]["Principal"] == {"AWS": ("Ref", "WorkerRoles")}
    assert THERE["DecisionRole"]["MaxSessionDuration"] <= 3600


def test_the_roles_trust_all_listed_stages_and_never_nobody() -> None:
    parameters = {name: STACK["Parameters"][name]["Type"] for name in ("BotRoles", "WorkerRoles")}
    (rule,) = STACK["Rules"].values()
    (assertion,) = rule["Assertions"]

    assert set(parameters.values()) == {"CommaDelimitedList"}
    assert rule["RuleCondition"] == ("Equals", [("Ref", "MakeRoles"), "on"])
    assert assertion["Assert"] == ("Not", [("EachMemberEquals", [("Ref", "WorkerRoles"), ""])])


def test_the_read_role_may_read_what_the_worker_reads_in_the_bots_own_account() -> None:
    reads = ("sagemaker:", "s3:")
    here = {
        action
        for raw in statements(ROLES["WorkerRole"])
        for action in ([raw["Action"]] if isinstance(raw["Action"], str) else raw["Action"])
        if action.startswith(reads)
    }
    there = {
        action
        for raw in statements(THERE["ReadRole"])
        for action in ([raw["Action"]] if isinstance(raw["Action"], str) else raw["Action"])
    }

    assert there == here


def test_the_bots_stack_outputs_the_parameters_of_this_stack() -> None:
    text = (ROOT / "infra" / "registry-account.yml").read_text(encoding="utf-8")

    for output in ("EventBusArn", "WorkerRoleArn", "SweepRoleArn"):
        assert output in text
        assert output in section("Outputs")


# --- how the bot assumes the roles ----------------------------------------------------------------


@pytest.mark.parametrize(("role", "name"), [("ReadRole", READ), ("DecisionRole", DECIDE)])
def test_the_bot_assumes_the_roles_by_their_names(role: str, name: str) -> None:
    assert THERE[role]["RoleName"] == name


@pytest.mark.parametrize(
    ("policy", "takers", "name", "actions"),
    [
        ("ReadOtherRegistries", {"WorkerRole", "SweepRole"}, READ, {"sts:AssumeRole"}),
        (
            "DecideInOtherRegistries",
            {"WorkerRole"},
            DECIDE,
            {"sts:AssumeRole", "sts:SetSourceIdentity"},
        ),
    ],
)
def test_the_bot_may_assume_the_roles_in_the_listed_accounts_only(
    policy: str, takers: set[str], name: str, actions: set[str]
) -> None:
    resource = resources()[policy]
    (right,) = resource["Properties"]["PolicyDocument"]["Statement"]

    assert resource["Condition"] == "RegistryAccountsAreSet"
    assert {*named(resource["Properties"]["Roles"])} == takers
    assert {*listed(right["Action"])} == actions
    assert right["Resource"] == ("Sub", f"arn:${{AWS::Partition}}:iam::*:role/{name}")
    assert right["Condition"] == {
        "StringEquals": {"aws:ResourceAccount": ("Split", [",", ("Ref", "RegistryAccounts")])}
    }


@pytest.mark.parametrize(
    ("value", "accepted"),
    [
        ("", True),
        ("222222222222/eu-west-1", True),
        ("222222222222/eu-west-1,333333333333/us-gov-west-1", True),
        ("222222222222/eu-west-1, 333333333333/us-east-1", False),
        ("222222222222", False),
        ("eu-west-1", False),
        ("222222222222/eu-west", False),
        ("222222222222/euwest1", False),
        ("222222222222/ireland", False),
        ("222222222222/eu-west-1a", False),
        ("222222222222/eu-west-1,", False),
    ],
)
def test_a_typo_in_the_list_of_registries_fails_the_deploy(value: str, *, accepted: bool) -> None:
    parameter = section("Parameters")["Registries"]

    assert parameter["Default"] == ""
    assert bool(re.fullmatch(parameter["AllowedPattern"], value)) is accepted


def test_the_deploy_accepts_no_registry_with_which_the_bot_would_not_start() -> None:
    assert (
        section("Parameters")["Registries"]["AllowedPattern"]
        == f"({REGISTRY_ID}(,{REGISTRY_ID})*)?"
    )


def test_the_environment_names_the_bots_own_registry_and_the_others() -> None:
    environment = service()["provider"]["environment"]

    assert environment["HOME_REGISTRY"] == ("Sub", "${AWS::AccountId}/${AWS::Region}")
    assert environment["REGISTRIES"] == ("Ref", "Registries")
