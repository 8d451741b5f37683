"""Reconcile an endpoint: look at it again, and tell what became of the versions that it serves."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.cards.endpoints import of_endpoint
from bot.core.errors import Forbidden, Ignored, Undeliverable
from bot.core.followup.endpoints import memory_of_same, result_of, under_way

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from bot.core.followup.endpoints import Endpoint, EndpointMemory, EndpointResult
    from bot.core.registry.version import Arn, DescribedVersion
    from bot.core.rules.rule import Rules
    from bot.flows.ports import Ledger, Ports, Registry


def reconcile_endpoint(arn: Arn, ports: Ports) -> None:
    """
    Tell what became of the endpoint *arn*. Repeating it is harmless.

    Only what reads otherwise than what was told last: an endpoint that scales comes into service
    again and again, with nothing to tell. Raises Ignored if there is nothing to tell yet.
    """
    endpoint = ports.endpoints.describe(arn)
    stored = ports.ledger.get_endpoint(endpoint.arn)
    memory = memory_of_same(endpoint, stored)
    result = result_of(endpoint, memory)
    if result is None:
        return _remember_change(endpoint, memory, ports.ledger)
    versions = _describe((*result.serves, *result.missed), ports.registry)
    if not versions:
        raise Ignored(f"{arn} serves no version")
    if result.is_news(memory):
        _tell(result, endpoint, versions, ports)
    now = replace(memory, told_digest=result.lasting, pending_versions=(), reason=endpoint.reason)
    if now != stored:
        ports.ledger.save_endpoint(now)
    return None


def _remember_change(endpoint: Endpoint, memory: EndpointMemory, ledger: Ledger) -> None:
    """Remember what is being deployed: should it fail, the endpoint does not name it any more."""
    if (now := under_way(endpoint, memory)) == memory:
        raise Ignored(f"there is nothing to tell of {endpoint.arn} yet")
    ledger.save_endpoint(now)


def _describe(arns: Iterable[Arn], registry: Registry) -> dict[Arn, DescribedVersion]:
    """Describe the versions, without those that are gone or in a registry that is not watched."""
    versions: dict[Arn, DescribedVersion] = {}
    for arn in arns:
        with suppress(Ignored, Forbidden):
            versions[arn] = registry.describe(arn)
    return versions


def _tell(
    result: EndpointResult,
    endpoint: Endpoint,
    versions: Mapping[Arn, DescribedVersion],
    ports: Ports,
) -> None:
    """
    Say it in the threads of the cards, and in the channels that the rules name, once in each.

    The same about an endpoint that was created anew under its name is another message.
    """
    message, since = of_endpoint(result, versions), _since(endpoint, ports.job_sent_at)
    digest = f"{result.digest}.{endpoint.created.timestamp()}"
    for channel, thread in dict.fromkeys(_places(versions.values(), ports.ledger, ports.rules)):
        key = f"{digest}.{'thread' if thread else channel}"
        with suppress(Undeliverable):  # the other places still hear of it
            ports.chat.post(channel, message, key=key, thread=thread, since=since)


def _since(endpoint: Endpoint, job_sent_at: datetime | None) -> datetime:
    """Since when an earlier attempt may have told the same."""
    return min(endpoint.modified, job_sent_at or endpoint.modified)


def _places(
    versions: Iterable[DescribedVersion], ledger: Ledger, rules: Rules
) -> Iterator[tuple[str, str | None]]:
    """List each channel, and the message below which it is told there, if below one."""
    for version in versions:
        for card in ledger.get(version.arn).request.cards:
            if card.ts:
                yield card.channel, card.ts
        for channel in rules.find(version.group).notify:
            yield channel, None
