"""The bot's own rate limits as items of the table, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.adapters.store.items import (
    RATE,
    RATE_PREFIX,
    Item,
    RateLimitItem,
    from_item,
    key,
    to_item,
)
from bot.core.votes.rate_limit import RateLimit

if TYPE_CHECKING:
    from datetime import datetime


def key_of(name: str) -> Item:
    """Make the key of the limit *name*."""
    return key(f"{RATE_PREFIX}{name}", RATE)


def item_of(limit: RateLimit) -> Item:
    """Write *limit*, of which a slot was reserved, as of its next revision."""
    row = RateLimitItem(
        pk=f"{RATE_PREFIX}{limit.name}",
        next_slot_at=limit.next_slot_at or limit.read_at,
        revision=limit.revision + 1,
    )
    return to_item(row)


def limit_of(name: str, item: Item | None, read_at: datetime) -> RateLimit:
    """Read the limit *name* in *item*; of no item, one without reserved slots. Raises Malformed."""
    if item is None:
        return RateLimit(name=name, read_at=read_at)
    row = from_item(item, RateLimitItem)
    return RateLimit(
        name=name, next_slot_at=row.next_slot_at, revision=row.revision, read_at=read_at
    )
