"""What the bot remembers of an endpoint, as an item of the ledger's table, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.adapters.store.items import EndpointItem, Item, from_item, name_of, to_item, unknown_of
from bot.core import wire
from bot.core.followup.endpoints import EndpointMemory
from bot.core.registry.version import arn_key

if TYPE_CHECKING:
    from datetime import datetime

_OUTSIDE_BODY = ("arn", "read_at", "revision", "unknown")


def item_of(memory: EndpointMemory) -> Item:
    """Write *memory*."""
    raw = wire.to_raw(memory, omit=_OUTSIDE_BODY, extra=memory.unknown.get("body", {}))
    body = wire.stored_json(raw)
    row = EndpointItem(pk=arn_key(memory.arn), arn=memory.arn, body=body, revision=memory.revision)
    return {**memory.unknown, **to_item(row)}


def memory_of(item: Item, read_at: datetime) -> EndpointMemory:
    """Read the memory in *item*, at the store's time. Raises Malformed."""
    row = from_item(item, EndpointItem)
    unknown = unknown_of(item, EndpointItem, EndpointMemory)
    beside = {
        "arn": row.arn,
        "read_at": read_at,
        "revision": row.revision,
        "unknown": unknown,
    }
    return wire.decode(row.body, EndpointMemory, name_of(item), extra=beside)
