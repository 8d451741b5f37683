"""
Reconcile an endpoint: ask for it again, write down what it serves, and tell what became of it.

First it is written down what the endpoint does and which cards are out of date by that, then people
are told. After a crash in between, the next job of the endpoint goes on from what was written.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.errors import Forbidden, Gone, Ignored
from bot.core.followup.endpoints import EndpointStatus
from bot.core.followup.results import (
    memory_of_same,
    result_of,
    result_of_deletion,
    served_versions,
    under_way,
)
from bot.core.followup.serving import (
    changed_groups,
    changed_versions,
    servings_after_deletion,
    servings_of,
)
from bot.core.jobs.messages import ReconcileVersion
from bot.core.registry.outcome import waiting_or_next
from bot.flows.tell.endpoints import tell_result

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from bot.core.followup.endpoints import Endpoint, EndpointMemory, Serving
    from bot.core.followup.results import EndpointResult
    from bot.core.registry.version import Arn, DescribedVersion
    from bot.flows.ports import Ports, Registry


def reconcile_endpoint(arn: Arn, ports: Ports) -> None:
    """
    Write down what the endpoint *arn* serves, and tell what became of it.

    Only what reads otherwise than what was told last: an endpoint that scales comes into service
    again and again, with nothing to tell. Repeating it is harmless. Raises Ignored if there was
    nothing to do.
    """
    try:
        endpoint = ports.endpoints.describe(arn)
    except Gone:
        return _reconcile_deleted(arn, ports)
    stored = ports.ledger.get_endpoint(endpoint.arn)
    memory = memory_of_same(endpoint, stored)
    if memory.created != stored.created and stored.created:
        # Created anew under its name: the groups that it served before have to know.
        memory = replace(memory, servings=servings_after_deletion(stored))
    pending = (*endpoint.pending_versions, *memory.pending_versions)
    named = (*endpoint.versions, *served_versions(endpoint, memory), *pending)
    versions = _describe(named, ports.registry)
    if not versions and not memory.servings:
        raise Ignored(f"{arn} serves no version")
    servings = servings_of(endpoint, memory, versions)
    result = result_of(endpoint, memory)
    if result is None:
        memory = under_way(endpoint, memory)
    memory = _written(replace(memory, config=endpoint.config), servings, stored, ports)
    return _finish(memory, endpoint, result, versions, ports)


def _reconcile_deleted(arn: Arn, ports: Ports) -> None:
    """Write down that an endpoint was deleted, and tell it if it served something."""
    stored = ports.ledger.get_endpoint(arn)
    result = result_of_deletion(_name(stored), EndpointStatus.GONE, stored)
    servings = servings_after_deletion(stored)
    if servings == stored.servings and not stored.outdated:
        raise Gone(f"there is no endpoint {arn}")
    memory = _written(stored, servings, stored, ports)
    _finish(memory, None, result, {}, ports)


def _name(memory: EndpointMemory) -> str:
    return next((serving.name for serving in memory.servings), "")


def _describe(arns: Iterable[Arn], registry: Registry) -> dict[Arn, DescribedVersion]:
    """Describe the versions, without those that are gone or in a registry that is not watched."""
    versions: dict[Arn, DescribedVersion] = {}
    for arn in dict.fromkeys(arns):
        with suppress(Ignored, Forbidden):
            versions[arn] = registry.describe(arn)
    return versions


def _written(
    memory: EndpointMemory, servings: tuple[Serving, ...], stored: EndpointMemory, ports: Ports
) -> EndpointMemory:
    """Write down what the endpoint does, with the versions whose cards are out of date by that."""
    outdated = _outdated(stored.servings, servings, ports.registry)
    arns = tuple(dict.fromkeys([*memory.outdated, *outdated]))
    now = replace(memory, servings=servings, outdated=arns)
    return now if now == stored else ports.ledger.save_endpoint(now)


def _outdated(
    before: tuple[Serving, ...], now: tuple[Serving, ...], registry: Registry
) -> Iterator[Arn]:
    """List the versions that an endpoint names, those that wait, and those next to deploy."""
    yield from changed_versions(before, now)
    for group in changed_groups(before, now):
        with suppress(Forbidden, Ignored):  # the other groups still hear of it
            yield from (each.arn for each in waiting_or_next(registry.versions(group)))


def _finish(
    memory: EndpointMemory,
    endpoint: Endpoint | None,
    result: EndpointResult | None,
    versions: Mapping[Arn, DescribedVersion],
    ports: Ports,
) -> None:
    """
    Have the cards updated, tell the result, and write down that it was told.

    *versions* are those that were described already, by ARN.
    """
    _update_cards(memory, ports)
    now = replace(memory, outdated=())
    if result is not None:
        now = _told(now, endpoint, result, versions, ports)
    if now == memory:
        raise Ignored(f"there is nothing to tell of {memory.arn}")
    ports.ledger.save_endpoint(now)


def _update_cards(memory: EndpointMemory, ports: Ports) -> None:
    ports.queue.send_all(
        (ReconcileVersion(arn), f"{memory.arn}.{memory.revision}.{arn}") for arn in memory.outdated
    )


def _told(
    memory: EndpointMemory,
    endpoint: Endpoint | None,
    result: EndpointResult,
    versions: Mapping[Arn, DescribedVersion],
    ports: Ports,
) -> EndpointMemory:
    """Tell *result*, if it is news, and return what to remember of that."""
    if result.is_news(memory):
        named = dict.fromkeys([*result.serves, *result.missed, *result.replaced(memory)])
        unknown = _describe((arn for arn in named if arn not in versions), ports.registry)
        known = {**versions, **unknown}
        about = {arn: known[arn] for arn in named if arn in known}
        if about or not named:  # else nothing that it is about can be read
            memory = tell_result(result, memory, about, endpoint, ports)
    if result.state is EndpointStatus.IN_SERVICE:
        memory = replace(memory, told_serving=result.serves, pending_versions=())
    elif result.is_deleted:
        memory = replace(memory, told_serving=(), pending_versions=())
    reason = endpoint.reason if endpoint else ""
    return replace(memory, told_digest=result.lasting, reason=reason)
