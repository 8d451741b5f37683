"""
Where registries are: each account has one in each Region, its site.

Two groups of the same name at two sites are two groups. So a group elsewhere is called
account/region/name throughout the bot, and one at home, where the bot is, by its bare name.
"""

from __future__ import annotations

import re
from typing import Final, NewType

from bot.core.errors import Misconfigured

Site = NewType("Site", str)
"""An account and a Region, as account/region; empty where the bot itself is."""
HOME: Final = Site("")
SITE: Final = r"[0-9]{12}/[a-z]{2,}(-[a-z]+)+-[0-9]{1,2}"
"""What a site other than home looks like; the deploy takes no other."""


def sites_in(text: str) -> tuple[Site, ...]:
    """The sites that *text* lists, with commas between, each once. Raises Misconfigured."""
    named = [each.strip() for each in text.split(",")] if text.strip() else []
    for each in named:
        if not re.fullmatch(SITE, each):
            said = "is no account and Region, such as 222222222222/eu-west-1"
            raise Misconfigured(f"“{each}” {said}; several stand with commas between them.")
    return tuple(Site(each) for each in dict.fromkeys(named))


def full_name(site: Site, name: str) -> str:
    """What the group *name* at *site* is called in the bot."""
    return f"{site}/{name}" if site else name


def parted(group: str) -> tuple[Site, str]:
    """The site of *group*, and its name there."""
    site, _, name = group.rpartition("/")
    return Site(site), name


def in_words(site: Site) -> str:
    """*site* in a sentence."""
    account, _, region = site.partition("/")
    return f"account {account} in {region}" if site else "the bot's own account"
