"""
Which model registries there are: every account has one in each Region.

Two groups of the same name in two registries are two groups. So a group of another registry is
called account/region/name throughout the bot, and one of the bot's own by its bare name.
"""

from __future__ import annotations

import re
from typing import Final, NewType

from bot.core.errors import Misconfigured

RegistryId = NewType("RegistryId", str)
"""An account and a Region, as account/region; empty for the bot's own."""
OWN_REGISTRY: Final = RegistryId("")
REGISTRY_ID: Final = r"[0-9]{12}/[a-z]{2,}(-[a-z]+)+-[0-9]{1,2}"
"""What the id of another registry looks like; the deployment accepts nothing else."""


def parse_registry_ids(text: str) -> tuple[RegistryId, ...]:
    """Read the ids that *text* lists, with commas between, each once. Raises Misconfigured."""
    ids = [each.strip() for each in text.split(",")] if text.strip() else []
    for each in ids:
        if not re.fullmatch(REGISTRY_ID, each):
            raise Misconfigured(
                f"“{each}” is no account and Region, such as 222222222222/eu-west-1; "
                "put commas between several."
            )
    return tuple(RegistryId(each) for each in dict.fromkeys(ids))


def full_group_name(registry_id: RegistryId, name: str) -> str:
    """Return what the group *name* of a registry is called in the bot."""
    return f"{registry_id}/{name}" if registry_id else name


def split_group_name(group: str) -> tuple[RegistryId, str]:
    """Return the registry of *group*, and its name there."""
    registry_id, _, name = group.rpartition("/")
    return RegistryId(registry_id), name


def registry_in_words(registry_id: RegistryId) -> str:
    """Name a registry in a log message or at a terminal."""
    account, _, region = registry_id.partition("/")
    return f"account {account} in {region}" if registry_id else "the bot's own account"
