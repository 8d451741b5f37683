"""The stack for another account or Region with a model registry, held against the bot's own."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bot.adapters.aws.read_roles import DECIDE, READ
from bot.core.registry.registry_id import REGISTRY_ID
from tests.infra.cloudformation import ROOT, load, named, of_type, resources, section, service
from tests.infra.policies import ROLES, answers, listed

STACK = load(ROOT / "infra" / "registry-account.yml")
THERE = {name: raw["Properties"] for name, raw in STACK["Resources"].items()}

SENT = [name for name, raw in of_type("AWS::Events::Rule").items() if "EventPattern" in raw]
"""The rules that wait for what happens."""


def statements(role: dict[str, Any]) -> list[dict[str, Any]]:
    return [raw for each in role["Policies"] for raw in each["PolicyDocument"]["Statement"]]


@pytest.mark.parametrize("rule", SENT)
def test_it_sends_what_the_bots_own_rule_takes_and_only_what_happened_there(rule: str) -> None:
    """EventBridge sends no event on that came from another account."""
    pattern = {**THERE[rule]["EventPattern"]}

    assert pattern.pop("account") == [("Ref", "AWS::AccountId")]
    assert pattern == of_type("AWS::Events::Rule")[rule]["EventPattern"]


@pytest.mark.parametrize("rule", SENT)
def test_it_sends_to_the_bots_bus_and_may_do_nothing_else(rule: str) -> None:
    (target,) = THERE[rule]["Targets"]
    (right,) = statements(THERE["ForwardRole"])

    assert target["Arn"] == right["Resource"] == ("Ref", "EventBusArn")
    assert target["RoleArn"] == ("GetAtt", "ForwardRole.Arn")
    assert right["Action"] == "events:PutEvents"


@pytest.mark.parametrize(("source", "taken"), [("aws.sagemaker", True), ("my.app", False)])
def test_the_bots_bus_takes_only_what_sagemaker_says_of_the_accounts_that_are_named(
    source: str, taken: bool
) -> None:
    (policy,) = of_type("AWS::Events::EventBusPolicy").values()
    statement = policy["Statement"]

    assert statement["Principal"] == {"AWS": ("Split", [",", ("Ref", "RegistryAccounts")])}
    assert answers(statement["Condition"], {"events:source": source}) is taken
    assert section("Parameters")["RegistryAccounts"]["Default"] == ""


def test_it_decides_there_under_the_conditions_that_hold_here() -> None:
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


def test_the_roles_are_lent_to_all_stages_that_are_named_and_never_to_nobody() -> None:
    parameters = {name: STACK["Parameters"][name]["Type"] for name in ("BotRoles", "WorkerRoles")}
    (rule,) = STACK["Rules"].values()
    (assertion,) = rule["Assertions"]

    assert set(parameters.values()) == {"CommaDelimitedList"}
    assert rule["RuleCondition"] == ("Equals", [("Ref", "MakeRoles"), "on"])
    assert assertion["Assert"] == ("Not", [("EachMemberEquals", [("Ref", "WorkerRoles"), ""])])


def test_it_reads_there_what_the_worker_reads_here() -> None:
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


def test_what_it_asks_for_the_bots_stack_tells() -> None:
    text = (ROOT / "infra" / "registry-account.yml").read_text(encoding="utf-8")

    for output in ("EventBusArn", "WorkerRoleArn", "SweepRoleArn"):
        assert output in text
        assert output in section("Outputs")


# --- as the bot takes the roles -------------------------------------------------------------------


@pytest.mark.parametrize(("role", "name"), [("ReadRole", READ), ("DecisionRole", DECIDE)])
def test_the_bot_takes_the_roles_by_the_names_that_they_are_given(role: str, name: str) -> None:
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
def test_the_bot_may_take_them_where_accounts_are_named_and_in_these_alone(
    policy: str, takers: set[str], name: str, actions: set[str]
) -> None:
    made = resources()[policy]
    (right,) = made["Properties"]["PolicyDocument"]["Statement"]

    assert made["Condition"] == "RegistryAccountsAreSet"
    assert {*named(made["Properties"]["Roles"])} == takers
    assert {*listed(right["Action"])} == actions
    assert right["Resource"] == ("Sub", f"arn:${{AWS::Partition}}:iam::*:role/{name}")
    assert right["Condition"] == {
        "StringEquals": {"aws:ResourceAccount": ("Split", [",", ("Ref", "RegistryAccounts")])}
    }


@pytest.mark.parametrize(
    ("value", "taken"),
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
def test_a_typo_in_the_list_of_registries_fails_the_deploy(value: str, *, taken: bool) -> None:
    parameter = section("Parameters")["Registries"]

    assert parameter["Default"] == ""
    assert bool(re.fullmatch(parameter["AllowedPattern"], value)) is taken


def test_the_deploy_takes_no_registry_that_the_bot_would_not_start_with() -> None:
    assert (
        section("Parameters")["Registries"]["AllowedPattern"]
        == f"({REGISTRY_ID}(,{REGISTRY_ID})*)?"
    )


def test_the_functions_are_told_where_they_are_and_where_else_they_look() -> None:
    told = service()["provider"]["environment"]

    assert told["HOME_REGISTRY"] == ("Sub", "${AWS::AccountId}/${AWS::Region}")
    assert told["REGISTRIES"] == ("Ref", "Registries")
