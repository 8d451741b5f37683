"""
Reconcile an endpoint: ask for it again, write down what it serves, and tell what became of it.

First it is written down what the endpoint does and which cards are out of date by that, under a
lease if there is news; then people are told. After a crash in between, the next job of the endpoint
goes on from what was written, once the lease has run out.
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
from bot.flows.fetch.endpoint import fetch_endpoint, fetch_readable, fetch_versions
from bot.flows.fetch.version import fetch_waiting_and_next
from bot.flows.leased_endpoint import (
    is_kept_for_channel,
    leased,
    release,
    released,
    require_free,
)
from bot.flows.leases import released_on_error
from bot.flows.tell.endpoints import tell_result

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from bot.core.followup.endpoints import EndpointMemory, Serving
    from bot.core.followup.results import EndpointResult
    from bot.core.registry.version import Arn, DescribedVersion
    from bot.flows.ports import Ports, Registry


def reconcile_endpoint(arn: Arn, ports: Ports) -> None:
    """
    Write down what the endpoint *arn* serves, and tell what became of it.

    It tells only what differs from what it told last: an endpoint that scales comes into service
    again and again, with nothing to tell. Repeating it is harmless.

    Raises Ignored (also Gone) if there was nothing to do; Stale if another worker wrote meanwhile;
    Unavailable if another worker is telling people about it, if Slack's history is not complete
    yet, or if SageMaker's answer is older than what is stored; Forbidden if the bot may read none
    of its versions.
    """
    # Read before it is described: what is written later is refused if another worker wrote since.
    stored = ports.ledger.get_endpoint(arn)
    require_free(stored)
    try:
        endpoint = fetch_endpoint(stored, ports.endpoints)
    except Gone:
        return _reconcile_deleted(stored, ports)
    if stored.created not in {None, endpoint.created}:  # created anew under its name
        with suppress(Ignored):  # there may be nothing to tell of the deleted one
            _reconcile_deleted(stored, ports)
        stored = ports.ledger.get_endpoint(arn)
    memory = memory_of_same(endpoint, stored)
    pending = (*endpoint.pending_versions, *memory.pending_versions)
    named = (*endpoint.versions, *served_versions(endpoint, memory), *pending)
    versions = fetch_readable(named, memory, ports.registry)
    if not versions and not memory.servings:
        raise Ignored(f"{arn} serves no version")
    servings = servings_of(endpoint, memory, versions)
    result = result_of(endpoint, memory)
    if result is None:
        memory = under_way(endpoint, memory)
    memory = replace(memory, config=endpoint.config, servings=servings)
    return _write_and_tell(memory, stored, result, versions, ports, endpoint.reason)


def _reconcile_deleted(stored: EndpointMemory, ports: Ports) -> None:
    """Write down that an endpoint was deleted, and tell it if it served something."""
    result = result_of_deletion(_name(stored), EndpointStatus.GONE, stored)
    servings = servings_after_deletion(stored)
    if servings == stored.servings and not (stored.outdated or stored.post_started):
        raise Gone(f"there is no endpoint {stored.arn}")
    _write_and_tell(replace(stored, servings=servings), stored, result, {}, ports)


def _name(memory: EndpointMemory) -> str:
    return next((serving.name for serving in memory.servings), "")


def _write_and_tell(  # noqa: PLR0913, PLR0917 - what is known of the endpoint, and the ports
    memory: EndpointMemory,
    stored: EndpointMemory,
    result: EndpointResult | None,
    versions: Mapping[Arn, DescribedVersion],
    ports: Ports,
    reason: str = "",
) -> None:
    """
    Write *memory* down, have the cards updated, tell the *result*, and write that down.

    What is new of a group that the bot may not list now is left as it was, so that the next job
    finds it new again.

    *versions* are those that were described already, by ARN; *reason* is what SageMaker says now of
    why the endpoint failed.
    """
    outdated, forbidden = _outdated(stored.servings, memory.servings, ports.registry)
    memory = replace(
        memory,
        servings=_as_before(forbidden, stored.servings, memory.servings),
        outdated=tuple(dict.fromkeys([*memory.outdated, *outdated])),
    )
    owner = ports.new_owner()
    with released_on_error(lambda _: release(memory.arn, owner, ports.ledger)):
        begun = _begun(memory, stored, result, owner, ports)
        _update_cards(begun, ports)
        now, is_told = replace(begun, outdated=()), True
        if result is not None:
            now, is_told = _told(now, stored, result, versions, ports)
            now = replace(now, reason=reason) if is_told else now
        now = released(now, is_told=is_told)
        if now != begun:
            ports.ledger.save_endpoint(now)
        if forbidden:
            raise next(iter(forbidden.values()))
        if now == begun:
            raise Ignored(f"there is nothing to tell of {memory.arn}")


def _begun(
    memory: EndpointMemory,
    stored: EndpointMemory,
    result: EndpointResult | None,
    owner: str,
    ports: Ports,
) -> EndpointMemory:
    """
    Write down what the endpoint does, with the versions whose cards are out of date by that.

    If there is news to tell, that is under a lease of *owner*'s.
    """
    now = leased(memory, owner) if result and result.is_news(memory) else memory
    return now if now == stored else ports.ledger.save_endpoint(now)


def _outdated(
    before: tuple[Serving, ...], now: tuple[Serving, ...], registry: Registry
) -> tuple[list[Arn], dict[str, Forbidden]]:
    """
    List the versions whose cards are out of date, and the groups that the bot may not list.

    Those are the ones that an endpoint has begun or ceased to name, and, in the groups concerned,
    those that wait or are next to deploy.
    """
    outdated, forbidden = list(changed_versions(before, now)), {}
    for group in changed_groups(before, now):
        try:
            outdated += [each.arn for each in fetch_waiting_and_next(group, registry)]
        except Forbidden as error:
            forbidden[group] = error
        except Ignored:  # the group is gone, or in a registry that is not watched
            continue
    return outdated, forbidden


def _as_before(
    groups: Container[str], before: tuple[Serving, ...], now: tuple[Serving, ...]
) -> tuple[Serving, ...]:
    """Return what an endpoint does *now*, but of some *groups* as it was *before*."""
    last = {serving.group: serving for serving in before}
    kept = (last.get(each.group) if each.group in groups else each for each in now)
    return tuple(each for each in kept if each)


def _update_cards(memory: EndpointMemory, ports: Ports) -> None:
    ports.queue.send_all(
        (ReconcileVersion(arn), f"{memory.arn}.{memory.revision}.{arn}") for arn in memory.outdated
    )


def _told(
    memory: EndpointMemory,
    stored: EndpointMemory,
    result: EndpointResult,
    versions: Mapping[Arn, DescribedVersion],
    ports: Ports,
) -> tuple[EndpointMemory, bool]:
    """
    Tell *result*, if it is news; return what to remember of that, and whether everything is told.

    If a channel is not there for the bot, it stays news, so that a later job tells it there.
    """
    if result.is_news(memory):
        named = dict.fromkeys([*result.serves, *result.missed, *result.replaced(memory)])
        about = fetch_versions(named, ports.registry, versions)
        if about or not named:  # else nothing that it is about can be read
            memory, is_left = tell_result(result, memory, about, stored.post_started, ports)
            if is_left and is_kept_for_channel(memory):
                return memory, False
    if result.state is EndpointStatus.IN_SERVICE:
        memory = replace(memory, told_serving=result.serves, pending_versions=())
    elif result.is_deleted:
        memory = replace(memory, told_serving=(), pending_versions=())
    return replace(memory, told_digest=result.lasting), True
