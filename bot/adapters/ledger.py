"""
What the bot remembers, in one DynamoDB table.

An item is keyed by `arn` and `entry`; a request's entry is "request". Its body is JSON, with what
an index or a condition needs beside it. A field that this version of the code does not know is
left alone in reading, and one that an older version did not write has its default: so two
versions of the worker can run side by side.
"""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from bot.adapters.aws import busy_is_unavailable, code
from bot.core.errors import Stale
from bot.core.model import (
    Arn,
    Brief,
    Change,
    Decision,
    Metric,
    Outcome,
    Outside,
    Person,
    Place,
    Request,
    Status,
)
from bot.flows.ports import Row

if TYPE_CHECKING:
    from collections.abc import Iterator

ENTRY: Final = "request"
INDEX: Final = "entries"


class DynamoLedger:
    """`bot.flows.ports.Ledger`, kept in DynamoDB."""

    def __init__(self, dynamodb: Any, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def get(self, arn: Arn) -> Request:
        with busy_is_unavailable():
            found = self._dynamodb.get_item(
                TableName=self._table, Key=_key(arn), ConsistentRead=True
            )
        return _read(found["Item"]) if "Item" in found else Request(arn=arn)

    def save(self, request: Request) -> Request:
        saved = replace(request, revision=request.revision + 1)
        condition: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(arn)"}
        if request.revision:
            condition = {
                "ConditionExpression": "revision = :read",
                "ExpressionAttributeValues": {":read": {"N": str(request.revision)}},
            }
        try:
            with busy_is_unavailable():
                self._dynamodb.put_item(TableName=self._table, Item=_item(saved), **condition)
        except ClientError as error:
            if code(error) == "ConditionalCheckFailedException":
                raise Stale(request.arn) from error
            raise
        return saved

    def rows(self) -> Iterator[Row]:
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            IndexName=INDEX,
            KeyConditionExpression="entry = :entry",
            ExpressionAttributeValues={":entry": {"S": ENTRY}},
        )
        with busy_is_unavailable():
            for page in pages:
                yield from map(_row, page["Items"])


def _key(arn: Arn) -> dict[str, Any]:
    return {"arn": {"S": arn}, "entry": {"S": ENTRY}}


def _item(request: Request) -> dict[str, Any]:
    half_done = request.open is not None or request.posting is not None
    item: dict[str, Any] = {
        **_key(request.arn),
        "revision": {"N": str(request.revision)},
        "half_done": {"BOOL": half_done},
        "rule": {"S": request.rule},
        "body": {"S": json.dumps(_writable(request), default=datetime.isoformat)},
    }
    if request.status:
        item["status"] = {"S": request.status}
    if request.live:
        item["live"] = {"N": str(request.live)}
    return item


def _row(item: dict[str, Any]) -> Row:
    status = item.get("status")
    return Row(
        arn=Arn(item["arn"]["S"]),
        status=Status(status["S"]) if status else None,
        open=item["half_done"]["BOOL"],
        live=int(item["live"]["N"]) if "live" in item else None,
        rule=item["rule"]["S"] if "rule" in item else "",
    )


def _writable(request: Request) -> dict[str, Any]:
    """*request* as plain values, its changes each with the name of their kind."""
    return {**asdict(request), "open": _named(request.open), "last": _named(request.last)}


def _named(change: Change | None) -> dict[str, Any] | None:
    return {type(change).__name__: asdict(change)} if change else None


def _read(item: dict[str, Any]) -> Request:
    raw = json.loads(item["body"]["S"])
    return Request(
        arn=Arn(raw["arn"]),
        revision=raw["revision"],
        group=raw.get("group", ""),
        number=raw.get("number", 0),
        status=Status(raw["status"]) if raw.get("status") else None,
        place=_place(raw.get("place")),
        posting=datetime.fromisoformat(raw["posting"]) if raw.get("posting") else None,
        face=raw.get("face", ""),
        live=raw.get("live"),
        rule=raw.get("rule", ""),
        brief=_brief(raw.get("brief") or {}),
        open=_change(raw.get("open")),
        last=_change(raw.get("last")),
        done=tuple(raw.get("done", ())),
    )


def _place(raw: dict[str, Any] | None) -> Place | None:
    return Place(raw["channel"], raw["ts"]) if raw else None


def _brief(raw: dict[str, Any]) -> Brief:
    metrics = tuple(Metric(metric["name"], metric["value"]) for metric in raw.get("metrics", ()))
    return Brief(metrics, tuple(raw.get("notes", ())))


def _change(named: dict[str, Any] | None) -> Change | None:
    if not named:
        return None
    ((kind, raw),) = named.items()
    shared: dict[str, Any] = {
        "id": raw["id"],
        "source": Status(raw["source"]),
        "target": Status(raw["target"]),
        "outcome": Outcome(raw["outcome"]["now"], raw["outcome"]["then"]),
        "comment": raw["comment"],
        "at": datetime.fromisoformat(raw["at"]),
    }
    if kind == "Outside":
        return Outside(by=raw["by"], **shared)
    return Decision(arn=Arn(raw["arn"]), by=Person(raw["by"]["id"], raw["by"]["name"]), **shared)
