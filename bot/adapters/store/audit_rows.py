"""
An audit entry, and the end of a chain, as items of the ledger's table, and back.

An entry is kept under its chain and its number, so a chain is read in order with one query. What
somebody did to an item by hand makes it wrong, but never unreadable: `audit verify` has to name it.

An entry is hashed as JSON in ASCII, and stored with the letters of any script as they are: a
decision repeats the comments of all its votes, and an item of DynamoDB holds at most 400 KB.
"""

from __future__ import annotations

import json
import re
from typing import Final

from bot.adapters.store.items import (
    AUDIT_PREFIX,
    AuditItem,
    CheckpointsEndItem,
    Item,
    audit_key,
    to_item,
)
from bot.core.audit.chain import ChainHead, Entry
from bot.core.wire import stored_json

_NOT_ASCII: Final = re.compile("[\x7f-\U0010ffff]")
_SORT_KEY: Final = re.compile(rf"{AUDIT_PREFIX}([0-9]{{10}})")


def item_of(entry: Entry) -> Item:
    """Write *entry*."""
    sk = audit_key(entry.chain, entry.number)["sk"]["S"]
    body = _unescaped(entry.body)
    return to_item(AuditItem(pk=entry.chain, sk=sk, body=body, hash=entry.hash))


def entry_of(item: Item) -> Entry:
    """Read the entry in *item*; of number 0 if its key is none of ours."""
    number = _SORT_KEY.fullmatch(item["sk"]["S"])
    body = _escaped(_text(item, "body"))
    return Entry(item["pk"]["S"], int(number[1]) if number else 0, body, _text(item, "hash"))


def end_item(head: ChainHead) -> Item:
    """Write that the chain of checkpoints ends at *head*."""
    return to_item(CheckpointsEndItem(chain_count=head.count, chain_head=head.head))


def head_of(item: Item) -> ChainHead:
    """Read where *item* says that its chain ends: after no entries, if that is unreadable."""
    count = item.get("chain_count", {}).get("N", "0")
    return ChainHead(int(count) if count.isdecimal() else 0, _text(item, "chain_head"))


def _text(item: Item, name: str) -> str:
    text: str = item.get(name, {}).get("S", "")
    return text


def _unescaped(body: str) -> str:
    """Write the letters in *body* as they are, if `_escaped` then makes the same text of it."""
    short = stored_json(json.loads(body), sort_keys=True)
    return short if _escaped(short) == body else body


def _escaped(body: str) -> str:
    """Escape what is not ASCII in *body* as `json` does."""
    return _NOT_ASCII.sub(lambda letter: json.dumps(letter[0])[1:-1], body)
