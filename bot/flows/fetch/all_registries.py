"""
Ask the registries of all sites. One that does not answer keeps nobody from hearing the others.

Whoever asks is told which sites were silent: of what is there, nothing is known now, and that is
not the same as nothing being there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from bot.core.errors import BotError, Forbidden, Unavailable
from bot.core.registry.registry_id import OWN_REGISTRY, RegistryId, split_group_name
from bot.core.registry.version import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from bot.core.registry.version import Version
    from bot.flows.ports import Ports, Registry

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class PartialResult(Generic[Found]):
    """What was *found* at the sites that answered, and why the *silent* ones did not."""

    found: tuple[Found, ...]
    silent: Mapping[RegistryId, BotError]


@dataclass(frozen=True, slots=True)
class Listing:
    """What one registry lists: its groups, and its versions that are approved, and that wait."""

    groups: tuple[str, ...]
    approved: tuple[Version, ...]
    waiting: tuple[Version, ...]


def having(status: Status, ports: Ports) -> PartialResult[Version]:
    """All versions at *status*."""
    return _ask(lambda site: ports.registry.having(status, site), ports.registry.sites)


def groups(ports: Ports) -> PartialResult[str]:
    """The names of all groups."""
    return _ask(ports.registry.groups, ports.registry.sites)


def groups_near(group: str, ports: Ports) -> PartialResult[str]:
    """The names of the groups where *group* would be by its name; only that site is asked."""
    named = RegistryId(split_group_name(group.lower())[0])
    return _ask(ports.registry.groups, [site for site in ports.registry.sites if site == named])


def listings(ports: Ports) -> PartialResult[Listing]:
    """A listing of each registry. One that is silent is asked no more: each silence takes time."""
    return _ask(lambda site: (_listing(site, ports.registry),), ports.registry.sites)


def _listing(site: RegistryId, registry: Registry) -> Listing:
    return Listing(
        groups=registry.groups(site),
        approved=registry.having(Status.APPROVED, site),
        waiting=registry.having(Status.PENDING, site),
    )


def _ask(
    ask: Callable[[RegistryId], tuple[Found, ...]], sites: Iterable[RegistryId]
) -> PartialResult[Found]:
    found: list[Found] = []
    silent: dict[RegistryId, BotError] = {}
    for site in sites:
        try:
            found += ask(site)
        except (Unavailable, Forbidden) as error:
            silent[site] = error
    return PartialResult(tuple(found), silent)


def require_own_registry(heard: PartialResult[Found]) -> PartialResult[Found]:
    """*heard*, for an answer that is not given without the bot's own registry: raises its why."""
    if OWN_REGISTRY in heard.silent:
        raise heard.silent[OWN_REGISTRY]
    return heard
