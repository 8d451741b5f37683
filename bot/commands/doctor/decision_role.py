"""The check of the role in which decisions are made."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from botocore.exceptions import ClientError

from bot.adapters.aws.client import error_code
from bot.commands.doctor.check import Failed, Skipped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.commands.doctor.deployment import Deployment

_DEPLOY: Final = "Deploy again, from this version of the code."
_NEEDED: Final = {"sts:AssumeRole", "sts:SetSourceIdentity"}
"""The actions that a decision takes (`bot.adapters.aws.decision_session`)."""


def check_decision_role(deployment: Deployment) -> str:
    """
    Check that the decision role is there, and trusts a worker that is there as well.

    The role is read, not taken: it must trust nobody but the worker, so that a refusal here would
    prove nothing.
    """
    arn = deployment.environment.get("DECISION_ROLE_ARN")
    if arn is None:
        raise Skipped("DECISION_ROLE_ARN is not set; it would be empty where there is none")
    if not arn:
        return "switched off: the worker decides in its own name"
    name = arn.rpartition("/")[2]
    trusted = list(_trusted(_trust_policy(deployment.client("iam"), name)))
    if not trusted:
        raise Failed(f"{name} trusts nobody to set a source identity", _DEPLOY)
    # IAM shows the id of a role in place of its ARN once that role was deleted.
    if deleted := [principal for principal in trusted if ":role/" not in principal]:
        raise Failed(f"{name} trusts {deleted[0]}, which is no role that is there", _DEPLOY)
    return f"{name} trusts {', '.join(each.rpartition('/')[2] for each in trusted)}"


def _trust_policy(iam: Any, name: str) -> Any:
    try:
        return iam.get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"]
    except ClientError as error:
        if error_code(error) != "NoSuchEntity":
            raise
        remedy = f"No decision can be carried out. {_DEPLOY}"
        raise Failed(f"there is no role {name}", remedy) from error


def _trusted(policy: Any) -> Iterator[str]:
    """Return the principals that may take a role with a source identity."""
    policy = json.loads(unquote(policy)) if isinstance(policy, str) else policy
    for statement in _as_list(policy["Statement"]):
        allowed = _as_list(statement.get("Action", [])) if statement["Effect"] == "Allow" else []
        if {*allowed} >= _NEEDED:
            principal = statement["Principal"]
            is_anybody = isinstance(principal, str)
            yield from [principal] if is_anybody else _as_list(principal.get("AWS", []))


def _as_list(value: Any) -> list[Any]:
    """Return what a policy may write as one value or as a list of them."""
    return value if isinstance(value, list) else [value]
