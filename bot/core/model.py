"""
The nouns, as frozen values.

This file says what things are. It must not know which move is legal (`transitions`), who may
make one (`policy`), or what any of it looks like (`cards`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NewType

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

Arn = NewType("Arn", str)
"""Names a version. Opaque: AWS decides its case, so it is never built or taken apart here."""


class Status(StrEnum):
    """ModelApprovalStatus, as the API spells it."""

    PENDING = "PendingManualApproval"
    APPROVED = "Approved"
    REJECTED = "Rejected"


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
    """A metrics file of a version: which one, where it lies, and whether its numbers are shown."""

    name: str
    uri: str
    numbers: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Described(Version):
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


@dataclass(frozen=True, slots=True)
class Seen:
    """A version among all versions of its group, as one look at the registry showed them."""

    version: Described
    versions: tuple[Version, ...]

    @classmethod
    def of(cls, version: Described, listed: Iterable[Version]) -> Seen:
        """*version* among *listed*; what was described of it outweighs what was listed."""
        others = [other for other in listed if other.number != version.number]
        return cls(version, (*others, version))


@dataclass(frozen=True, slots=True)
class Metric:
    """A number that an evaluation found, already written out for people."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Brief:
    """What there is to judge a version by, and what could not be read of it."""

    metrics: tuple[Metric, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in Slack. Only *id* may decide anything; *name* is for reading."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message is."""

    channel: str
    ts: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """The number of the live version before and after a change; None where nothing is live."""

    now: int | None
    then: int | None

    @property
    def changes(self) -> bool:
        """Whether production changes at all."""
        return self.now != self.then


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A change of status that somebody made here. Its id is also the ClientToken."""

    id: str
    arn: Arn
    source: Status
    target: Status
    outcome: Outcome
    by: Person
    comment: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """A change of status that was not made here: in the console, by an SDK, by a pipeline."""

    id: str
    source: Status
    target: Status
    outcome: Outcome
    by: str
    comment: str
    at: datetime


Change = Decision | Outside


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """
    What the ledger remembers of a version: its card, and what became of it.

    *open* is a change written down but not yet carried through; *last* is the latest one that
    was. *done* holds the ids of decisions that are over, so that a redelivered one stays over.
    """

    arn: Arn
    revision: int = 0
    group: str = ""
    number: int = 0
    status: Status | None = None
    """The status that people were last shown."""
    place: Place | None = None
    posting: datetime | None = None
    """Set before the card is posted, so that a crash in between is noticed."""
    face: str = ""
    """Digest of the card as it was last drawn."""
    live: int | None = None
    """The version that the card says is live."""
    rule: str = ""
    """Digest of the rule by which it was drawn."""
    brief: Brief = Brief()
    open: Change | None = None
    last: Change | None = None
    done: tuple[str, ...] = ()
