"""What the bot remembers of an endpoint, as an item of the ledger's table, and back."""

from __future__ import annotations

from bot.adapters.store.items import EndpointItem, Item, from_item, name_of, to_item, unknown_of
from bot.core import wire
from bot.core.followup.endpoints import EndpointMemory
from bot.core.registry.version import arn_key

_OUTSIDE_BODY = ("arn", "revision", "unknown")


def item_of(memory: EndpointMemory) -> Item:
    """Write *memory*."""
    raw = wire.to_raw(memory, omit=_OUTSIDE_BODY, extra=memory.unknown.get("body", {}))
    body = wire.stored_json(raw)
    row = EndpointItem(pk=arn_key(memory.arn), arn=memory.arn, body=body, revision=memory.revision)
    return {**memory.unknown, **to_item(row)}


def memory_of(item: Item) -> EndpointMemory:
    """Read the memory in *item*. Raises Malformed."""
    row = from_item(item, EndpointItem)
    unknown = unknown_of(item, EndpointItem, EndpointMemory)
    beside = {"arn": row.arn, "revision": row.revision, "unknown": unknown}
    return wire.decode(row.body, EndpointMemory, name_of(item), extra=beside)
