"""What the registry says of a model package version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

from bot.core.wire import AwareDatetime, NonEmpty

Arn = NewType("Arn", NonEmpty)
"""
Names a version, or an endpoint. Opaque: AWS decides its case, so it is never built or taken
apart here. One is the same as another if their keys are (`arn_key`).
"""


def arn_key(arn: Arn) -> str:
    """
    Return what is the same for every spelling of *arn*: SageMaker spells one ARN in two cases.

    Group names that differ in case only cannot exist side by side: their ARNs would be equal.
    """
    return arn.lower()


def group_in(arn: Arn) -> str:
    """Return the name of the group in the ARN of a version; empty if that is in no group."""
    _, *names = arn.split("/")
    return names[0] if len(names) > 1 else ""


def sibling_arn(arn: Arn, number: int) -> Arn:
    """Return the ARN of version *number* of the same group as *arn*, spelled as *arn* is."""
    return Arn(f"{arn.rpartition('/')[0]}/{number}")


class Status(StrEnum):
    """ModelApprovalStatus, as the API spells it."""

    PENDING = "PendingManualApproval"
    APPROVED = "Approved"
    REJECTED = "Rejected"


@dataclass(frozen=True, slots=True)
class DatedStatus:
    """A version's status, and when the version was modified last, by the registry's clock."""

    status: Status
    modified: AwareDatetime
    """In an event it may be cut to whole seconds."""


class Readiness(StrEnum):
    """ModelPackageStatus: whether SageMaker has finished making the version."""

    PENDING = "Pending"
    IN_PROGRESS = "InProgress"
    COMPLETED = "Completed"
    FAILED = "Failed"
    DELETING = "Deleting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of a model package group: what a listing tells of it."""

    arn: Arn
    group: str
    number: int
    status: Status
    readiness: Readiness
    created: datetime
    description: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """
    A metrics file of a version: which one, where it lies, and whether its numbers are shown.

    A model card is one as well: it lies in the version, so its *uri* is the version's ARN.
    """

    name: str
    uri: str
    numbers: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedVersion(Version):
    """A version with all that the registry says of it."""

    created_by: str = ""
    modified: datetime | None = None
    modified_by: str = ""
    comment: str = ""
    """ApprovalDescription: what was written at the last change of status."""
    metadata: Mapping[str, str] = field(default_factory=dict)
    reports: tuple[Report, ...] = ()
    failures: tuple[str, ...] = ()
    """Why SageMaker could not make the version, in its words."""
    region: str = ""
    """The Region of its registry."""
    domain: str = ""
    """The SageMaker domain in whose Studio it was registered, if it was in one."""
    repository: str = ""
    commit: str = ""
    """MetadataProperties: the code that it was made from."""
    artifact: str = ""
    """Digest of what would be deployed: the images, the model data, the environment."""

    @property
    def last_modified(self) -> datetime:
        """When it was last changed in any way: at first, when it was created."""
        return self.modified or self.created

    @property
    def state(self) -> DatedStatus:
        """Its status, and when it was last changed."""
        return DatedStatus(self.status, self.last_modified)
