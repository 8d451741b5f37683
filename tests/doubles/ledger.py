"""A ledger in memory, held to the same contract as DynamoDB's (tests/adapters/store)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.audit.chain import CHECKPOINTS, ChainHead
from bot.core.decide.record import PostedCards, Record, RecordSummary
from bot.core.errors import Stale
from bot.core.followup.endpoints import EndpointMemory
from bot.core.registry.version import Arn, arn_key
from bot.core.votes.rate_limit import RateLimit
from bot.core.votes.request import Request
from bot.core.wire import decode, encode
from tests.doubles.builders import NOON

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime

    from bot.core.audit.chain import Entry
    from bot.core.followup.endpoints import Serving


class MemoryLedger:
    def __init__(self, now: Callable[[], datetime] = lambda: NOON) -> None:
        self.now = now
        """The store's clock."""
        self.records: dict[str, Record] = {}
        self.audit: dict[str, dict[int, Entry]] = {}
        """The audit entries, by chain and number."""
        self.memories: dict[str, EndpointMemory] = {}
        self.checkpoints_head: ChainHead | None = None
        """The chain head of the checkpoints."""
        self.rate_limits: dict[str, RateLimit] = {}
        self.place = ""
        """Where the sweep got to."""

    def get(self, arn: Arn) -> Record:
        blank = Record(request=Request(arn=arn), read_at=self.now())
        return replace(self.records.get(arn_key(arn), blank), read_at=blank.read_at)

    def get_with_servings(self, arn: Arn, group: str) -> tuple[Record, tuple[Serving, ...]]:
        return self.get(arn), self.servings(group)

    def posted_cards(self, arns: Sequence[Arn]) -> tuple[PostedCards, ...]:
        keys = dict.fromkeys(map(arn_key, arns))
        requests = [self.records[key].request for key in keys if key in self.records]
        return tuple(PostedCards(each.arn, each.created, each.cards) for each in requests)

    def save(self, record: Record) -> Record:
        arn = record.request.arn
        stored = self.get(arn)
        if stored.revision != record.revision:
            raise Stale(arn)
        self._append(record.new_entries)
        # As a table does: a tuple in a reason comes back as a list.
        request = decode(encode(record.request), Request, "a request")
        saved = replace(
            record,
            request=request,
            read_at=stored.read_at,
            revision=record.revision + 1,
            new_entries=(),
        )
        self.records[arn_key(arn)] = saved
        return saved

    def get_endpoint(self, arn: Arn) -> EndpointMemory:
        blank = EndpointMemory(arn=arn, read_at=self.now())
        return replace(self.memories.get(arn_key(arn), blank), read_at=blank.read_at)

    def save_endpoint(self, memory: EndpointMemory) -> EndpointMemory:
        stored = self.get_endpoint(memory.arn)
        if stored.revision != memory.revision:
            raise Stale(memory.arn)
        saved = replace(memory, read_at=stored.read_at, revision=memory.revision + 1)
        self.memories[arn_key(memory.arn)] = saved
        return saved

    def endpoints(self) -> Iterator[Arn]:
        yield from [memory.arn for memory in self.memories.values()]

    def servings(self, group: str) -> tuple[Serving, ...]:
        known = [serving for memory in self.memories.values() for serving in memory.servings]
        return tuple(serving for serving in known if serving.group.lower() == group.lower())

    def summaries(self, *, after: str = "") -> Iterator[RecordSummary]:
        for key in sorted(self.records):
            if key > after:
                yield _summary(self.records[key])

    def open_summaries(self) -> Iterator[RecordSummary]:
        for key in sorted(self.records):
            if self.records[key].request.is_open:
                yield _summary(self.records[key])

    def summaries_of(self, arns: Sequence[Arn]) -> tuple[RecordSummary, ...]:
        keys = dict.fromkeys(map(arn_key, arns))
        return tuple(_summary(self.records[key]) for key in keys if key in self.records)

    def sweep_place(self) -> str:
        return self.place

    def save_sweep_place(self, place: str) -> None:
        self.place = place

    def rate_limit(self, name: str) -> RateLimit:
        blank = RateLimit(name=name, read_at=self.now())
        return replace(self.rate_limits.get(name, blank), read_at=blank.read_at)

    def save_rate_limit(self, limit: RateLimit) -> None:
        if self.rate_limits.get(limit.name, limit).revision != limit.revision:
            raise Stale(limit.name)
        self.rate_limits[limit.name] = replace(limit, revision=limit.revision + 1)

    def entries(self, chain: str, *, newest_first: bool = False) -> Iterator[Entry]:
        by_number = self.audit.get(arn_key(Arn(chain)), {})
        yield from [by_number[number] for number in sorted(by_number, reverse=newest_first)]

    def chains(self) -> Iterator[str]:
        checkpoints = [CHECKPOINTS] if self.checkpoints_head else []
        yield from list(dict.fromkeys([*self.records, *self.audit, *checkpoints]))

    def chain_head(self, chain: str) -> ChainHead | None:
        if chain == CHECKPOINTS:
            return self.checkpoints_head
        record = self.records.get(arn_key(Arn(chain)))
        return record.chain if record else None

    def append_checkpoint(self, entry: Entry, head: ChainHead) -> None:
        if (self.checkpoints_head or ChainHead()).count != entry.number - 1:
            raise Stale(entry.chain)
        self._append([entry])
        self.checkpoints_head = head

    def _append(self, entries: Iterable[Entry]) -> None:
        new = list(entries)
        if any(entry.number in self.audit.get(entry.chain, {}) for entry in new):
            raise Stale(new[0].chain)
        for entry in new:
            self.audit.setdefault(entry.chain, {})[entry.number] = entry


def _summary(record: Record) -> RecordSummary:
    request = record.request
    first = request.cards[0] if request.cards else None
    return RecordSummary(
        arn=request.arn,
        created=request.created,
        status=request.status,
        unfinished=request.unfinished,
        next_to_deploy=first.next_to_deploy if first else None,
        rule=first.rule if first else "",
        deploy_due=request.deploy_due,
        slot_at=request.slot.time if request.slot else None,
        chain=record.chain,
    )
