"""
What an endpoint does for a group, as an item of the ledger's table, and back.

It repeats what the endpoint's own item holds, under the group, where a card looks for it: with one
query, whatever else there is.
"""

from __future__ import annotations

from bot.adapters.store.items import (
    SERVING_PREFIX,
    Item,
    ServingItem,
    from_item,
    name_of,
    to_item,
)
from bot.core import wire
from bot.core.followup.endpoints import Serving
from bot.core.registry.version import arn_key


def partition_of(group: str) -> str:
    """Return under which key the items of *group* are: the same in any case, as group names are."""
    return f"{SERVING_PREFIX}{group.lower()}"


def item_of(serving: Serving) -> Item:
    """Write *serving*."""
    body = wire.stored_json(wire.to_raw(serving))
    return to_item(
        ServingItem(pk=partition_of(serving.group), sk=arn_key(serving.endpoint), body=body)
    )


def serving_of(item: Item) -> Serving:
    """Read what is in *item*. Raises Malformed."""
    return wire.decode(from_item(item, ServingItem).body, Serving, name_of(item))
