"""
Endpoints as values: what SageMaker says of one, and what the bot remembers of it.

`results` says what of that is worth telling, `serving` what it means for a version.
`bot.adapters.aws.endpoints` asks AWS.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from bot.core.registry.version import Arn
from bot.core.votes.lease import Lease
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


DELETED: Final = frozenset({EndpointStatus.DELETING, EndpointStatus.GONE})
"""The states in which an endpoint serves nothing, and never will again."""


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
    earlier: tuple[Served, ...] = ()
    """What it ever served, the latest last; of many, the last ones."""
    pending: tuple[Served, ...] = ()
    """What the change under way is to bring."""
    failed: tuple[Served, ...] = ()
    """What it was to serve and does not, because a deployment failed."""
    reason: str = ""
    """Why that failed, in SageMaker's words."""
    changed: AwareDatetime
    """When SageMaker last changed the endpoint."""
    is_complete: bool = True
    """Whether *versions* are all that it serves of the group, as far as AWS tells."""


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
    read_at: datetime = field(compare=False)
    """The store's time when it was read or written, as of a record; it is not stored."""
    revision: int = 0
    created: AwareDatetime | None = None
    """When it was made: another time means another endpoint of the same name."""
    told_digest: str = ""
    """Digest of what was last told, as far as it lasts."""
    pending_versions: tuple[Arn, ...] = ()
    """What the change that was last seen under way was to bring."""
    pending_config: str = ""
    """The name of its configuration."""
    config: str = ""
    """The name of the configuration that was last seen in service."""
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
    lease: Lease | None = None
    """Who is telling what became of it."""
    post_started: AwareDatetime | None = None
    """Since when that is told, by the store's clock; None if nothing is left of it."""
    history_complete_at: AwareDatetime | None = None
    """From when on Slack's history shows what an attempt that failed may have posted."""
    unknown: Mapping[str, Any] = field(default_factory=dict)
    """What only a newer version of the code stored: written back as it was read."""
