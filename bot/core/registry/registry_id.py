"""
Where registries are: each account has one in each Region, its site.

Two groups of the same name at two sites are two groups. So a group elsewhere is called
account/region/name throughout the bot, and one at home, where the bot is, by its bare name.
"""

from __future__ import annotations

import re
from typing import Final, NewType

from bot.core.errors import Misconfigured

RegistryId = NewType("RegistryId", str)
"""An account and a Region, as account/region; empty where the bot itself is."""
OWN_REGISTRY: Final = RegistryId("")
REGISTRY_ID: Final = r"[0-9]{12}/[a-z]{2,}(-[a-z]+)+-[0-9]{1,2}"
"""What a site other than home looks like; the deploy takes no other."""


def parse_registry_ids(text: str) -> tuple[RegistryId, ...]:
    """The sites that *text* lists, with commas between, each once. Raises Misconfigured."""
    named = [each.strip() for each in text.split(",")] if text.strip() else []
    for each in named:
        if not re.fullmatch(REGISTRY_ID, each):
            said = "is no account and Region, such as 222222222222/eu-west-1"
            raise Misconfigured(f"“{each}” {said}; several stand with commas between them.")
    return tuple(RegistryId(each) for each in dict.fromkeys(named))


def full_group_name(site: RegistryId, name: str) -> str:
    """What the group *name* at *site* is called in the bot."""
    return f"{site}/{name}" if site else name


def split_group_name(group: str) -> tuple[RegistryId, str]:
    """The site of *group*, and its name there."""
    site, _, name = group.rpartition("/")
    return RegistryId(site), name


def registry_in_words(site: RegistryId) -> str:
    """*site* in a sentence."""
    account, _, region = site.partition("/")
    return f"account {account} in {region}" if site else "the bot's own account"
