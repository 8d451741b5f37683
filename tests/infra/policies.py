"""What the roles of `infra/roles.yml` allow: the part of IAM that their policies use."""

from __future__ import annotations

import re
from dataclasses import dataclass
from operator import eq
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
    """Whether *resource* is made with the switch in this position, and all else at its default."""
    condition = resources()[resource].get("Condition")
    defaults = {name: raw["Default"] for name, raw in section("Parameters").items()}
    return condition is None or holds(section("Conditions")[condition], defaults | {SWITCH: switch})


def holds(condition: Any, parameters: dict[str, str]) -> bool:
    """Whether *condition* is true with these *parameters*."""
    match condition:
        case ("Equals", [("Ref", str(name)), position]):
            return bool(parameters[name] == position)
        case ("Not", [other]):
            return not holds(other, parameters)
    raise NotImplementedError(condition)


def rights(role: str, switch: str = "on") -> list[Statement]:
    """All that *role* is allowed, by the policies in it and those beside it."""
    documents = [inline["PolicyDocument"] for inline in ROLES[role].get("Policies", ())]
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
    resources_by_action: dict[str, set[str]] = {}
    for right in rights(role, switch):
        for action in right.actions:
            resources_by_action.setdefault(action, set()).update(named(list(right.resources)))
    return {
        action: {name for name in names if not name.startswith("AWS::")}
        for action, names in resources_by_action.items()
    }


def meets_all(conditions: dict[str, Any], context: dict[str, str]) -> bool:
    """Whether a request with *context* meets all *conditions*; a missing key meets only a "not"."""
    return all(
        meets(kind, context.get(key), listed(values))
        for kind, keys in conditions.items()
        for key, values in keys.items()
    )


def meets(kind: str, value: str | None, wanted: list[str]) -> bool:
    """One condition (IAM user guide, "Condition operators"): any of *wanted*, or with Not none."""
    test = {"StringEquals": eq, "StringLike": like, "ArnEquals": like}[kind.replace("Not", "")]
    matches = value is not None and any(test(value, each) for each in wanted)
    return not matches if "Not" in kind else matches


def like(text: str, pattern: str) -> bool:
    """Whether *pattern*, with IAM's * and ?, fits all of *text*."""
    parts = (".*" if c == "*" else "." if c == "?" else re.escape(c) for c in pattern)
    return re.fullmatch("".join(parts), text, re.DOTALL) is not None


def covers(right: Statement, action: str, resource: str, context: dict[str, str]) -> bool:
    """Whether a statement, whose references were resolved, matches this request."""
    return (
        any(like(action.lower(), pattern.lower()) for pattern in right.actions)
        and any(like(resource, pattern) for pattern in right.resources)
        and meets_all(right.conditions, context)
    )
