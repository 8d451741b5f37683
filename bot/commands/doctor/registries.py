"""Checks of the model registries: the bot's own, and those of other accounts and Regions."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from bot.adapters.aws.client import error_code, retryable_is_unavailable
from bot.adapters.aws.read_roles import READ, role_arn
from bot.commands.doctor.check import CheckCode, CheckState, Failed, Skipped, run_check
from bot.core.errors import Forbidden
from bot.core.registry.registry_id import parse_registry_ids, registry_in_words
from bot.core.text import count_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.commands.doctor.check import CheckResult
    from bot.commands.doctor.deployment import Deployment
    from bot.core.registry.registry_id import RegistryId

ACCOUNTS: Final = "RegistryAccounts"
"""The parameter of the template that says in which accounts the bot may take a role."""
_TEMPLATE: Final = "infra/registry-account.yml"


def other_registries(deployment: Deployment) -> Iterator[CheckResult]:
    """Check each registry that the setting REGISTRIES names, if it names any."""
    if not (setting := deployment.environment.get("REGISTRIES", "")):
        return
    result = run_check(CheckCode.OTHER_REGISTRIES, lambda: check_list(setting))
    yield result
    if result.state is CheckState.FAILED:
        return
    registry_ids = parse_registry_ids(setting)
    check = partial(check_accounts, registry_ids, deployment)
    yield run_check(CheckCode.REGISTRY_ACCOUNTS, check)
    for registry_id in registry_ids:
        check = partial(check_other_registry, registry_id, deployment)
        yield run_check(CheckCode.REGISTRY, check, registry_id)


def check_own_registry(deployment: Deployment) -> str:
    """Check that the bot's own registry can be listed."""
    sagemaker = deployment.client("sagemaker")
    return _listed(sagemaker, f"the registry of {sagemaker.meta.region_name}")


def check_list(setting: str) -> str:
    """Check how REGISTRIES is written. Raises Misconfigured for a typo."""
    return f"{count_of(len(parse_registry_ids(setting)), 'registry')} elsewhere: {setting}"


def check_accounts(registry_ids: tuple[RegistryId, ...], deployment: Deployment) -> str:
    """Check that the bot may take a role in the account of each registry."""
    if deployment.stack is None:
        raise Skipped("only a stack tells in which accounts the bot may take a role (--stack)")
    allowed = deployment.stack.parameters.get(ACCOUNTS, "").split(",")
    needed = dict.fromkeys(each.partition("/")[0] for each in registry_ids)
    if missing := [account for account in needed if account not in allowed]:
        remedy = 'Deploy again with all accounts: OPTIONS="--param=registryAccounts=…"'
        raise Failed(f"the bot may take no role in {', '.join(missing)}", remedy)
    return f"the bot may take its roles in {', '.join(needed)}"


def check_other_registry(registry_id: RegistryId, deployment: Deployment) -> str:
    """
    Check that the read role of a registry can be taken, and the registry listed.

    A refusal of the role proves nothing: it is for the bot, and whoever runs this is not the bot.
    """
    sagemaker = deployment.sessions.registry_client("sagemaker", registry_id)
    registry = f"the registry of {registry_in_words(registry_id)}"
    try:
        with retryable_is_unavailable():
            return _listed(sagemaker, registry)
    except Forbidden as error:
        role = role_arn(registry_id, READ, sagemaker.meta.partition)
        reason = f"you may not take {role}, which is for the bot unless BotRoles there names you"
        raise Skipped(f"{reason}; ask /model-status whether the bot may") from error
    except ClientError as error:
        remedy = f"Deploy {_TEMPLATE} there again, and see that the Region is switched on."
        raise Failed(f"{registry} cannot be listed: {error_code(error)}", remedy) from error


def _listed(sagemaker: Any, registry: str) -> str:
    response = sagemaker.list_model_package_groups(MaxResults=1)
    is_empty = not response["ModelPackageGroupSummaryList"]
    return f"{registry} can be listed" + (", and has no group yet" if is_empty else "")
