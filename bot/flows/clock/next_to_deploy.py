"""
Hold what the cards of waiting versions say of next to deploy against the registry.

The listing of all versions that wait does not show that a version was registered as Approved, or
that the one next to deploy was deleted. If the event of that is lost, the cards of the group name
a wrong version. So some groups are listed with each sweep, one call each, and all of them in turn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.core.registry.version import Status, arn_key
from bot.flows.clock.turns import in_turn
from bot.flows.fetch.all_registries import PartialResult, next_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from bot.core.decide.record import RecordSummary
    from bot.core.registry.version import Arn, Version
    from bot.flows.ports import Registry

GROUPS: Final = 4
"""So many groups are listed with each sweep."""


def cards_with_another(
    waiting: Sequence[Version],
    summaries: Mapping[str, RecordSummary],
    now: datetime,
    registry: Registry,
) -> PartialResult[Arn]:
    """
    List the *waiting* versions whose cards name another version next to deploy than the registry.

    With them, the version that is next to deploy: its event may be the one that was lost. Looks at
    the groups whose turn it is at *now*.
    """
    cards = [(each, summary) for each in waiting if (summary := _card_of(each, summaries))]
    newest = next_in(in_turn({version.group for version, _ in cards}, GROUPS, now), registry)
    stale = [
        arn
        for group, version in newest.items
        for arn in _stale([pair for pair in cards if pair[0].group == group], version)
    ]
    return PartialResult(tuple(stale), newest.unreachable)


def _stale(cards: Iterable[tuple[Version, RecordSummary]], newest: Version | None) -> list[Arn]:
    """List the versions whose *cards* do not name *newest*, and then that one as well."""
    number = newest.number if newest else None
    stale = [version.arn for version, card in cards if card.next_to_deploy != number]
    return [*stale, newest.arn] if stale and newest else stale


def _card_of(version: Version, summaries: Mapping[str, RecordSummary]) -> RecordSummary | None:
    """Return what is known of the card of *version*, if there is one: it has a rule's digest."""
    summary = summaries.get(arn_key(version.arn))
    has_card = summary and summary.rule and summary.status is Status.PENDING
    return summary if has_card else None
