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
from bot.core.followup.endpoints import DELETED, Serving
from bot.core.registry.version import arn_key

if TYPE_CHECKING:
    from collections.abc import Iterable

PARTS: Final = 4
_MOST: Final = 300_000
"""Bytes of what is in one item: DynamoDB takes 400 KB."""


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
    raw |= {arn_key(each.endpoint): _raw_of(each) for each in servings}
    revision = row.revision if row else 0
    body = wire.stored_json({wire.VERSION_FIELD: wire.FORMAT, "servings": _limited(raw)})
    changed = ServingsItem(
        pk=place["pk"]["S"], sk=place["sk"]["S"], body=body, revision=revision + 1
    )
    return to_item(changed), revision


def _raw_of(serving: Serving) -> dict[str, Any]:
    """Return *serving* as it is read again, with its times as text."""
    return wire.parse(wire.stored_json(wire.to_raw(serving)), "a serving")


def _limited(raw: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return *raw*; if it is too large, without the endpoints that were deleted first."""
    sizes = {arn: len(wire.stored_json(each).encode()) for arn, each in raw.items()}
    deleted = (arn for arn, each in raw.items() if each.get("state") in DELETED)
    kept, size = dict(raw), sum(sizes.values())
    for arn in sorted(deleted, key=lambda arn: str(raw[arn].get("changed"))):
        if size <= _MOST:
            break
        size -= sizes[arn]
        del kept[arn]
    return kept


def servings_of(item: Item) -> list[Serving]:
    """Read what is in *item*. Raises Malformed."""
    raw = _servings_of(from_item(item, ServingsItem).body, item)
    return [wire.from_raw(each, Serving, name_of(item)) for each in raw.values()]


def _servings_of(body: str, item: Item) -> dict[str, dict[str, Any]]:
    what = name_of(item)
    return wire.convert(wire.parse(body, what).get("servings"), dict[str, dict[str, Any]], what)
