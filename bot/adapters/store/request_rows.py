"""
A record as an item of the ledger's table (`items.RequestItem`), and back.

A field that this version of the code does not know is kept for the next write, and one that an
older version did not write has its default: two versions of the worker can work side by side.
"""

from __future__ import annotations

from bot.adapters.store.items import (
    Item,
    RequestItem,
    SummaryItem,
    from_item,
    name_of,
    to_item,
    unknown_of,
)
from bot.core import wire
from bot.core.audit.chain import ChainHead
from bot.core.decide.record import Record, RecordSummary
from bot.core.errors import Malformed
from bot.core.registry.version import Arn, arn_key
from bot.core.votes.request import Card, Request

_NO_CARD = Card(channel="")


def item_of(record: Record) -> Item:
    """Write *record*, without its new audit entries: those are items of their own."""
    request = record.request
    first = request.cards[0] if request.cards else _NO_CARD
    row = RequestItem(
        pk=arn_key(request.arn),
        arn=request.arn,
        created=request.created,
        body=wire.encode(request, omit=("arn", "created"), extra=record.unknown.get("body", {})),
        revision=record.revision,
        unfinished=request.unfinished,
        status=request.status,
        next_to_deploy=first.next_to_deploy,
        rule=first.rule,
        chain_count=record.chain.count,
        chain_head=record.chain.head,
    )
    return {**record.unknown, **to_item(row)}


def record_of(item: Item) -> Record:
    """Read the record in *item*. Raises Malformed."""
    row = from_item(item, RequestItem)
    return Record(
        request=wire.decode(row.body, Request, name_of(item), extra=_identity(item)),
        revision=row.revision,
        chain=ChainHead(row.chain_count, row.chain_head),
        unknown=unknown_of(item, RequestItem, Request),
    )


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
        chain=ChainHead(row.chain_count, row.chain_head),
    )
