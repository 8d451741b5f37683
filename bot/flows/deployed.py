"""Somebody says that an endpoint changed: look at it, and tell what became of its versions."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from bot.core.cards.endpoints import of_endpoint
from bot.core.errors import Forbidden, Ignored
from bot.core.followup.endpoints import memory_of_same, result_of, under_way
from bot.flows.execute.reconcile import unless_lost

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from bot.core.followup.endpoints import Endpoint, EndpointMemory, EndpointResult
    from bot.core.registry.version import Arn, DescribedVersion
    from bot.flows.ports import Ports


def deployed(arn: Arn, at: Ports) -> None:
    """
    Tell what became of the endpoint *arn*. Repeating it is harmless.

    Only what reads otherwise than what was told last: an endpoint that scales comes into service
    again and again, with nothing to tell.
    """
    found = at.deployments.look(arn)
    noted = at.ledger.known(found.arn)
    known = memory_of_same(found, noted)
    if (said := result_of(found, known)) is None:
        return _remember(found, known, at)
    versions = _described((*said.serves, *said.missed), at)
    if not versions:
        raise Ignored(f"{arn} serves no version")
    if said.is_news(known):
        _tell(said, found, versions, at)
    now = replace(known, told=said.lasting, coming=(), reason=found.reason)
    if now != noted:
        at.ledger.note(now)
    return None


def _remember(found: Endpoint, known: EndpointMemory, at: Ports) -> None:
    """Remember what is to come: should it fail, nothing says any more what it was."""
    if (now := under_way(found, known)) == known:
        raise Ignored(f"there is nothing to tell of {found.arn} yet")
    at.ledger.note(now)


def _described(arns: Iterable[Arn], at: Ports) -> dict[Arn, DescribedVersion]:
    """The versions, by ARN; without those that are gone, or of a registry that is not ours."""
    versions: dict[Arn, DescribedVersion] = {}
    for arn in arns:
        with suppress(Ignored, Forbidden):
            versions[arn] = at.registry.describe(arn)
    return versions


def _since(found: Endpoint, at: Ports) -> datetime:
    """What an attempt before this one may have said, it said after this."""
    return min(found.modified, at.asked or found.modified)


def _tell(
    said: EndpointResult, found: Endpoint, versions: Mapping[Arn, DescribedVersion], at: Ports
) -> None:
    """
    Say it in the threads of the cards, and in the channels that the rules name, once in each.

    Of an endpoint that was made anew the same is another message.
    """
    told, since = of_endpoint(said, versions), _since(found, at)
    digest = f"{said.digest}.{found.created.timestamp()}"
    for channel, thread in dict.fromkeys(_places(versions.values(), at)):
        key = f"{digest}.{'thread' if thread else channel}"
        unless_lost(partial(at.chat.post, channel, told, key=key, thread=thread), since)


def _places(versions: Iterable[DescribedVersion], at: Ports) -> Iterator[tuple[str, str | None]]:
    for version in versions:
        if place := at.ledger.get(version.arn).place:
            yield place.channel, place.ts
        for channel in at.rules.find(version.group).notify:
            yield channel, None
