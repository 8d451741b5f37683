"""What of other accounts and Regions a deployment needs: the role that is lent to it there."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError

from bot.adapters.aws.client import error_code, retryable_is_unavailable
from bot.adapters.aws.read_roles import READ, role_arn
from bot.adapters.aws.sessions import Sessions
from bot.commands.doctor.check_result import CheckState, Failed, LeftOut, examine
from bot.core.errors import Forbidden
from bot.core.registry.registry_id import parse_registry_ids, registry_in_words
from bot.core.text import many

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.commands.doctor.check_result import CheckResult
    from bot.commands.doctor.stack import Stack
    from bot.core.registry.registry_id import RegistryId

ACCOUNTS: Final = "RegistryAccounts"
"""The parameter of the template that says in which accounts the bot may take a role."""
_LENT: Final = "infra/registry-account.yml"


def all_of(environment: Mapping[str, str], stack: Stack | None) -> Iterator[CheckResult]:
    """One result after the other, for each registry that *environment* names; none, if it does."""
    if not (named := environment.get("REGISTRIES", "")):
        return
    yield (listed := examine("registries", lambda: look_at_list(named)))
    if listed.state is CheckState.FAILED:
        return
    sites = parse_registry_ids(named)
    yield examine("registry accounts", lambda: look_at_accounts(sites, stack))
    for site in sites:
        yield examine(f"registry {site}", partial(look_at_site, site))


def look_at_list(named: str) -> str:
    """How many registries are *named*. Raises Misconfigured for a typo."""
    return f"{many(len(parse_registry_ids(named)), 'registry')} elsewhere: {named}"


def look_at_accounts(sites: tuple[RegistryId, ...], stack: Stack | None) -> str:
    """Whether the bot of *stack* has the right to take a role in the account of each site."""
    if stack is None:
        raise LeftOut("only a stack tells in which accounts the bot may take a role (--stack)")
    allowed = stack.parameters.get(ACCOUNTS, "").split(",")
    needed = dict.fromkeys(site.partition("/")[0] for site in sites)
    if missing := [account for account in needed if account not in allowed]:
        do = 'Deploy again with all accounts: OPTIONS="--param=registryAccounts=…"'
        raise Failed(f"the bot may take no role in {', '.join(missing)}", do)
    return f"the bot may take its roles in {', '.join(needed)}"


def look_at_site(site: RegistryId) -> str:
    """
    Whether the read role at *site* can be taken, and its registry listed.

    A refusal of the role proves nothing: it is for the bot, and whoever runs this is not it.
    """
    sagemaker = Sessions().registry_client("sagemaker", site)
    where = f"the registry of {registry_in_words(site)}"
    try:
        with retryable_is_unavailable():
            found = sagemaker.list_model_package_groups(MaxResults=1)
    except Forbidden as error:
        role = role_arn(site, READ, sagemaker.meta.partition)
        said = f"you may not take {role}, which is for the bot unless BotRoles there names you"
        raise LeftOut(f"{said}; ask /model-status whether the bot may") from error
    except ClientError as error:
        do = f"Deploy {_LENT} there again, and see that the Region is switched on"
        raise Failed(f"{where} cannot be listed: {error_code(error)}", f"{do}.") from error
    groups = found["ModelPackageGroupSummaryList"]
    return f"{where} can be listed" + ("" if groups else ", and has no group yet")
