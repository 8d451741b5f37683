"""The ledger's table: its items, and ways to change them behind the ledger's back."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

from bot.core.audit.chain import append
from bot.core.decide.record import Record
from bot.core.votes.request import Request
from tests.doubles.builders import NOON

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.core.registry.version import Arn
    from tests.adapters.aws import Aws

    Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """The table of one deployment."""

    dynamodb: Any
    name: str

    @classmethod
    def of(cls, aws: Aws) -> Self:
        return cls(aws.client("dynamodb"), aws.settings["LEDGER_TABLE"])

    def item(self, pk: str, sk: str = "request") -> Json:
        """The item with this key."""
        key = {"pk": {"S": pk}, "sk": {"S": sk}}
        item: Json = self.dynamodb.get_item(TableName=self.name, Key=key)["Item"]
        return item

    def put(self, item: Json) -> None:
        """Write *item* over whatever is there."""
        self.dynamodb.put_item(TableName=self.name, Item=item)

    def remove(self, pk: str, sk: str) -> None:
        key = {"pk": {"S": pk}, "sk": {"S": sk}}
        self.dynamodb.delete_item(TableName=self.name, Key=key)

    def rewrite(self, pk: str, change: Callable[[Json], object], sk: str = "request") -> None:
        """Change the body of an item with *change*, as another version of the bot would."""
        item = self.item(pk, sk)
        body = json.loads(item["body"]["S"])
        change(body)
        self.put({**item, "body": {"S": json.dumps(body)}})

    def limit(self, operation: str, items: int) -> None:
        """Limit each page of *operation* to this many *items*."""
        self.dynamodb.meta.events.register(
            f"provide-client-params.dynamodb.{operation}",
            lambda params, **_: {**params, "Limit": items},
        )

    def pages(self, operation: str) -> list[Json]:
        """The pages that *operation* returns from now on."""
        pages: list[Json] = []
        self.dynamodb.meta.events.register(
            f"after-call.dynamodb.{operation}", lambda parsed, **_: pages.append(parsed)
        )
        return pages


def record(arn: Arn, **fields: Any) -> Record:
    """A record that was never written, of a request with these *fields*."""
    return Record(request=Request(arn=arn, **fields), read_at=NOON)


def changed(before: Record, **fields: Any) -> Record:
    """The record *before* with other *fields* of its request."""
    return replace(before, request=replace(before.request, **fields))


def with_entries(before: Record, *texts: str) -> Record:
    """The record *before* with a new audit entry for each of *texts*."""
    for text in texts:
        entry, head = append(before.request.arn, before.chain, {"text": text})
        before = replace(before, chain=head, new_entries=(*before.new_entries, entry))
    return before
