"""
Find what no listing of waiting versions shows, in case the event that should have told was lost.

A version that was registered as Approved waits for nobody, and an endpoint is in no registry.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.core.decide.reconcile import NEWS
from bot.core.registry.version import Status, arn_key
from bot.flows.clock.turns import in_turn
from bot.flows.fetch.all_registries import PartialResult, versions_with

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.core.registry.version import Arn, Version
    from bot.flows.ports import Ledger, Registry

MOST_ENDPOINTS: Final = 5
"""So many endpoints are looked at with each sweep."""
MOST_AT_ONCE: Final = 25
"""So many records are read at once: also the largest fit into one answer of DynamoDB's (16 MB)."""


def approved_unseen(now: datetime, registry: Registry, ledger: Ledger) -> PartialResult[Arn]:
    """List the versions that were registered lately, are Approved, and have no record."""
    lately = versions_with(Status.APPROVED, registry, created_after=now - NEWS)
    seen = _seen([version.arn for version in lately.items], ledger)
    unseen = (version.arn for version in lately.items if not _is_seen(version, seen))
    return PartialResult(tuple(unseen), lately.unreachable)


def _seen(arns: Sequence[Arn], ledger: Ledger) -> dict[str, datetime | None]:
    """Map the key of each of *arns* that has a record to when its version was created."""
    parts = (arns[start : start + MOST_AT_ONCE] for start in range(0, len(arns), MOST_AT_ONCE))
    known = (record for part in parts for record in ledger.summaries_of(part))
    return {arn_key(record.arn): record.created for record in known}


def _is_seen(version: Version, seen: Mapping[str, datetime | None]) -> bool:
    """
    Whether the record of its ARN is about *version*, and not an older one.

    What an older version of the code wrote does not say when its version was created.
    """
    key = arn_key(version.arn)
    return key in seen and seen[key] in {None, version.created}


def endpoints_in_turn(ledger: Ledger, now: datetime) -> list[Arn]:
    """Return those of the known endpoints that the sweep at *now* looks at."""
    return in_turn(ledger.endpoints(), MOST_ENDPOINTS, now)
