"""A ledger in memory, held to the same contract as DynamoDB's (tests/adapters)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.audit.chain import CHECKPOINTS, ChainHead
from bot.core.errors import Stale
from bot.core.followup.endpoints import EndpointMemory
from bot.core.registry.version import Arn
from bot.core.votes.request import Request
from bot.flows.ports import Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.core.audit.chain import Entry


class MemoryLedger:
    """`bot.flows.ports.Ledger` in memory."""

    def __init__(self) -> None:
        self.requests: dict[Arn, Request] = {}
        self.trail: dict[str, dict[int, Entry]] = {}
        """The audit entries, by chain and number."""
        self.endpoints: dict[Arn, EndpointMemory] = {}
        self.gathered: ChainHead | None = None
        """Where the chain of gatherings is said to end."""

    def get(self, arn: Arn) -> Request:
        return self.requests.get(arn, Request(arn=arn))

    def save(self, request: Request) -> Request:
        if self.get(request.arn).revision != request.revision:
            raise Stale(request.arn)
        self._append(request.unwritten)
        saved = replace(request, revision=request.revision + 1, unwritten=())
        self.requests[request.arn] = saved
        return saved

    def known(self, arn: Arn) -> EndpointMemory:
        return self.endpoints.get(arn, EndpointMemory(arn=arn))

    def note(self, known: EndpointMemory) -> None:
        if self.known(known.arn).revision != known.revision:
            raise Stale(known.arn)
        self.endpoints[known.arn] = replace(known, revision=known.revision + 1)

    def rows(self) -> Iterator[Row]:
        for request in list(self.requests.values()):
            half_done = request.open is not None or request.posting is not None
            yield Row(
                request.arn, request.status, half_done, request.live, request.rule, request.chain
            )

    def entries(self, chain: str, *, newest_first: bool = False) -> Iterator[Entry]:
        written = self.trail.get(chain, {})
        yield from [written[number] for number in sorted(written, reverse=newest_first)]

    def chains(self) -> Iterator[str]:
        ended = [CHECKPOINTS] if self.gathered else []
        yield from list(dict.fromkeys([*self.requests, *self.trail, *ended]))

    def end(self, chain: str) -> ChainHead | None:
        if chain == CHECKPOINTS:
            return self.gathered
        request = self.requests.get(Arn(chain))
        return request.chain if request else None

    def gather(self, entry: Entry, end: ChainHead) -> None:
        if (self.gathered or ChainHead()).count != entry.number - 1:
            raise Stale(entry.chain)
        self._append([entry])
        self.gathered = end

    def _append(self, entries: Iterable[Entry]) -> None:
        """Write all *entries*, or none of them. Raises Stale if one is there."""
        new = list(entries)
        if any(entry.number in self.trail.get(entry.chain, {}) for entry in new):
            raise Stale(new[0].chain)
        for entry in new:
            self.trail.setdefault(entry.chain, {})[entry.number] = entry
