"""
A record as an item of the ledger's table (`items.RequestItem`), and back.

A field that this version of the code does not know is kept for the next write, and one that an
older version did not write has its default: two versions of the worker can work side by side.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bot.adapters.store.comment_rows import has_keys, move_in, move_out
from bot.adapters.store.items import (
    OPEN,
    Item,
    RequestItem,
    SummaryItem,
    from_item,
    name_of,
    to_item,
    unknown_of,
)
from bot.adapters.store.request_check import check_request
from bot.core import wire
from bot.core.audit.chain import ChainHead
from bot.core.decide.record import PostedCards, Record, RecordSummary
from bot.core.errors import Malformed
from bot.core.registry.version import Arn, arn_key
from bot.core.votes.request import Card, Request

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

_NO_CARD = Card(channel="")
_NONE: Final[Mapping[str, str]] = {}


def item_of(record: Record) -> Item:
    """Write *record*, without its new audit entries: those are items of their own."""
    request = record.request
    raw, _ = _raw_of(record)
    first = request.cards[0] if request.cards else _NO_CARD
    row = RequestItem(
        pk=arn_key(request.arn),
        arn=request.arn,
        created=request.created,
        body=wire.stored_json(raw),
        revision=record.revision,
        unfinished=request.unfinished,
        status=request.status,
        next_to_deploy=first.next_to_deploy,
        rule=first.rule,
        deploy_due=request.deploy_due,
        slot_at=request.slot.time if request.slot else None,
        chain_count=record.chain.count,
        chain_head=record.chain.head,
        open=OPEN if request.is_open else None,
    )
    return {**record.unknown, **to_item(row)}


def long_comments_of(record: Record) -> dict[str, str]:
    """Return the comments that the item of *record* only refers to, by their keys."""
    _, comments = _raw_of(record)
    return comments


def _raw_of(record: Record) -> tuple[dict[str, Any], dict[str, str]]:
    extra = record.unknown.get("body", {})
    return move_out(wire.to_raw(record.request, omit=("arn", "created"), extra=extra))


def refers_to_comments(item: Item) -> bool:
    """Whether the record in *item* needs long comments to be read."""
    return has_keys(from_item(item, RequestItem).body)


def record_of(item: Item, read_at: datetime, comments: Mapping[str, str] = _NONE) -> Record:
    """Read the record in *item*, with the long *comments* by their keys. Raises Malformed."""
    row, what = from_item(item, RequestItem), name_of(item)
    raw = move_in(wire.parse(row.body, what), comments, what)
    request = wire.from_raw(raw, Request, what, extra=_identity(item))
    check_request(request, what)
    return Record(
        request=request,
        read_at=read_at,
        revision=row.revision,
        chain=ChainHead(row.chain_count, row.chain_head),
        unknown=unknown_of(item, RequestItem, Request),
    )


def cards_of(item: Item) -> PostedCards:
    """Read where the cards of the record in *item* are, and no long comments. Raises Malformed."""
    row, what = from_item(item, RequestItem), name_of(item)
    cards = wire.parse(row.body, what).get("cards", [])
    return PostedCards(row.arn, row.created, wire.convert(cards, tuple[Card, ...], what))


def _identity(item: Item) -> dict[str, str]:
    """Return what says which version *item* is about."""
    return {name: item[name]["S"] for name in ("arn", "created") if name in item}


def summary_of(item: Item) -> RecordSummary:
    """
    Read what the sweep needs of a record from *item*, which the index made.

    A malformed one counts as unfinished, so that the version gets a job: that job fails and says
    what is wrong, and the sweep goes on with all others.
    """
    try:
        row = from_item(item, SummaryItem)
    except Malformed:
        arn = item.get("arn", {}).get("S", item["pk"]["S"])
        return RecordSummary(Arn(arn), None, unfinished=True)
    return RecordSummary(
        arn=row.arn,
        created=row.created,
        status=row.status,
        unfinished=row.unfinished,
        next_to_deploy=row.next_to_deploy,
        rule=row.rule,
        deploy_due=row.deploy_due,
        slot_at=row.slot_at,
        chain=ChainHead(row.chain_count, row.chain_head),
    )
