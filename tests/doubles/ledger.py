"""A ledger in memory, held to the same contract as DynamoDB's (tests/adapters)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.audit.chain import CHECKPOINTS, ChainHead
from bot.core.errors import Stale
from bot.core.followup.endpoints import EndpointMemory
from bot.core.jobs.record import Record, RecordSummary
from bot.core.registry.version import Arn
from bot.core.votes.request import Request

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.core.audit.chain import Entry


class MemoryLedger:
    def __init__(self) -> None:
        self.records: dict[Arn, Record] = {}
        self.trail: dict[str, dict[int, Entry]] = {}
        self.endpoints: dict[Arn, EndpointMemory] = {}
        self.checkpoints: ChainHead | None = None

    def get(self, arn: Arn) -> Record:
        return self.records.get(arn, Record(request=Request(arn=arn)))

    def save(self, record: Record) -> Record:
        arn = record.request.arn
        if self.get(arn).revision != record.revision:
            raise Stale(arn)
        self._append(record.new_entries)
        saved = replace(record, revision=record.revision + 1, new_entries=())
        self.records[arn] = saved
        return saved

    def get_endpoint(self, arn: Arn) -> EndpointMemory:
        return self.endpoints.get(arn, EndpointMemory(arn=arn))

    def save_endpoint(self, memory: EndpointMemory) -> None:
        if self.get_endpoint(memory.arn).revision != memory.revision:
            raise Stale(memory.arn)
        self.endpoints[memory.arn] = replace(memory, revision=memory.revision + 1)

    def summaries(self) -> Iterator[RecordSummary]:
        for record in list(self.records.values()):
            request = record.request
            card = next(iter(request.cards), None)
            yield RecordSummary(
                request.arn,
                request.status,
                request.unfinished,
                card.next_to_deploy if card else None,
                card.rule if card else "",
                record.chain,
            )

    def entries(self, chain: str, *, newest_first: bool = False) -> Iterator[Entry]:
        written = self.trail.get(chain, {})
        yield from [written[number] for number in sorted(written, reverse=newest_first)]

    def chains(self) -> Iterator[str]:
        ended = [CHECKPOINTS] if self.checkpoints else []
        yield from list(dict.fromkeys([*self.records, *self.trail, *ended]))

    def chain_head(self, chain: str) -> ChainHead | None:
        if chain == CHECKPOINTS:
            return self.checkpoints
        record = self.records.get(Arn(chain))
        return record.chain if record else None

    def append_checkpoint(self, entry: Entry, head: ChainHead) -> None:
        if (self.checkpoints or ChainHead()).count != entry.number - 1:
            raise Stale(entry.chain)
        self._append([entry])
        self.checkpoints = head

    def _append(self, entries: Iterable[Entry]) -> None:
        new = list(entries)
        if any(entry.number in self.trail.get(entry.chain, {}) for entry in new):
            raise Stale(new[0].chain)
        for entry in new:
            self.trail.setdefault(entry.chain, {})[entry.number] = entry
