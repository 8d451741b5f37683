"""Answer which groups there are: first those with a version that waits for a decision."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bot.core.cards import answers
from bot.core.cards.answers import GroupRow
from bot.core.cards.pages import ROWS
from bot.core.registry.registry_id import RegistryId, split_group_name
from bot.core.registry.version import Status
from bot.flows.fetch.all_registries import PartialResult, groups_of, next_in, versions_with

if TYPE_CHECKING:
    from bot.core.cards.messages import Message
    from bot.core.registry.version import Version
    from bot.flows.ports import Ledger, Registry


def overview(page: int, registry: Registry, ledger: Ledger) -> Message:
    """
    List the groups on *page*.

    What is listed of each registry are the versions that wait, and the names of as many groups as
    the pages up to this one take; then, for each group on it, the version next to deploy.
    """
    waiting = versions_with(Status.PENDING, registry).require_own()
    counts = Counter(version.group for version in waiting.items)
    end = (page + 1) * ROWS
    groups = _groups(counts, end, [*waiting.unreachable], registry)
    newest = next_in(groups.items[page * ROWS : end], registry).require_own()
    return answers.overview(
        [_row(group, counts[group], version, ledger) for group, version in newest.items],
        counts.total(),
        page,
        more=len(groups.items) > end,
        unreachable=[*{**waiting.unreachable, **groups.unreachable, **newest.unreachable}],
    )


def _groups(
    waiting: Counter[str], end: int, unreachable: list[RegistryId], registry: Registry
) -> PartialResult[str]:
    """
    List at least the groups up to row *end*, and one more if there is one.

    First come those *waiting*, then the others, both by registry and name. A registry that was
    unreachable is not asked again: each time-out takes seconds.
    """
    order = {id_: place for place, id_ in enumerate(registry.registry_ids)}
    first = sorted(waiting, key=lambda group: (order[split_group_name(group)[0]], group))
    if len(first) > end:
        return PartialResult(tuple(first), {})
    reachable = [id_ for id_ in order if id_ not in unreachable]
    listed = groups_of(reachable, registry, most=len(first) + end + 1).require_own()
    others = (group for group in listed.items if group not in waiting)
    return PartialResult((*first, *others), listed.unreachable)


def _row(group: str, waiting: int, newest: Version | None, ledger: Ledger) -> GroupRow:
    servings = ledger.servings(group)
    return GroupRow(group=group, waiting=waiting, newest=newest, servings=servings)
