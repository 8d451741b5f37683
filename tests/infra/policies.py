"""What the roles of `infra/roles.yml` allow: the little of IAM that their policies need."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from tests.infra.cloudformation import named, of_type, resources, section

ROLES = of_type("AWS::IAM::Role")
SWITCH = "UseDecisionRole"
POSITIONS = ("on", "off")


@dataclass(frozen=True)
class Statement:
    """One permission, with short forms as `cloudformation` reads them."""

    actions: tuple[str, ...]
    resources: tuple[Any, ...]
    conditions: dict[str, Any]


def is_there(resource: str, switch: str) -> bool:
    """Whether *resource* is made with the switch in this position."""
    condition = resources()[resource].get("Condition")
    return condition is None or holds(section("Conditions")[condition], switch)


def holds(condition: Any, switch: str) -> bool:
    match condition:
        case ("Equals", [("Ref", "UseDecisionRole"), position]):
            return bool(position == switch)
    raise NotImplementedError(condition)


def rights(role: str, switch: str = "on") -> list[Statement]:
    """All that *role* is allowed, by the policies in it and those beside it."""
    documents = [each["PolicyDocument"] for each in ROLES[role].get("Policies", ())]
    documents += [
        policy["PolicyDocument"]
        for name, policy in of_type("AWS::IAM::Policy").items()
        if role in named(policy["Roles"]) and is_there(name, switch)
    ]
    return [statement(raw) for document in documents for raw in document["Statement"]]


def statement(raw: dict[str, Any]) -> Statement:
    assert raw["Effect"] == "Allow"
    actions = tuple(listed(raw["Action"]))
    return Statement(actions, tuple(listed(raw.get("Resource", []))), raw.get("Condition", {}))


def listed(one_or_many: Any) -> list[Any]:
    return one_or_many if isinstance(one_or_many, list) else [one_or_many]


def may(role: str, switch: str = "on") -> dict[str, set[str]]:
    """What *role* may do, and to which of our resources; to none of them is an empty set."""
    found: dict[str, set[str]] = {}
    for each in rights(role, switch):
        for action in each.actions:
            found.setdefault(action, set()).update(named(list(each.resources)))
    return {
        action: {name for name in names if not name.startswith("AWS::")}
        for action, names in found.items()
    }


def answers(conditions: dict[str, Any], said: dict[str, str]) -> bool:
    """Whether a request with *said* meets all *conditions*. What is not said meets none."""
    tests = {"StringEquals": lambda value, wanted: value == wanted, "StringLike": fnmatchcase}
    return all(
        key in said and any(tests[kind](said[key], wanted) for wanted in listed(values))
        for kind, keys in conditions.items()
        for key, values in keys.items()
    )
