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
    from collections.abc import Mapping
    from datetime import datetime

    from bot.core.decide.record import RecordSummary
    from bot.core.registry.version import Arn, Version
    from bot.flows.ports import Ledger, Registry

MOST_ENDPOINTS: Final = 5
"""So many endpoints are looked at with each sweep."""


def approved_unseen(
    summaries: Mapping[str, RecordSummary], now: datetime, registry: Registry
) -> PartialResult[Arn]:
    """List the versions that were registered lately, are Approved, and that no summary is about."""
    lately = versions_with(Status.APPROVED, registry, created_after=now - NEWS)
    unseen = (version.arn for version in lately.items if not _is_seen(version, summaries))
    return PartialResult(tuple(unseen), lately.unreachable)


def _is_seen(version: Version, summaries: Mapping[str, RecordSummary]) -> bool:
    """
    Whether the summary of its ARN is about *version*, and not an older one.

    What an older version of the code wrote does not say when its version was created.
    """
    summary = summaries.get(arn_key(version.arn))
    return summary is not None and summary.created in {None, version.created}


def endpoints_in_turn(ledger: Ledger, now: datetime) -> list[Arn]:
    """Return those of the known endpoints that the sweep at *now* looks at."""
    return in_turn(ledger.endpoints(), MOST_ENDPOINTS, now)
