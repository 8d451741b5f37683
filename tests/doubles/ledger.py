"""A ledger in memory, held to the same contract as DynamoDB's (tests/adapters)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.errors import Stale
from bot.core.model import Arn, Request
from bot.flows.ports import Row

if TYPE_CHECKING:
    from collections.abc import Iterator


class MemoryLedger:
    """`bot.flows.ports.Ledger` in memory."""

    def __init__(self) -> None:
        self.requests: dict[Arn, Request] = {}

    def get(self, arn: Arn) -> Request:
        return self.requests.get(arn, Request(arn=arn))

    def save(self, request: Request) -> Request:
        if self.get(request.arn).revision != request.revision:
            raise Stale(request.arn)
        self.requests[request.arn] = replace(request, revision=request.revision + 1)
        return self.requests[request.arn]

    def rows(self) -> Iterator[Row]:
        for request in list(self.requests.values()):
            half_done = request.open is not None or request.posting is not None
            yield Row(request.arn, request.status, half_done, request.live, request.rule)
