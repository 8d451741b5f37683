"""
What becomes of a version when CI/CD deploys it: an endpoint serves it, or fails to.

This file says what of an endpoint is worth telling. `bot.adapters.aws.endpoints` asks AWS,
`bot.core.cards.endpoints` makes the message.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final

from bot.core.registry.version import Arn, arn_key
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
    is_complete: bool = True
    """
    Whether *versions* are all. A configuration or a model can be deleted while it serves, and
    inference components are not read.
    """
    config: str = ""
    """The name of the configuration in service."""
    pending_versions: tuple[Arn, ...] = ()
    """What it will serve if the change under way succeeds."""
    pending_config: str = ""
    """The name of the configuration that the change under way is to bring."""
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
    """When it was made: another time means another endpoint of the same name."""
    told_digest: str = ""
    """Digest of what was last told, as far as it lasts."""
    pending_versions: tuple[Arn, ...] = ()
    """What the change that was last seen under way was to bring."""
    pending_config: str = ""
    """The name of its configuration."""
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
        return _digest(self.lasting, self.missed, self.reason)

    @property
    def lasting(self) -> str:
        """The same as long as nothing is new. What a change missed, and why, is told once."""
        return _digest(self.endpoint, self.state.value, self.serves)

    def is_news(self, memory: EndpointMemory) -> bool:
        """Whether it was not told already."""
        told = self.lasting == memory.told_digest and self.reason in {"", memory.reason}
        return bool(self.missed) or not told


def memory_of_same(endpoint: Endpoint, memory: EndpointMemory) -> EndpointMemory:
    """Return what is remembered of *endpoint*: nothing, if it was created anew under its name."""
    if memory.created in {None, endpoint.created}:
        return replace(memory, created=endpoint.created)
    return EndpointMemory(arn=memory.arn, revision=memory.revision, created=endpoint.created)


def under_way(endpoint: Endpoint, memory: EndpointMemory) -> EndpointMemory:
    """
    Return what to remember of a change while it is under way; *memory* if that is nothing new.

    While a change is rolled back, the reason is already its own: that one is still to be told.
    """
    if not endpoint.pending_versions:
        return memory
    updating = endpoint.state is EndpointStatus.UPDATING
    reason = endpoint.reason if updating else memory.reason
    return replace(
        memory,
        pending_versions=endpoint.pending_versions,
        pending_config=endpoint.pending_config,
        reason=reason,
    )


def result_of(endpoint: Endpoint, memory: EndpointMemory) -> EndpointResult | None:
    """
    Return what became of an endpoint; None while a change is under way.

    An update that fails leaves the endpoint in service as before, and does not name what it was
    about: so that is remembered while it is under way. A reason that was seen before belongs to an
    older change, unless something failed now.
    """
    if endpoint.state not in TOLD:
        return None
    serves, missed = _served(endpoint, memory), _missed(endpoint, memory)
    failed = missed or endpoint.state in _FAILED
    reason = endpoint.reason if failed or endpoint.reason != memory.reason else ""
    if endpoint.state is EndpointStatus.IN_SERVICE:
        return _result(endpoint, serves, missed, reason)
    return _result(endpoint, (*endpoint.versions, *memory.pending_versions), (), reason)


def _served(endpoint: Endpoint, memory: EndpointMemory) -> tuple[Arn, ...]:
    """Return the versions in service: where they cannot be read, those that a change brought."""
    brought = memory.pending_versions if memory.pending_config == endpoint.config else ()
    return endpoint.versions if endpoint.is_complete else (*endpoint.versions, *brought)


def _missed(endpoint: Endpoint, memory: EndpointMemory) -> tuple[Arn, ...]:
    """
    Return what the change that was remembered did not bring.

    If not all versions in service could be read, the names of the configurations tell: after a
    change that failed, the one in service is still the old one.
    """
    if not endpoint.is_complete:
        failed = memory.pending_config not in {"", endpoint.config}
        return memory.pending_versions if failed else ()
    serving = {arn_key(arn) for arn in endpoint.versions}
    return tuple(arn for arn in memory.pending_versions if arn_key(arn) not in serving)


def _digest(*inputs: object) -> str:
    """Make a digest of *inputs*, which are of the types that JSON has."""
    return sha256(json.dumps(inputs).encode()).hexdigest()[:32]


def _result(
    endpoint: Endpoint, serves: tuple[Arn, ...], missed: tuple[Arn, ...], reason: str
) -> EndpointResult:
    return EndpointResult(
        endpoint=endpoint.name,
        state=endpoint.state,
        serves=tuple(dict.fromkeys(serves)),
        missed=missed,
        reason=reason,
    )
