"""Fetch an endpoint, no older than what is known of it, and the versions that it names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.errors import Forbidden, Gone, Ignored, Unavailable
from bot.core.followup.endpoints import EndpointStatus
from bot.core.votes.lease import LAG, seconds_until

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.core.followup.endpoints import Endpoint, EndpointMemory
    from bot.core.registry.version import Arn, DescribedVersion
    from bot.flows.ports import Endpoints, Registry


def fetch_endpoint(stored: EndpointMemory, endpoints: Endpoints) -> Endpoint:
    """
    Fetch the endpoint of which *stored* is known.

    Raises Gone; Unavailable if SageMaker's answer is older than what is known.
    """
    try:
        endpoint = endpoints.describe(stored.arn)
    except Gone:
        _require_old_enough(stored)
        raise
    _require_current(endpoint, stored)
    return endpoint


def _require_current(endpoint: Endpoint, stored: EndpointMemory) -> None:
    """
    Raise Unavailable if *endpoint* is as it was before what is *stored*: SageMaker lags.

    One that is created anew under the name of a deleted one has another time of creation.
    """
    if stored.created is None:
        return
    changed = max((serving.changed for serving in stored.servings), default=stored.created)
    is_older = (endpoint.created, endpoint.modified) < (stored.created, changed)
    is_gone = any(serving.state is EndpointStatus.GONE for serving in stored.servings)
    if is_older or (is_gone and endpoint.created == stored.created):
        raise Unavailable(f"SageMaker shows {endpoint.arn} as it was before")


def _require_old_enough(stored: EndpointMemory) -> None:
    """Raise Unavailable if an endpoint is so new that SageMaker may not show it everywhere."""
    created, now = stored.created, stored.read_at
    if created and created <= now and (seconds := seconds_until(created + LAG, now)):
        raise Unavailable(f"SageMaker does not show {stored.arn}", seconds)


def fetch_versions(
    arns: Iterable[Arn], registry: Registry, known: Mapping[Arn, DescribedVersion]
) -> dict[Arn, DescribedVersion]:
    """
    Describe the versions that are not *known*, and return all that can be read.

    That is without those that are gone, or in a registry that is not watched. Raises Forbidden if
    it is none, and one may not be read: later, perhaps, it may.
    """
    versions: dict[Arn, DescribedVersion] = {}
    forbidden: Forbidden | None = None
    for arn in dict.fromkeys(arns):
        try:
            versions[arn] = known.get(arn) or registry.describe(arn)
        except Ignored:
            continue
        except Forbidden as error:
            forbidden = error
    if forbidden and not versions:
        raise forbidden
    return versions


def fetch_readable(
    arns: Iterable[Arn], memory: EndpointMemory, registry: Registry
) -> dict[Arn, DescribedVersion]:
    """Describe the versions. What the endpoint does is written down even if it may read none."""
    try:
        return fetch_versions(arns, registry, {})
    except Forbidden:
        if memory.servings:
            return {}
        raise
