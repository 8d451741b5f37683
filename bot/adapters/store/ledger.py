"""
What the bot remembers, in one DynamoDB table.

The kinds of items are listed in `items`. A version's request and the new entries of its audit
trail are written in one transaction; an entry is put where none is, and never touched again.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from bot.adapters.aws.client import retryable_is_unavailable
from bot.adapters.store import (
    audit_rows,
    comment_rows,
    endpoint_rows,
    items,
    rate_rows,
    request_rows,
    serving_rows,
)
from bot.adapters.store.refusals import stale_if_refused
from bot.adapters.store.store_clock import time_of
from bot.core.decide.record import Record
from bot.core.errors import Unavailable
from bot.core.followup.endpoints import EndpointMemory
from bot.core.registry.version import Arn, arn_key
from bot.core.votes.request import Request

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from bot.adapters.store.items import Item
    from bot.core.audit.chain import ChainHead, Entry
    from bot.core.decide.record import PostedCards, RecordSummary
    from bot.core.followup.endpoints import Serving
    from bot.core.votes.rate_limit import RateLimit

_FEW: Final = 10
"""Whoever reads the newest entries first wants a few of them, and an entry can be long."""
_NEW: Final = {"ConditionExpression": "attribute_not_exists(pk)"}


class DynamoLedger:
    """`bot.flows.ports.Ledger`, kept in DynamoDB."""

    def __init__(self, dynamodb: Any, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._stored_comments: set[tuple[Arn, str]] = set()
        """Long comments that were read or written by this ledger: nothing ever removes them."""

    def get(self, arn: Arn) -> Record:
        answer = self._get(items.key(arn_key(arn), items.REQUEST))
        return self._record(arn, answer.get("Item"), time_of(answer))

    def _record(self, arn: Arn, item: Item | None, read_at: datetime) -> Record:
        if not item:
            return Record(request=Request(arn=arn), read_at=read_at)
        comments = self._comments(arn) if request_rows.refers_to_comments(item) else {}
        return request_rows.record_of(item, read_at, comments)

    def get_with_servings(self, arn: Arn, group: str) -> tuple[Record, tuple[Serving, ...]]:
        row = items.key(arn_key(arn), items.REQUEST)
        answer = self._get_all([row, *serving_rows.keys_of(group)])
        found, read_at = answer["Responses"][self._table], time_of(answer)
        requests = [item for item in found if item["sk"] == row["sk"]]
        parts = [item for item in found if item["sk"] != row["sk"]]
        return self._record(arn, requests[0] if requests else None, read_at), _servings(parts)

    def posted_cards(self, arns: Sequence[Arn]) -> tuple[PostedCards, ...]:
        return tuple(map(request_rows.cards_of, self._requests(arns)))

    def summaries_of(self, arns: Sequence[Arn]) -> tuple[RecordSummary, ...]:
        return tuple(map(request_rows.summary_of, self._requests(arns)))

    def _requests(self, arns: Sequence[Arn]) -> list[Item]:
        """Read the requests of *arns* at once. Raises Unavailable."""
        keys = [items.key(key, items.REQUEST) for key in dict.fromkeys(map(arn_key, arns))]
        read: list[Item] = self._get_all(keys)["Responses"][self._table] if keys else []
        return read

    def _get_all(self, keys: list[Item]) -> dict[str, Any]:
        """Read the items with *keys* at once. Raises Unavailable, also if some are left out."""
        wanted = {self._table: {"Keys": keys, "ConsistentRead": True}}
        with retryable_is_unavailable():
            answer: dict[str, Any] = self._dynamodb.batch_get_item(RequestItems=wanted)
        if answer.get("UnprocessedKeys"):
            raise Unavailable("DynamoDB is too busy to read all rows at once")
        return answer

    def save(self, record: Record) -> Record:
        self._save_comments(record)
        saved = replace(record, revision=record.revision + 1, new_entries=())
        row = self._put(request_rows.item_of(saved), _unless("revision", record.revision))
        with stale_if_refused(record.request.arn):
            if record.new_entries:
                answer = self._write_all(row, record.new_entries)
            else:
                answer = self._dynamodb.put_item(**row)
        return replace(saved, read_at=time_of(answer))

    def get_endpoint(self, arn: Arn) -> EndpointMemory:
        answer = self._get(items.key(arn_key(arn), items.ENDPOINT))
        item, read_at = answer.get("Item"), time_of(answer)
        if not item:
            return EndpointMemory(arn=arn, read_at=read_at)
        return endpoint_rows.memory_of(item, read_at)

    def save_endpoint(self, memory: EndpointMemory) -> EndpointMemory:
        saved = replace(memory, revision=memory.revision + 1)
        condition = _unless("revision", memory.revision)
        puts = [self._put(endpoint_rows.item_of(saved), condition), *self._parts(memory.servings)]
        with stale_if_refused(memory.arn):
            answer = self._dynamodb.transact_write_items(
                TransactItems=[{"Put": put} for put in puts]
            )
        return replace(saved, read_at=time_of(answer))

    def _parts(self, servings: Sequence[Serving]) -> Iterator[dict[str, Any]]:
        """Yield the puts of the items with *servings*, unless others change them meanwhile."""
        places = {str(place): place for place in map(serving_rows.key_of, servings)}
        for place in places.values():
            inside = [each for each in servings if serving_rows.key_of(each) == place]
            item, read = serving_rows.item_with(self._item(place), inside, place)
            yield self._put(item, _unless("revision", read))

    def endpoints(self) -> Iterator[Arn]:
        pages = self._pages(
            "query",
            IndexName=items.INDEX,
            KeyConditionExpression="sk = :endpoint",
            ExpressionAttributeValues={":endpoint": {"S": items.ENDPOINT}},
        )
        return (Arn(item["arn"]["S"]) for item in pages)

    def servings(self, group: str) -> tuple[Serving, ...]:
        answer = self._get_all(serving_rows.keys_of(group))
        return _servings(answer["Responses"][self._table])

    def summaries(self, *, after: str = "") -> Iterator[RecordSummary]:
        start = {"ExclusiveStartKey": items.key(after, items.REQUEST)} if after else {}
        pages = self._pages(
            "query",
            IndexName=items.INDEX,
            KeyConditionExpression="sk = :request",
            ExpressionAttributeValues={":request": {"S": items.REQUEST}},
            **start,
        )
        return map(request_rows.summary_of, pages)

    def open_summaries(self) -> Iterator[RecordSummary]:
        pages = self._pages(
            "query",
            IndexName=items.OPEN_INDEX,
            KeyConditionExpression="#open = :open",
            ExpressionAttributeNames={"#open": "open"},
            ExpressionAttributeValues={":open": {"S": items.OPEN}},
        )
        return map(request_rows.summary_of, pages)

    def sweep_place(self) -> str:
        item = self._item(items.key(items.SWEEP, items.PLACE))
        return items.from_item(item, items.PlaceItem).body if item else ""

    def save_sweep_place(self, place: str) -> None:
        row = self._put(items.to_item(items.PlaceItem(body=place)), {})
        with retryable_is_unavailable():
            self._dynamodb.put_item(**row)

    def rate_limit(self, name: str) -> RateLimit:
        answer = self._get(rate_rows.key_of(name))
        return rate_rows.limit_of(name, answer.get("Item"), time_of(answer))

    def save_rate_limit(self, limit: RateLimit) -> None:
        row = self._put(rate_rows.item_of(limit), _unless("revision", limit.revision))
        with stale_if_refused(limit.name):
            self._dynamodb.put_item(**row)

    def entries(self, chain: str, *, newest_first: bool = False) -> Iterator[Entry]:
        pages = self._pages(
            "query",
            KeyConditionExpression="pk = :chain AND begins_with(sk, :audit)",
            ExpressionAttributeValues={
                ":chain": {"S": arn_key(Arn(chain))},
                ":audit": {"S": items.AUDIT_PREFIX},
            },
            ConsistentRead=True,
            ScanIndexForward=not newest_first,
            **({"PaginationConfig": {"PageSize": _FEW}} if newest_first else {}),
        )
        return map(audit_rows.entry_of, pages)

    def chains(self) -> Iterator[str]:
        pages = self._pages(
            "scan",
            ProjectionExpression="pk",
            FilterExpression="sk IN (:request, :end) OR begins_with(sk, :audit)",
            ExpressionAttributeValues={
                ":request": {"S": items.REQUEST},
                ":end": {"S": items.END},
                ":audit": {"S": items.AUDIT_PREFIX},
            },
            ConsistentRead=True,
        )
        seen: set[str] = set()
        for item in pages:
            if (chain := item["pk"]["S"]) not in seen:
                seen.add(chain)
                yield chain

    def chain_head(self, chain: str) -> ChainHead | None:
        columns = "pk, chain_count, chain_head"
        item = self._item(items.end_key(arn_key(Arn(chain))), ProjectionExpression=columns)
        return audit_rows.head_of(item) if item else None

    def append_checkpoint(self, entry: Entry, head: ChainHead) -> None:
        row = self._put(audit_rows.end_item(head), _unless("chain_count", entry.number - 1))
        with stale_if_refused(entry.chain):
            self._write_all(row, (entry,))

    def _comments(self, arn: Arn) -> dict[str, str]:
        """Read the long comments on *arn*, by their keys."""
        pages = self._pages(
            "query",
            KeyConditionExpression="pk = :arn AND begins_with(sk, :comment)",
            ExpressionAttributeValues={
                ":arn": {"S": arn_key(arn)},
                ":comment": {"S": items.COMMENT_PREFIX},
            },
            ConsistentRead=True,
        )
        comments = comment_rows.comments_of(pages)
        self._stored_comments |= {(Arn(arn_key(arn)), key) for key in comments}
        return comments

    def _save_comments(self, record: Record) -> None:
        """Put the long comments before the row that refers to them; twice does no harm."""
        arn = Arn(arn_key(record.request.arn))
        for key, comment in request_rows.long_comments_of(record).items():
            if (arn, key) not in self._stored_comments:
                item = comment_rows.item_of(arn, key, comment)
                with retryable_is_unavailable():
                    self._dynamodb.put_item(TableName=self._table, Item=item)
                self._stored_comments.add((arn, key))

    def _item(self, key: Item, **more: Any) -> Item | None:
        """Read the item with *key*, with every write before this; None if there is none."""
        item: Item | None = self._get(key, **more).get("Item")
        return item

    def _get(self, key: Item, **more: Any) -> dict[str, Any]:
        with retryable_is_unavailable():
            answer: dict[str, Any] = self._dynamodb.get_item(
                TableName=self._table, Key=key, ConsistentRead=True, **more
            )
        return answer

    def _pages(self, operation: str, **parameters: Any) -> Iterator[Item]:
        """Read the items that *operation* finds, page by page."""
        pages = self._dynamodb.get_paginator(operation)
        with retryable_is_unavailable():
            for page in pages.paginate(TableName=self._table, **parameters):
                yield from page["Items"]

    def _put(self, item: Item, condition: dict[str, Any]) -> dict[str, Any]:
        return {"TableName": self._table, "Item": item, **condition}

    def _write_all(self, row: dict[str, Any], entries: tuple[Entry, ...]) -> dict[str, Any]:
        """
        Put *row* and the new *entries*, all or none; return the answer.

        A transaction takes a hundred items. A job writes a handful of entries and saves
        after each step, so a hundred and first cannot come; if it did, DynamoDB would refuse.
        """
        puts = [row, *(self._put(audit_rows.item_of(entry), _NEW) for entry in entries)]
        writes = [{"Put": put} for put in puts]
        answer: dict[str, Any] = self._dynamodb.transact_write_items(TransactItems=writes)
        return answer


def _servings(parts: list[Item]) -> tuple[Serving, ...]:
    """Read what is in *parts*, in an order that stays the same."""
    found = [serving for part in parts for serving in serving_rows.servings_of(part)]
    return tuple(sorted(found, key=lambda serving: arn_key(serving.endpoint)))


def _unless(attribute: str, read: int) -> dict[str, Any]:
    """Make the condition that *attribute* still is as it was *read*; 0 is that of no item."""
    if not read:
        return _NEW
    return {
        "ConditionExpression": f"{attribute} = :read",
        "ExpressionAttributeValues": {":read": {"N": str(read)}},
    }
