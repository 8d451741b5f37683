"""
The ledger as one run of a job writes a version's record: under a lease, from its first effect on.

A write that takes the lease is refused if the record has changed since it was read, so of two
workers that read the same record, one goes on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.core.errors import Unproved
from bot.core.votes.lease import DURATION, LAG, Lease, seconds_until
from bot.core.votes.request import UpdateAttempt
from bot.flows.leases import released_on_error

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from datetime import datetime
    from typing import Any

    from bot.core.decide.record import Record
    from bot.core.decide.snapshot import Snapshot
    from bot.core.registry.version import Arn
    from bot.core.votes.request import Card
    from bot.flows.ports import Ledger


@dataclass(frozen=True, slots=True)
class LeasedLedger:
    """*ledger*, for the run of a job that is called *owner*."""

    ledger: Ledger
    owner: str

    def write(self, snapshot: Snapshot) -> Snapshot:
        """Write the record as it is, without a lease, unless it is so stored. Raises Stale."""
        if snapshot.record == snapshot.stored:
            return snapshot
        record = self.ledger.save(snapshot.record)
        return replace(snapshot, record=record, stored=record)

    def write_leased(self, snapshot: Snapshot, cards: tuple[Card, ...]) -> Snapshot:
        """
        Write the record and take the lease. Raises Stale.

        *cards* are stored in place of the record's, as they are while they are drawn.
        """
        stored = self.ledger.save(self._leased(snapshot.record, cards=cards))
        record = replace(snapshot.record, revision=stored.revision, new_entries=())
        return replace(snapshot, record=record, stored=stored)

    def take(self, snapshot: Snapshot, cards: tuple[Card, ...]) -> Snapshot:
        """
        Take the lease, and store *cards* in place of the record's. Raises Stale.

        The notices count as tried from now on, so that a job after a crash looks for them. What was
        decided after an update is written once it was told: the open decision leads there again.
        """
        outbox = tuple(replace(notice, untried=False) for notice in snapshot.stored.request.outbox)
        stored = self.ledger.save(self._leased(snapshot.stored, cards=cards, outbox=outbox))
        return replace(
            snapshot, record=replace(snapshot.record, revision=stored.revision), stored=stored
        )

    def now(self, arn: Arn) -> datetime:
        """Return the time by the store's clock. Raises Unavailable."""
        return self.ledger.get(arn).read_at

    def take_alone(self, record: Record) -> Record:
        """Take the lease of *record*, and change nothing else. Raises Stale."""
        return self.ledger.save(self._leased(record))

    def released_on_error(
        self, arn: Arn, *, executing: bool = False
    ) -> AbstractContextManager[None]:
        """
        End the lease of *arn* if this fails, so that the job can be tried again soon.

        With *executing*, this is an attempt to make the open decision.
        """
        return released_on_error(lambda error: self._release(arn, error if executing else None))

    def _release(self, arn: Arn, failed: Exception | None) -> int:
        """
        End the lease, if there is one; return for how many seconds nothing can be told.

        *failed* is why an attempt to make the open decision did, if that was made. If the lease
        could not be ended right after that attempt, nobody knows any more: so whatever fails while
        a decision is open, that may have been an attempt.
        """
        record = self.ledger.get(arn)
        request, lease, now = record.request, record.request.lease, record.read_at
        if lease and lease.owner == self.owner:
            if request.open_decision is not None:
                before = request.update_attempt
                # What was declined stays so: people may have been told that it was not made.
                declined = isinstance(failed, Unproved) if failed else before and before.declined
                attempt = UpdateAttempt(now + LAG, declined=bool(declined))
                request = replace(request, update_attempt=attempt)
            # What a decision leads to is told before it is written down.
            may_be_told = request.open_decision is not None and not failed
            if request.may_be_posted or may_be_told:
                request = replace(request, history_complete_at=now + LAG)
            self.ledger.save(replace(record, request=replace(request, lease=None)))
        return seconds_until(request.history_complete_at, now)

    def _leased(self, record: Record, **changes: Any) -> Record:
        lease = Lease(self.owner, record.read_at + DURATION)
        return replace(record, request=replace(record.request, lease=lease, **changes))
