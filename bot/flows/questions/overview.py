"""Answer which groups there are: first those with a version that waits for a decision."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bot.core.cards import answers
from bot.core.cards.answers import GroupRow
from bot.core.cards.pages import ROWS
from bot.core.errors import BotError, Forbidden, Unavailable
from bot.core.registry.registry_id import OWN_REGISTRY, RegistryId, split_group_name
from bot.core.registry.version import Status
from bot.flows.fetch.all_registries import PartialResult, groups_of, versions_with

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.core.cards.messages import Message
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
    rows = _rows(groups.items[page * ROWS : end], counts, registry, ledger)
    return answers.overview(
        rows.items,
        counts.total(),
        page,
        more=len(groups.items) > end,
        unreachable=[*{**waiting.unreachable, **groups.unreachable, **rows.unreachable}],
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


def _rows(
    groups: Iterable[str], waiting: Counter[str], registry: Registry, ledger: Ledger
) -> PartialResult[GroupRow]:
    """Look up what is next to deploy in each of *groups*, and what its endpoints do."""
    rows: list[GroupRow] = []
    unreachable: dict[RegistryId, BotError] = {}
    for group in groups:
        if split_group_name(group)[0] in unreachable:
            continue
        try:
            newest = registry.versions(group, status=Status.APPROVED, most=1)
        except (Unavailable, Forbidden) as error:
            unreachable[split_group_name(group)[0]] = error
            continue
        rows.append(
            GroupRow(
                group=group,
                waiting=waiting[group],
                newest=next(iter(newest), None),
                servings=ledger.servings(group),
            )
        )
    if OWN_REGISTRY in unreachable:
        raise unreachable[OWN_REGISTRY]
    return PartialResult(tuple(rows), unreachable)
