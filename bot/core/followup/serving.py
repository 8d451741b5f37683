"""
What the endpoints of a group serve, kept up to date one endpoint at a time.

What that means for one version is for `standing`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.core.followup.endpoints import DELETED, EndpointStatus, Served, Serving
from bot.core.followup.results import missed_versions, served_versions
from bot.core.registry.version import arn_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bot.core.followup.endpoints import Endpoint, EndpointMemory
    from bot.core.registry.version import Arn, Version

_SERVES: Final = frozenset(
    {
        EndpointStatus.IN_SERVICE,
        EndpointStatus.UPDATING,
        EndpointStatus.MIXED,
        EndpointStatus.OTHER,
    }
)
"""
The states in which an endpoint answers with what its configuration names. The others that AWS has
(SystemUpdating, RollingBack) keep it in service (API reference, DescribeEndpoint).
"""
_MOST_EARLIER: Final = 50


def servings_of(
    endpoint: Endpoint, memory: EndpointMemory, versions: Mapping[Arn, Version]
) -> tuple[Serving, ...]:
    """
    Return what *endpoint* does for each group now, after what *memory* says of it.

    *versions* are those that it names, as far as the registry has them.
    """
    before = {serving.group: serving for serving in memory.servings}
    groups = dict.fromkeys([*before, *(version.group for version in versions.values())])
    return tuple(
        _serving(endpoint, memory, versions, before.get(group) or _blank(group, endpoint))
        for group in groups
    )


def servings_after_deletion(memory: EndpointMemory) -> tuple[Serving, ...]:
    """Return the servings of *memory* as they are once its endpoint is deleted."""
    return tuple(
        serving if serving.state in DELETED else _deleted(serving, EndpointStatus.GONE)
        for serving in memory.servings
    )


def _blank(group: str, endpoint: Endpoint) -> Serving:
    return Serving(
        group=group,
        endpoint=endpoint.arn,
        name=endpoint.name,
        state=endpoint.state,
        changed=endpoint.modified,
    )


def _serving(
    endpoint: Endpoint, memory: EndpointMemory, versions: Mapping[Arn, Version], last: Serving
) -> Serving:
    def of_group(arns: Iterable[Arn]) -> tuple[Served, ...]:
        named = (_served(arn, versions, last) for arn in dict.fromkeys(arns))
        return tuple(each for each in named if each)

    if endpoint.state in DELETED:
        return replace(_deleted(last, endpoint.state), changed=endpoint.modified)
    named = _serves(endpoint, memory)
    serves = of_group(named)
    now = replace(
        last,
        state=endpoint.state,
        pending=of_group(_pending(endpoint)),
        changed=endpoint.modified,
        is_complete=_is_complete(endpoint, named, versions),
    )
    now = _with_failure(now, of_group(_missed(endpoint, memory)), serves, endpoint.reason)
    is_new = bool(memory.config) and endpoint.config != memory.config
    return _with_versions(now, serves, endpoint, is_new=is_new)


def _served(arn: Arn, versions: Mapping[Arn, Version], last: Serving) -> Served | None:
    """
    Return what is known of *arn*, if it is of the group of *last*.

    A version that was deleted, or cannot be read now, is the one that was known before: an endpoint
    serves on what it serves.
    """
    if version := versions.get(arn):
        return Served(version.arn, version.number) if version.group == last.group else None
    known = (*last.versions, *last.pending, *last.failed, *last.earlier)
    return next((each for each in known if arn_key(each.arn) == arn_key(arn)), None)


def _serves(endpoint: Endpoint, memory: EndpointMemory) -> tuple[Arn, ...]:
    """Return what *endpoint* answers with now: of a mix, also what was to come."""
    if endpoint.state not in _SERVES:
        return ()
    serves = served_versions(endpoint, memory)
    is_mix = endpoint.state is EndpointStatus.MIXED
    return (*serves, *memory.pending_versions) if is_mix else serves


def _is_complete(
    endpoint: Endpoint, serves: tuple[Arn, ...], versions: Mapping[Arn, Version]
) -> bool:
    """Whether all is known of what *endpoint* serves: which versions, and what these are."""
    if endpoint.state not in _SERVES:
        return True
    is_known = endpoint.is_complete or (not endpoint.versions and bool(serves))
    return is_known and all(arn in versions for arn in serves)


def _pending(endpoint: Endpoint) -> tuple[Arn, ...]:
    """Return what the change under way is to bring: of a new endpoint, all that it names."""
    if endpoint.state is EndpointStatus.CREATING:
        return endpoint.versions
    return endpoint.pending_versions


def _missed(endpoint: Endpoint, memory: EndpointMemory) -> tuple[Arn, ...]:
    """Return what *endpoint* was to serve and does not, because a change has just failed."""
    if endpoint.state is EndpointStatus.FAILED:
        return (*endpoint.versions, *memory.pending_versions)
    if endpoint.state is not EndpointStatus.IN_SERVICE:
        return ()
    return missed_versions(endpoint, memory)


def _with_failure(
    now: Serving, missed: tuple[Served, ...], serves: tuple[Served, ...], reason: str
) -> Serving:
    """A failure is known until something else is served, or what failed is tried again."""
    if missed:
        return replace(now, failed=missed, reason=reason)
    if serves and not _same(serves, now.versions):
        return replace(now, failed=(), reason="")
    failed = tuple(each for each in now.failed if not has((*serves, *now.pending), each))
    return replace(now, failed=failed, reason=now.reason if failed else "")


def _with_versions(
    now: Serving, serves: tuple[Served, ...], endpoint: Endpoint, *, is_new: bool
) -> Serving:
    """With a new configuration, the same ARN can be another version, registered since."""
    if _same(serves, now.versions):
        again = is_new and serves and endpoint.state is EndpointStatus.IN_SERVICE
        return replace(now, since=endpoint.modified) if again else now
    since = endpoint.modified if endpoint.state is EndpointStatus.IN_SERVICE else None
    replaced = now.versions or now.replaced
    return replace(
        now,
        versions=serves,
        since=since if serves else None,
        replaced=replaced,
        earlier=_earlier(now),
    )


def _earlier(serving: Serving) -> tuple[Served, ...]:
    """Return what *serving* served until now, with what it serves, the latest last."""
    before = (each for each in serving.earlier if not has(serving.versions, each))
    return (*before, *serving.versions)[-_MOST_EARLIER:]


def _deleted(serving: Serving, state: EndpointStatus) -> Serving:
    replaced = serving.versions or serving.replaced
    return replace(
        serving,
        state=state,
        versions=(),
        since=None,
        pending=(),
        failed=(),
        reason="",
        replaced=replaced,
        earlier=_earlier(serving),
    )


def _same(one: Iterable[Served], other: Iterable[Served]) -> bool:
    return {arn_key(each.arn) for each in one} == {arn_key(each.arn) for each in other}


def changed_versions(before: Sequence[Serving], now: Sequence[Serving]) -> tuple[Arn, ...]:
    """Return the versions that *before* or *now* names where cards read otherwise by now."""
    pairs = _changes(before, now)
    named = (served.arn for pair in pairs for each in pair if each for served in named_by(each))
    return tuple(dict.fromkeys(named))


def changed_groups(before: Sequence[Serving], now: Sequence[Serving]) -> tuple[str, ...]:
    """Return the groups whose cards read otherwise after *now* than after *before*."""
    return tuple(new.group for _, new in _changes(before, now))


def _changes(
    before: Sequence[Serving], now: Sequence[Serving]
) -> Iterator[tuple[Serving | None, Serving]]:
    """Pair each of *now* by which cards read otherwise with the one *before* it, if any."""
    last = {serving.group: serving for serving in before}
    for new in now:
        old = last.get(new.group)
        if old is None or replace(old, changed=new.changed) != new:
            yield old, new


def named_by(serving: Serving) -> tuple[Served, ...]:
    """Return what *serving* names: their cards are updated when the endpoint changes."""
    return (*serving.versions, *serving.replaced, *serving.pending, *serving.failed)


def has(some: Iterable[Served], served: Served) -> bool:
    """Whether *served* is one of *some*, whose ARNs may be spelled in another case."""
    return arn_key(served.arn) in {arn_key(each.arn) for each in some}
