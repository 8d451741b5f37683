"""
An audit entry, and the end of a chain, as items of the ledger's table.

An entry lies under its chain and its number, so a chain is read in order with one query. What
somebody did to an item by hand makes it wrong, but never unreadable: that is for `verify` to say.
"""

from __future__ import annotations

import re
from typing import Any, Final

from bot.core.audit.chain import CHECKPOINTS, ChainHead, Entry

PREFIX: Final = "audit#"
END: Final = "end"
REQUEST: Final = "request"
_NUMBER: Final = re.compile(rf"{PREFIX}([0-9]{{10}})")


def item_of(entry: Entry) -> dict[str, Any]:
    """*entry* as an item."""
    return {
        "arn": {"S": entry.chain},
        "entry": {"S": f"{PREFIX}{entry.number:010d}"},
        "body": {"S": entry.body},
        "hash": {"S": entry.hash},
    }


def entry_of(item: dict[str, Any]) -> Entry:
    """The entry that *item* is; of number 0 if its key is none of ours."""
    found = _NUMBER.fullmatch(item["entry"]["S"])
    number = int(found[1]) if found else 0
    return Entry(item["arn"]["S"], number, _text(item, "body"), _text(item, "hash"))


def end_key(chain: str) -> dict[str, Any]:
    """Where it stands how *chain* ends: in a version's request, or in an item of its own."""
    return {"arn": {"S": chain}, "entry": {"S": END if chain == CHECKPOINTS else REQUEST}}


def end_item(link: ChainHead) -> dict[str, Any]:
    """What says that a chain ends in *link*."""
    return {"chain_count": {"N": str(link.count)}, "chain_head": {"S": link.head}}


def has_end(item: dict[str, Any]) -> bool:
    """Whether *item* says where its chain ends."""
    return "chain_count" in item


def end_of(item: dict[str, Any]) -> ChainHead:
    """The end that *item* names; of no entries, if it is older than the trail."""
    count = item.get("chain_count", {}).get("N", "0")
    return ChainHead(int(count) if count.isdecimal() else 0, _text(item, "chain_head"))


def _text(item: dict[str, Any], name: str) -> str:
    text: str = item.get(name, {}).get("S", "")
    return text
