"""
What the bot remembers, in one DynamoDB table.

An item is keyed by `arn` and `entry`: of each version one "request" (`rows`) and the entries of
its audit trail (`trail`), which are put where none is, and never touched again; of each endpoint
what was told of it (`endpoints`).
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from bot.adapters.aws.client import error_code, retryable_is_unavailable
from bot.adapters.store import audit_rows, endpoint_rows, request_rows, unknown_fields
from bot.core.audit.chain import ChainHead
from bot.core.errors import Stale, Unavailable
from bot.core.followup.endpoints import EndpointMemory
from bot.core.votes.request import Request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.core.audit.chain import Entry
    from bot.core.registry.version import Arn
    from bot.flows.ports import Row

INDEX: Final = "entries"
_FEW: Final = 10
"""Who reads the newest first wants a few, and an entry can be as long as a long page."""
_NEW: Final = {"ConditionExpression": "attribute_not_exists(arn)"}
_REFUSED: Final = frozenset({"ConditionalCheckFailedException", "ConditionalCheckFailed"})
_BUSY: Final = frozenset(
    {
        # Somebody else is writing the same item in a transaction right now.
        "TransactionConflictException",
        "TransactionInProgressException",
        # The same, and throttling, as reasons for which a transaction of ours was cancelled.
        "TransactionConflict",
        "ProvisionedThroughputExceeded",
        "ThrottlingError",
    }
)


class DynamoLedger:
    """`bot.flows.ports.Ledger`, kept in DynamoDB."""

    def __init__(self, dynamodb: Any, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._newer: dict[Arn, dict[str, Any]] = {}
        """Of the requests that were read, what only a newer version of the code knows."""

    def get(self, arn: Arn) -> Request:
        item = self._item(audit_rows.end_key(arn))
        self._newer.pop(arn, None)
        if item is None:
            return Request(arn=arn)
        if part := unknown_fields.part_of(item):
            self._newer[arn] = part
        request = request_rows.request_of(item)
        return request if audit_rows.has_end(item) else replace(request, chain=self._lost_end(arn))

    def save(self, request: Request) -> Request:
        saved = replace(request, revision=request.revision + 1, unwritten=())
        item = unknown_fields.kept(request_rows.item_of(saved), self._newer.get(request.arn, {}))
        row = self._put(item, _unless("revision", request.revision))
        with _stale_if_refused(request.arn):
            if request.unwritten:
                self._write_all(row, request.unwritten)
            else:
                self._dynamodb.put_item(**row)
        return saved

    def known(self, arn: Arn) -> EndpointMemory:
        item = self._item(endpoint_rows.key(arn))
        return endpoint_rows.known_of(item) if item else EndpointMemory(arn=arn)

    def note(self, known: EndpointMemory) -> None:
        noted = endpoint_rows.item_of(replace(known, revision=known.revision + 1))
        with _stale_if_refused(known.arn):
            self._dynamodb.put_item(**self._put(noted, _unless("revision", known.revision)))

    def rows(self) -> Iterator[Row]:
        found = self._pages(
            "query",
            IndexName=INDEX,
            KeyConditionExpression="entry = :entry",
            ExpressionAttributeValues={":entry": {"S": audit_rows.REQUEST}},
        )
        return map(request_rows.row_of, found)

    def entries(self, chain: str, *, newest_first: bool = False) -> Iterator[Entry]:
        found = self._pages(
            "query",
            KeyConditionExpression="arn = :chain AND begins_with(entry, :prefix)",
            ExpressionAttributeValues={":chain": {"S": chain}, ":prefix": {"S": audit_rows.PREFIX}},
            ConsistentRead=True,
            ScanIndexForward=not newest_first,
            **({"PaginationConfig": {"PageSize": _FEW}} if newest_first else {}),
        )
        return map(audit_rows.entry_of, found)

    def chains(self) -> Iterator[str]:
        found = self._pages(
            "scan",
            ProjectionExpression="arn",
            FilterExpression="entry IN (:request, :end) OR begins_with(entry, :prefix)",
            ExpressionAttributeValues={
                ":request": {"S": audit_rows.REQUEST},
                ":end": {"S": audit_rows.END},
                ":prefix": {"S": audit_rows.PREFIX},
            },
            ConsistentRead=True,
        )
        seen: set[str] = set()
        for item in found:
            if (name := item["arn"]["S"]) not in seen:
                seen.add(name)
                yield name

    def end(self, chain: str) -> ChainHead | None:
        item = self._item(
            audit_rows.end_key(chain), ProjectionExpression="arn, chain_count, chain_head"
        )
        return audit_rows.end_of(item) if item else None

    def gather(self, entry: Entry, end: ChainHead) -> None:
        item = audit_rows.end_key(entry.chain) | audit_rows.end_item(end)
        row = self._put(item, _unless("chain_count", entry.number - 1))
        with _stale_if_refused(entry.chain):
            self._write_all(row, (entry,))

    def _lost_end(self, arn: Arn) -> ChainHead:
        """
        Where the chain of *arn* ends, by its entries.

        A version of the code that is older than the trail rewrites a request without it. The
        next entry must follow the last one all the same: else it could never be written.
        """
        last = next(self.entries(arn, newest_first=True), None)
        return ChainHead(last.number, last.hash) if last else ChainHead()

    def _item(self, key: dict[str, Any], **more: Any) -> dict[str, Any] | None:
        with retryable_is_unavailable():
            found = self._dynamodb.get_item(
                TableName=self._table, Key=key, ConsistentRead=True, **more
            )
        item: dict[str, Any] | None = found.get("Item")
        return item

    def _pages(self, operation: str, **parameters: Any) -> Iterator[dict[str, Any]]:
        """The items that *operation* finds, page by page."""
        pages = self._dynamodb.get_paginator(operation)
        with retryable_is_unavailable():
            for page in pages.paginate(TableName=self._table, **parameters):
                yield from page["Items"]

    def _put(self, item: dict[str, Any], condition: dict[str, Any]) -> dict[str, Any]:
        return {"TableName": self._table, "Item": item, **condition}

    def _write_all(self, row: dict[str, Any], entries: tuple[Entry, ...]) -> None:
        """
        Put *row* and the new *entries*, all or none.

        A transaction takes a hundred items. A job writes a handful of entries and saves
        after each step, so a hundred and first cannot come; if it did, DynamoDB would refuse.
        """
        puts = [row, *(self._put(audit_rows.item_of(entry), _NEW) for entry in entries)]
        self._dynamodb.transact_write_items(TransactItems=[{"Put": put} for put in puts])


def _unless(attribute: str, read: int) -> dict[str, Any]:
    """The condition that nobody wrote the item since its *attribute* was *read*; 0 is never."""
    if not read:
        return _NEW
    return {
        "ConditionExpression": f"{attribute} = :read",
        "ExpressionAttributeValues": {":read": {"N": str(read)}},
    }


@contextmanager
def _stale_if_refused(what: str) -> Iterator[None]:
    """Let a write whose condition did not hold be Stale, and what is busy Unavailable."""
    try:
        with retryable_is_unavailable():
            yield
    except ClientError as error:
        reasons: Any = error.response.get("CancellationReasons", ())
        codes = {error_code(error), *(reason.get("Code") for reason in reasons)}
        if codes & _REFUSED:
            raise Stale(what) from error
        if codes & _BUSY:
            raise Unavailable(str(error)) from error
        raise
