"""
What becomes of a version when CI/CD deploys it: an endpoint serves it, or fails to.

This file says what of an endpoint is worth telling. How AWS is asked is for
`bot.adapters.deployments`, in which words it is told for `cards.deployments`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final

from bot.core.registry.version import Arn
from bot.core.wire import AwareDatetime


class EndpointStatus(StrEnum):
    """EndpointStatus, as the API spells it; whatever else it says is OTHER."""

    IN_SERVICE = "InService"
    FAILED = "Failed"
    MIXED = "UpdateRollbackFailed"
    """In service with a mix of old and new."""
    OUT_OF_SERVICE = "OutOfService"
    UPDATING = "Updating"
    OTHER = "another state"

    @classmethod
    def _missing_(cls, value: object) -> EndpointStatus:  # noqa: ARG003 - as Enum calls it
        return cls.OTHER


TOLD: Final = frozenset(
    {
        EndpointStatus.IN_SERVICE,
        EndpointStatus.FAILED,
        EndpointStatus.MIXED,
        EndpointStatus.OUT_OF_SERVICE,
    }
)
"""The states that are told. Of the others, an endpoint comes to one of these."""
_FAILED: Final = frozenset({EndpointStatus.FAILED, EndpointStatus.MIXED})
"""The states that have a reason of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """An endpoint as it is now, and the versions that it serves."""

    arn: Arn
    name: str
    state: EndpointStatus
    versions: tuple[Arn, ...]
    coming: tuple[Arn, ...] = ()
    """What it will serve if the change under way succeeds."""
    reason: str = ""
    """Why it, or its last change, failed, in SageMaker's words; it can outlive that change."""
    created: datetime
    modified: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointMemory:
    """What the bot remembers of an endpoint."""

    arn: Arn
    revision: int = 0
    created: AwareDatetime | None = None
    """When it was made: by this, one made anew under its name is told from it."""
    told: str = ""
    """Digest of what was last told, as far as it lasts."""
    coming: tuple[Arn, ...] = ()
    """What the change that was last seen under way was to bring."""
    reason: str = ""
    """The reason that was last seen, whether it was told or not."""
    unknown: Mapping[str, Any] = field(default_factory=dict)
    """What only a newer version of the code stored: written back as it was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointResult:
    """What there is to tell of an endpoint."""

    endpoint: str
    state: EndpointStatus
    serves: tuple[Arn, ...]
    missed: tuple[Arn, ...] = ()
    """What a change was to bring into service, and did not."""
    reason: str = ""

    @property
    def digest(self) -> str:
        """The same for what reads the same."""
        return _digest((self.lasting, self.missed, self.reason))

    @property
    def lasting(self) -> str:
        """The same as long as nothing is new. What a change missed, and why, is said once."""
        return _digest((self.endpoint, self.state.value, self.serves))

    def is_news(self, known: EndpointMemory) -> bool:
        """Whether it was not told already."""
        said = self.lasting == known.told and self.reason in {"", known.reason}
        return bool(self.missed) or not said


def memory_of_same(found: Endpoint, known: EndpointMemory) -> EndpointMemory:
    """What is *known* of the endpoint *found*: nothing, if it was made anew under its name."""
    if known.created in {None, found.created}:  # an older bot did not note when it was made
        return replace(known, created=found.created)
    return EndpointMemory(arn=known.arn, revision=known.revision, created=found.created)


def under_way(found: Endpoint, known: EndpointMemory) -> EndpointMemory:
    """
    What to remember of a change while it is under way; *known* if that is nothing new.

    While it is rolled back, a reason is its own already: that one is still to be told.
    """
    if not found.coming:
        return known
    reason = found.reason if found.state is EndpointStatus.UPDATING else known.reason
    return replace(known, coming=found.coming, reason=reason)


def result_of(found: Endpoint, known: EndpointMemory) -> EndpointResult | None:
    """
    What became of an endpoint; None while that is open.

    An update that fails leaves it in service as before, and names nothing of what was to come:
    so that is remembered while it is under way. A reason that was seen before is of an older
    change, unless something failed now.
    """
    if found.state not in TOLD:
        return None
    missed = tuple(arn for arn in known.coming if arn not in found.versions)
    failed = missed or found.state in _FAILED
    reason = found.reason if failed or found.reason != known.reason else ""
    if found.state is EndpointStatus.IN_SERVICE:
        return _of(found, found.versions, missed, reason)
    return _of(found, (*found.versions, *known.coming), (), reason)


def _digest(said: tuple[object, ...]) -> str:
    return sha256(repr(said).encode()).hexdigest()[:32]


def _of(
    found: Endpoint, serves: tuple[Arn, ...], missed: tuple[Arn, ...], reason: str
) -> EndpointResult:
    once = tuple(dict.fromkeys(serves))
    return EndpointResult(
        endpoint=found.name, state=found.state, serves=once, missed=missed, reason=reason
    )
