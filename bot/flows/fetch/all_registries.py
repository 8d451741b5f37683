"""
Ask all registries. One that does not answer keeps nobody from hearing about the others.

Whoever asks is told which registries were unreachable: nothing is known of what is there, and that
is not the same as nothing being there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from bot.core.errors import BotError, Forbidden, Unavailable
from bot.core.registry.registry_id import OWN_REGISTRY, RegistryId, split_group_name
from bot.flows.fetch.version import fetch_next

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from bot.core.registry.version import Status, Version
    from bot.flows.ports import Registry

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class PartialResult(Generic[Item]):
    """What the registries that answered have, and why the others are unreachable."""

    items: tuple[Item, ...]
    unreachable: Mapping[RegistryId, BotError]

    def require_own(self) -> PartialResult[Item]:
        """Return this, unless the bot's own registry is unreachable: then raise why."""
        if OWN_REGISTRY in self.unreachable:
            raise self.unreachable[OWN_REGISTRY]
        return self


def versions_with(
    status: Status, registry: Registry, *, created_after: datetime | None = None
) -> PartialResult[Version]:
    """List all versions at *status*, or those that are newer."""

    def ask(id_: RegistryId) -> tuple[Version, ...]:
        return registry.versions_with_status(status, id_, created_after=created_after)

    return _ask(ask, registry.registry_ids)


def groups_of(
    registry_ids: Iterable[RegistryId], registry: Registry, *, most: int | None = None
) -> PartialResult[str]:
    """List the names of the groups of some registries, *most* at most of each."""
    return _ask(lambda id_: registry.groups(id_, most=most), registry_ids)


def next_in(groups: Iterable[str], registry: Registry) -> PartialResult[tuple[str, Version | None]]:
    """
    Look up which version is next to deploy in each of *groups*.

    A registry that was unreachable is not asked for its other groups: each time-out takes seconds.
    """
    found: list[tuple[str, Version | None]] = []
    unreachable: dict[RegistryId, BotError] = {}
    for group in groups:
        registry_id, _ = split_group_name(group)
        if registry_id not in unreachable:
            try:
                found.append((group, fetch_next(group, registry)))
            except (Unavailable, Forbidden) as error:
                unreachable[registry_id] = error
    return PartialResult(tuple(found), unreachable)


def _ask(
    ask: Callable[[RegistryId], tuple[Item, ...]], registry_ids: Iterable[RegistryId]
) -> PartialResult[Item]:
    items: list[Item] = []
    unreachable: dict[RegistryId, BotError] = {}
    for registry_id in registry_ids:
        try:
            items += ask(registry_id)
        except (Unavailable, Forbidden) as error:
            unreachable[registry_id] = error
    return PartialResult(tuple(items), unreachable)
