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
    CREATING = "Creating"
    DELETING = "Deleting"
    GONE = "gone"
    """There is no such endpoint any more; the API has no word for it."""
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
        EndpointStatus.DELETING,
        EndpointStatus.GONE,
    }
)
"""The states that are told. Of the others, an endpoint comes to one of these."""
DELETED: Final = frozenset({EndpointStatus.DELETING, EndpointStatus.GONE})
"""The states in which an endpoint serves nothing, and never will again."""
_FAILED: Final = frozenset({EndpointStatus.FAILED, EndpointStatus.MIXED})
"""The states that have a reason of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """An endpoint as it is now, and the versions that it serves."""

    arn: Arn
    name: str
    state: EndpointStatus
    versions: tuple[Arn, ...]
    pending_versions: tuple[Arn, ...] = ()
    """What it will serve if the change under way succeeds."""
    reason: str = ""
    """Why it, or its last change, failed, in SageMaker's words; it can outlive that change."""
    created: datetime
    modified: datetime


@dataclass(frozen=True, slots=True)
class Served:
    """A version that an endpoint serves, is to serve, or failed to."""

    arn: Arn
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """What one endpoint does for one group, as it was when the bot last asked."""

    group: str
    endpoint: Arn
    name: str
    state: EndpointStatus
    versions: tuple[Served, ...] = ()
    """What it serves; empty if it serves nothing of the group."""
    since: AwareDatetime | None = None
    """Since when it serves these; None if the bot first saw it in the middle of a change."""
    replaced: tuple[Served, ...] = ()
    """What it served before these."""
    pending: tuple[Served, ...] = ()
    """What the change under way is to bring."""
    failed: tuple[Served, ...] = ()
    """What it was to serve and does not, because a deployment failed."""
    reason: str = ""
    """Why that failed, in SageMaker's words."""
    changed: AwareDatetime
    """When SageMaker last changed the endpoint."""


@dataclass(frozen=True, slots=True)
class EndpointMessage:
    """Where people were told of an endpoint: in a channel, or below a message in it."""

    channel: str
    thread: str
    """Empty for a message of the channel itself."""
    ts: str


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
    reason: str = ""
    """The reason that was last seen, whether it was told or not."""
    servings: tuple[Serving, ...] = ()
    """What it does for each group that it ever had to do with."""
    outdated: tuple[Arn, ...] = ()
    """Versions whose cards have still to be updated."""
    subject: tuple[Arn, ...] = ()
    """The versions that the latest message is about."""
    messages: tuple[EndpointMessage, ...] = ()
    """Where that message is, which is edited while the subject is the same."""
    told_failure: bool = False
    """Whether that message says that something failed."""
    told_serving: tuple[Arn, ...] = ()
    """The versions that were last told to be in service."""
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

    def replaced(self, memory: EndpointMemory) -> tuple[Arn, ...]:
        """Return what it was last told to serve and serves no more; nothing if it serves none."""
        if self.state is not EndpointStatus.IN_SERVICE:
            return ()
        serving = {arn_key(arn) for arn in self.serves}
        return tuple(arn for arn in memory.told_serving if arn_key(arn) not in serving)

    @property
    def subject(self) -> tuple[Arn, ...]:
        """The versions that it is about: those that were to come into service, or have."""
        return self.missed or self.serves

    @property
    def is_failure(self) -> bool:
        """Whether something failed, or is out of service; who deletes an endpoint wants that."""
        is_bad = self.state is not EndpointStatus.IN_SERVICE and not self.is_deleted
        return bool(self.missed or self.reason) or is_bad

    @property
    def is_deleted(self) -> bool:
        """Whether there is no such endpoint any more."""
        return self.state in DELETED

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
    return replace(memory, pending_versions=endpoint.pending_versions, reason=reason)


def result_of(endpoint: Endpoint, memory: EndpointMemory) -> EndpointResult | None:
    """
    Return what became of an endpoint; None while a change is under way.

    An update that fails leaves the endpoint in service as before, and does not name what it was
    about: so that is remembered while it is under way. A reason that was seen before belongs to an
    older change, unless something failed now.
    """
    if endpoint.state not in TOLD:
        return None
    if endpoint.state in DELETED:
        return result_of_deletion(endpoint.name, endpoint.state, memory)
    serving = {arn_key(arn) for arn in endpoint.versions}
    missed = tuple(arn for arn in memory.pending_versions if arn_key(arn) not in serving)
    failed = missed or endpoint.state in _FAILED
    reason = endpoint.reason if failed or endpoint.reason != memory.reason else ""
    if endpoint.state is EndpointStatus.IN_SERVICE:
        return _result(endpoint, endpoint.versions, missed, reason)
    return _result(endpoint, (*endpoint.versions, *memory.pending_versions), (), reason)


def result_of_deletion(
    name: str, state: EndpointStatus, memory: EndpointMemory
) -> EndpointResult | None:
    """Return what an endpoint served that is not there any more; None if it served nothing."""
    serves = (served.arn for serving in memory.servings for served in serving.versions)
    versions = tuple(dict.fromkeys(serves))
    return EndpointResult(endpoint=name, state=state, serves=versions) if versions else None


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
