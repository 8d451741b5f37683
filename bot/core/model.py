"""
The nouns, as frozen values.

This file says what things are. It must not know which move is legal (`transitions`), who may
make one (`policy`), or what any of it looks like (`cards`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NewType

from bot.core.chain import Entry, Link

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

Arn = NewType("Arn", str)
"""
Names a version, or an endpoint. Opaque: AWS decides its case, so it is never built or taken
apart here.
"""


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
    artifact: str = ""
    """Digest of what would be deployed: the images, the model data, the environment."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A number that an evaluation found, already written out for people."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Source:
    """A file that a brief rests on, and its digest when it was read; none if it could not be."""

    uri: str
    digest: str


@dataclass(frozen=True, slots=True)
class Brief:
    """What there is to judge a version by, what could not be read of it, and where it is from."""

    metrics: tuple[Metric, ...] = ()
    notes: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """A version among all versions of its group, with its brief, as one look showed them."""

    version: Described
    versions: tuple[Version, ...]
    brief: Brief = Brief()

    @classmethod
    def of(cls, version: Described, listed: Iterable[Version], brief: Brief = Brief()) -> Seen:
        """*version* among *listed*; what was described of it outweighs what was listed."""
        others = [other for other in listed if other.number != version.number]
        return cls(version, (*others, version), brief)


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
class Vote:
    """A yes to one move, cast on one brief. It counts for no other move and no other brief."""

    id: str
    source: Status
    target: Status
    brief: str
    """Digest of the brief that the voter saw."""
    by: Person
    comment: str
    at: datetime
    glass: bool = False
    """Whether the voter registered the version and broke the glass to approve it."""
    role: str = ""
    """The role that it counted for, once there is a decision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A change of status that somebody made here. Its id is also the ClientToken."""

    id: str
    arn: Arn
    source: Status
    target: Status
    outcome: Outcome
    by: Person
    """Who made it: the one whose vote was the last that it took."""
    comment: str
    at: datetime
    brief: str = ""
    """Digest of the brief that it was made on."""
    votes: tuple[Vote, ...] = ()
    """All votes that it rests on, the maker's at the end."""
    veto: bool = False

    @property
    def glass(self) -> bool:
        """Whether somebody broke the glass for it."""
        return any(vote.glass for vote in self.votes)

    @property
    def others(self) -> tuple[Person, ...]:
        """Who voted for it besides its maker."""
        return tuple(vote.by for vote in self.votes if vote.by.id != self.by.id)


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


class Ballot(StrEnum):
    """What can become of votes before there is a decision."""

    CAST = "cast"
    WITHDRAWN = "withdrawn"
    VOID = "void"


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What became of *votes*, and the thread has still to hear."""

    id: str
    what: Ballot
    votes: tuple[Vote, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """
    What the ledger remembers of a version: its card, the votes, and what became of it.

    *open* is something written down but not yet carried through; *last* is the latest change
    that was. *done* holds the ids of what is over, so that a redelivered one stays over.
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
    """The brief that people were last shown."""
    votes: tuple[Vote, ...] = ()
    open: Change | News | None = None
    last: Change | None = None
    done: tuple[str, ...] = ()
    chain: Link = Link()
    """The end of the version's chain of audit entries."""
    unwritten: tuple[Entry, ...] = ()
    """Audit entries that the next save writes, with everything else or not at all."""
