"""Somebody says that an endpoint changed: look at it, and tell what became of its versions."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.cards.endpoints import of_endpoint
from bot.core.errors import Forbidden, Ignored, MessageNotFound
from bot.core.followup.endpoints import memory_of_same, result_of, under_way

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from bot.core.followup.endpoints import Endpoint, EndpointMemory, EndpointResult
    from bot.core.registry.version import Arn, DescribedVersion
    from bot.flows.ports import Ports


def reconcile_endpoint(arn: Arn, ports: Ports) -> None:
    """
    Tell what became of the endpoint *arn*. Repeating it is harmless.

    Only what reads otherwise than what was told last: an endpoint that scales comes into service
    again and again, with nothing to tell.
    """
    found = ports.deployments.look(arn)
    noted = ports.ledger.get_endpoint(found.arn)
    known = memory_of_same(found, noted)
    if (said := result_of(found, known)) is None:
        return _remember(found, known, ports)
    versions = _described((*said.serves, *said.missed), ports)
    if not versions:
        raise Ignored(f"{arn} serves no version")
    if said.is_news(known):
        _tell(said, found, versions, ports)
    now = replace(known, told=said.lasting, coming=(), reason=found.reason)
    if now != noted:
        ports.ledger.save_endpoint(now)
    return None


def _remember(found: Endpoint, known: EndpointMemory, ports: Ports) -> None:
    """Remember what is to come: should it fail, nothing says any more what it was."""
    if (now := under_way(found, known)) == known:
        raise Ignored(f"there is nothing to tell of {found.arn} yet")
    ports.ledger.save_endpoint(now)


def _described(arns: Iterable[Arn], ports: Ports) -> dict[Arn, DescribedVersion]:
    """The versions, by ARN; without those that are gone, or of a registry that is not ours."""
    versions: dict[Arn, DescribedVersion] = {}
    for arn in arns:
        with suppress(Ignored, Forbidden):
            versions[arn] = ports.registry.describe(arn)
    return versions


def _since(found: Endpoint, ports: Ports) -> datetime:
    """What an attempt before this one may have said, it said after this."""
    return min(found.modified, ports.asked or found.modified)


def _tell(
    said: EndpointResult, found: Endpoint, versions: Mapping[Arn, DescribedVersion], ports: Ports
) -> None:
    """
    Say it in the threads of the cards, and in the channels that the rules name, once in each.

    Of an endpoint that was made anew the same is another message.
    """
    told, since = of_endpoint(said, versions), _since(found, ports)
    digest = f"{said.digest}.{found.created.timestamp()}"
    for channel, thread in dict.fromkeys(_places(versions.values(), ports)):
        key = f"{digest}.{'thread' if thread else channel}"
        with suppress(MessageNotFound):  # the other places still hear of it
            ports.chat.post(channel, told, key=key, thread=thread, since=since)


def _places(versions: Iterable[DescribedVersion], ports: Ports) -> Iterator[tuple[str, str | None]]:
    for version in versions:
        for card in ports.ledger.get(version.arn).request.cards:
            if card.ts:
                yield card.channel, card.ts
        for channel in ports.rules.find(version.group).notify:
            yield channel, None
