"""
How a version stands with the endpoints of its group: which serve it, and if none does, why not.

As far as that is known: `serving` keeps what is known of endpoints.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.followup.endpoints import DELETED, EndpointStatus, Served
from bot.core.followup.serving import has, named_by
from bot.core.registry.version import arn_key

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bot.core.followup.endpoints import Serving
    from bot.core.registry.version import Version


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a version stands with the endpoints of its group, which are called by their names."""

    serving: tuple[str, ...] = ()
    """The endpoints that serve it."""
    mixed: tuple[str, ...] = ()
    """The endpoints that serve a mix of it and another version."""
    deploying: tuple[str, ...] = ()
    """The endpoints to which it is being deployed."""
    failed: tuple[str, ...] = ()
    """The endpoints to which its deployment failed."""
    since: datetime | None = None
    """Since when it is served, if one endpoint serves it and that is known."""
    others: tuple[int, ...] = ()
    """Numbers of the other versions that endpoints of the group serve."""
    is_back: bool = False
    """Whether an endpoint served it, and then went back to a version that it had served before."""
    deleted: tuple[str, ...] = ()
    """The endpoints that served it last, and were deleted."""
    reason: str = ""
    """Why a deployment of it failed, in SageMaker's words."""
    is_known: bool = False
    """Whether all is known of what the group's endpoints serve, and there is one."""


def standing(version: Version, servings: Iterable[Serving]) -> Standing:
    """Say how *version* stands with the endpoints of its group, of which *servings* are known."""
    everything = list(servings)
    known = [serving for serving in everything if serving.state not in DELETED]
    serving = [each for each in known if _is_served(each, version)]
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


def _is_served(serving: Serving, version: Version) -> bool:
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
    return any(_about(named_by(serving), version) for serving in servings)


def _failed(serving: Serving, version: Version) -> bool:
    return _about(serving.failed, version) and serving.changed >= version.created


def _about(some: Iterable[Served], version: Version) -> bool:
    return has(some, Served(version.arn, version.number))
