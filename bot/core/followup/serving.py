"""
What the endpoints of a group serve: the third truth, next to status and next to deploy.

`servings_of` keeps it up to date, one endpoint at a time. `standing` says what it means for one
version: whether it is served, and if not, why not, as far as that is known.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from bot.core.followup.endpoints import DELETED, EndpointStatus, Served, Serving
from bot.core.followup.results import missed_versions, served_versions
from bot.core.registry.version import arn_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

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
    """Return what an endpoint, which is not there any more, did for each group."""
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
        named = (versions[arn] for arn in dict.fromkeys(arns) if arn in versions)
        return tuple(Served(each.arn, each.number) for each in named if each.group == last.group)

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
    failed = tuple(each for each in now.failed if not _has((*serves, *now.pending), each))
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
    """Return what *serving* served until now, with what it serves."""
    known = {arn_key(each.arn): each for each in (*serving.earlier, *serving.versions)}
    return tuple(known.values())[-_MOST_EARLIER:]


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


def _has(some: Iterable[Served], served: Served) -> bool:
    return arn_key(served.arn) in {arn_key(each.arn) for each in some}


def changed_versions(before: Sequence[Serving], now: Sequence[Serving]) -> tuple[Arn, ...]:
    """Return the versions whose cards read otherwise after *now* than after *before*."""
    last = {serving.group: serving for serving in before}
    changed = [
        each
        for serving in now
        if (old := last.get(serving.group)) is None or not _reads_the_same(old, serving)
        for each in (*_named(serving), *(_named(old) if old else ()))
    ]
    return tuple(dict.fromkeys(each.arn for each in changed))


def changed_groups(before: Sequence[Serving], now: Sequence[Serving]) -> tuple[str, ...]:
    """Return the groups whose cards read otherwise after *now* than after *before*."""
    last = {serving.group: serving for serving in before}
    return tuple(
        serving.group
        for serving in now
        if (old := last.get(serving.group)) is None or not _reads_the_same(old, serving)
    )


def _reads_the_same(one: Serving, other: Serving) -> bool:
    return replace(one, changed=other.changed) == other


def _named(serving: Serving) -> tuple[Served, ...]:
    return (*serving.versions, *serving.replaced, *serving.pending, *serving.failed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a version stands with the endpoints of its group: the names of those to which..."""

    serving: tuple[str, ...] = ()
    """...it is deployed: they serve it."""
    mixed: tuple[str, ...] = ()
    """...it is deployed in part: they serve a mix of it and another version."""
    deploying: tuple[str, ...] = ()
    """...it is being deployed."""
    failed: tuple[str, ...] = ()
    """...it was to be deployed, which failed."""
    since: datetime | None = None
    """Since when it is served, if one endpoint serves it and that is known."""
    others: tuple[int, ...] = ()
    """Numbers of the other versions that endpoints of the group serve."""
    is_back: bool = False
    """Whether an endpoint served it, and then went back to a version that it had served before."""
    deleted: tuple[str, ...] = ()
    """Names of the endpoints that served it last, and were deleted."""
    reason: str = ""
    """Why a deployment of it failed, in SageMaker's words."""
    is_known: bool = False
    """Whether all is known of what the group's endpoints serve, and there is one."""


def standing(version: Version, servings: Iterable[Serving]) -> Standing:
    """Say how *version* stands with the endpoints of its group, of which *servings* are known."""
    everything = list(servings)
    known = [serving for serving in everything if serving.state not in DELETED]
    serving = [each for each in known if serves(each, version)]
    failed = [each for each in known if _failed(each, version)]
    others = {served.number for each in known for served in each.versions} - {version.number}
    return Standing(
        serving=_names(each for each in serving if each.state is not EndpointStatus.MIXED),
        mixed=_names(each for each in serving if each.state is EndpointStatus.MIXED),
        deploying=_names(
            each for each in known if _about(each.pending, version) and each not in serving
        ),
        failed=_names(failed),
        since=serving[0].since if len(serving) == 1 else None,
        others=tuple(sorted(others)),
        is_back=any(_is_back(each, version) for each in known),
        deleted=_names(
            each for each in everything if each.state in DELETED and _about(each.replaced, version)
        ),
        reason=next((each.reason for each in failed if each.reason), ""),
        is_known=bool(known) and all(each.is_complete for each in known),
    )


def _is_back(serving: Serving, version: Version) -> bool:
    before = {arn_key(each.arn) for each in serving.earlier}
    return _about(serving.replaced, version) and all(
        arn_key(each.arn) in before for each in serving.versions
    )


def _names(servings: Iterable[Serving]) -> tuple[str, ...]:
    return tuple(serving.name for serving in servings)


def serves(serving: Serving, version: Version) -> bool:
    """Whether an endpoint serves *version*: not an older one that had its ARN before."""
    is_older = serving.since is not None and serving.since < version.created
    return _about(serving.versions, version) and not is_older


def heard_of(number: int, servings: Iterable[Serving], since: datetime) -> bool:
    """
    Whether an endpoint has done something about version *number* since then.

    Also if all endpoints served it before: then there is nothing to deploy.
    """
    known = [serving for serving in servings if serving.state not in DELETED]
    tried = any(
        each.number == number
        for serving in known
        if serving.changed >= since
        for each in (*serving.pending, *serving.failed)
    )
    serving_it = [each for each in known if any(v.number == number for v in each.versions)]
    began = any(each.since and each.since >= since for each in serving_it)
    return tried or began or (bool(known) and len(serving_it) == len(known))


def is_named(version: Version, servings: Iterable[Serving]) -> bool:
    """Whether the card of *version* is updated when an endpoint changes: only then it may tell."""
    return any(_about(_named(serving), version) for serving in servings)


def _failed(serving: Serving, version: Version) -> bool:
    return _about(serving.failed, version) and serving.changed >= version.created


def _about(some: Iterable[Served], version: Version) -> bool:
    return _has(some, Served(version.arn, version.number))
