"""
What the endpoints of a group do for it, as items of the ledger's table, and back.

They repeat what the endpoints' own items hold, under the group, where a card looks for it. Their
keys follow from the group, so that they are read in one call with the row of a version. There are
PARTS of them: an item holds 400 KB, and what one endpoint does is a few of these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from zlib import crc32

from bot.adapters.store.items import (
    PART_PREFIX,
    SERVING_PREFIX,
    Item,
    ServingsItem,
    from_item,
    key,
    name_of,
    to_item,
)
from bot.core import wire
from bot.core.followup.endpoints import Serving
from bot.core.registry.version import arn_key

if TYPE_CHECKING:
    from collections.abc import Iterable

PARTS: Final = 4


def keys_of(group: str) -> list[Item]:
    """Return the keys of the items of *group*: the same in any case, as group names are."""
    return [_key(group, part) for part in range(PARTS)]


def key_of(serving: Serving) -> Item:
    """Return the key of the item that *serving* is in."""
    return _key(serving.group, crc32(arn_key(serving.endpoint).encode()) % PARTS)


def _key(group: str, part: int) -> Item:
    return key(f"{SERVING_PREFIX}{group.lower()}", f"{PART_PREFIX}{part}")


def item_with(item: Item | None, servings: Iterable[Serving], place: Item) -> tuple[Item, int]:
    """
    Return *item*, of the key *place*, with these *servings* in it, and which revision it had.

    What is in it of other endpoints stays as it is, also if a newer version of the code wrote it.
    """
    row = from_item(item, ServingsItem) if item else None
    raw = _servings_of(row.body, place) if row else {}
    raw |= {arn_key(each.endpoint): wire.to_raw(each) for each in servings}
    revision = row.revision if row else 0
    body = wire.stored_json({wire.VERSION_FIELD: wire.FORMAT, "servings": raw})
    changed = ServingsItem(
        pk=place["pk"]["S"], sk=place["sk"]["S"], body=body, revision=revision + 1
    )
    return to_item(changed), revision


def servings_of(item: Item) -> list[Serving]:
    """Read what is in *item*. Raises Malformed."""
    raw = _servings_of(from_item(item, ServingsItem).body, item)
    return [wire.from_raw(each, Serving, name_of(item)) for each in raw.values()]


def _servings_of(body: str, item: Item) -> dict[str, dict[str, Any]]:
    what = name_of(item)
    return wire.convert(wire.parse(body, what).get("servings"), dict[str, dict[str, Any]], what)
