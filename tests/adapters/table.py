"""The ledger's table from below: what lies in it, and what somebody may do to that."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

from bot.core.audit.chain import append

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.core.votes.request import Request
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

    def item(self, arn: str, entry: str = "request") -> Json:
        """The item of *arn* that is called *entry*."""
        key = {"arn": {"S": arn}, "entry": {"S": entry}}
        item: Json = self.dynamodb.get_item(TableName=self.name, Key=key)["Item"]
        return item

    def put(self, item: Json) -> None:
        """Write *item* over whatever is there."""
        self.dynamodb.put_item(TableName=self.name, Item=item)

    def remove(self, arn: str, entry: str) -> None:
        key = {"arn": {"S": arn}, "entry": {"S": entry}}
        self.dynamodb.delete_item(TableName=self.name, Key=key)

    def rewrite(self, arn: str, change: Callable[[Json], object]) -> None:
        """Let the body of a row be as *change* makes it: another version of the bot wrote it."""
        item = self.item(arn)
        body = json.loads(item["body"]["S"])
        change(body)
        self.put({**item, "body": {"S": json.dumps(body)}})

    def limit(self, operation: str, items: int) -> None:
        """Let a page of what *operation* finds hold no more than some *items*."""
        self.dynamodb.meta.events.register(
            f"provide-client-params.dynamodb.{operation}",
            lambda params, **_: {**params, "Limit": items},
        )

    def pages(self, operation: str) -> list[Json]:
        """The pages that *operation* answers with from now on."""
        pages: list[Json] = []
        self.dynamodb.meta.events.register(
            f"after-call.dynamodb.{operation}", lambda parsed, **_: pages.append(parsed)
        )
        return pages


def written(request: Request, *said: str) -> Request:
    """*request* with an entry to be written for each of *said*."""
    for text in said:
        entry, end = append(request.arn, request.chain, {"said": text})
        request = replace(request, chain=end, unwritten=(*request.unwritten, entry))
    return request
