"""
Ask the registries of all sites. One that does not answer keeps nobody from hearing the others.

Whoever asks is told which sites were silent: of what is there, nothing is known now, and that is
not the same as nothing being there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from bot.core.errors import BotError, Forbidden, Unavailable
from bot.core.sites import HOME

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.core.model import Status, Version
    from bot.core.sites import Site
    from bot.flows.ports import Ports

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Heard(Generic[Found]):
    """What was *found* at the sites that answered, and why the *silent* ones did not."""

    found: tuple[Found, ...]
    silent: Mapping[Site, BotError]


def having(status: Status, at: Ports) -> Heard[Version]:
    """All versions at *status*."""
    return _ask(lambda site: at.registry.having(status, site), at)


def groups(at: Ports) -> Heard[str]:
    """The names of all groups."""
    return _ask(at.registry.groups, at)


def _ask(ask: Callable[[Site], tuple[Found, ...]], at: Ports) -> Heard[Found]:
    found: list[Found] = []
    silent: dict[Site, BotError] = {}
    for site in at.registry.sites:
        try:
            found += ask(site)
        except (Unavailable, Forbidden) as error:
            silent[site] = error
    return Heard(tuple(found), silent)


def heard(what: Heard[Found]) -> Heard[Found]:
    """*what*, for an answer that is not given while the bot's own registry is silent: it raises."""
    if HOME in what.silent:
        raise what.silent[HOME]
    return what
