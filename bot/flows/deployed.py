"""Somebody says that an endpoint changed: look at it, and tell what became of its versions."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from bot.core.cards.deployments import of_endpoint
from bot.core.deployments import of_the_same, result, under_way
from bot.core.errors import Forbidden, SetAside
from bot.flows.follow import unless_lost

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from bot.core.deployments import Endpoint, Known, Result
    from bot.core.model import Arn, Described
    from bot.flows.ports import Ports


def deployed(arn: Arn, at: Ports) -> None:
    """
    Tell what became of the endpoint *arn*. Repeating it is harmless.

    Only what reads otherwise than what was told last: an endpoint that scales comes into service
    again and again, with nothing to tell.
    """
    found = at.deployments.look(arn)
    noted = at.ledger.known(found.arn)
    known = of_the_same(found, noted)
    if (said := result(found, known)) is None:
        return _remember(found, known, at)
    versions = _described((*said.serves, *said.missed), at)
    if not versions:
        raise SetAside(f"{arn} serves no version")
    if said.is_news(known):
        _tell(said, found, versions, at)
    now = replace(known, told=said.lasting, coming=(), reason=found.reason)
    if now != noted:
        at.ledger.note(now)
    return None


def _remember(found: Endpoint, known: Known, at: Ports) -> None:
    """Remember what is to come: should it fail, nothing says any more what it was."""
    if (now := under_way(found, known)) == known:
        raise SetAside(f"there is nothing to tell of {found.arn} yet")
    at.ledger.note(now)


def _described(arns: Iterable[Arn], at: Ports) -> dict[Arn, Described]:
    """The versions, by ARN; without those that are gone, or of a registry that is not ours."""
    versions: dict[Arn, Described] = {}
    for arn in arns:
        with suppress(SetAside, Forbidden):
            versions[arn] = at.registry.describe(arn)
    return versions


def _since(found: Endpoint, at: Ports) -> datetime:
    """What an attempt before this one may have said, it said after this."""
    return min(found.modified, at.asked or found.modified)


def _tell(said: Result, found: Endpoint, versions: Mapping[Arn, Described], at: Ports) -> None:
    """
    Say it in the threads of the cards, and in the channels that the rules name, once in each.

    Of an endpoint that was made anew the same is another message.
    """
    told, since = of_endpoint(said, versions), _since(found, at)
    digest = f"{said.digest}.{found.created.timestamp()}"
    for channel, thread in dict.fromkeys(_places(versions.values(), at)):
        key = f"{digest}.{'thread' if thread else channel}"
        unless_lost(partial(at.chat.post, channel, told, key=key, thread=thread), since)


def _places(versions: Iterable[Described], at: Ports) -> Iterator[tuple[str, str | None]]:
    for version in versions:
        if place := at.ledger.get(version.arn).place:
            yield place.channel, place.ts
        for channel in at.rules.find(version.group).notify:
            yield channel, None
