"""What a version is judged by: metrics, notes, and the files that they come from.

A click is bound to the brief that it was made on, by the digest of the brief.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC
from enum import StrEnum
from typing import Final

from bot.core import wire
from bot.core.registry.version import DescribedVersion, Version


@dataclass(frozen=True, slots=True)
class Metric:
    """A number that an evaluation found, already written out for people."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Source:
    """
    What a brief rests on, and its digest when it was read; none if it could not be.

    It is a file in S3, or the model card of the version whose ARN *uri* is.
    """

    uri: str
    digest: str


class NoteCode(StrEnum):
    """What there is to say about reading evidence. The codes are stored, so they never change."""

    TOO_LONG = "too_long"
    """The report is longer than `count` kB, and was not read."""
    NOT_JSON = "not_json"
    NO_NUMBERS = "no_numbers"
    """The report has no single number."""
    NOT_IN_S3 = "not_in_s3"
    UNREADABLE = "unreadable"
    METRICS_LEFT_OUT = "metrics_left_out"
    """`count` metrics are not shown."""
    S3_BUSY = "s3_busy"
    """S3 or SageMaker did not answer, so nothing was read yet."""


@dataclass(frozen=True, slots=True)
class Note:
    """What could not be read, or is not shown. The sentence is made by `bot.core.words.notes`."""

    code: NoteCode
    report: str = ""
    """The kind of report that it is about, as a code; empty if about none."""
    count: int = 0


@dataclass(frozen=True, slots=True)
class Brief:
    """What there is to judge a version by, what could not be read of it, and where it is from."""

    metrics: tuple[Metric, ...] = ()
    notes: tuple[Note, ...] = ()
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A version with its brief, and what is next to deploy, as they were at one moment."""

    version: DescribedVersion
    versions: tuple[Version, ...]
    """The version, and the newest Approved ones of its group."""
    brief: Brief = Brief()
    brief_digest: str = field(init=False, compare=False)
    """Digest of what the version is judged by; made once, for many ask."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "brief_digest", _digest(self.version, self.brief))

    @classmethod
    def of(
        cls, version: DescribedVersion, listed: Iterable[Version], brief: Brief = Brief()
    ) -> Candidate:
        """Put *version* among *listed*; what was described of it is newer than what was listed."""
        others = [other for other in listed if other.number != version.number]
        return cls(version, (*others, version), brief)


_DIGEST_FORM: Final = "b1"
"""Which inputs a digest is made of: another list of inputs is another form."""
MOST_METRICS: Final = 10


def _digest(version: DescribedVersion, brief: Brief) -> str:
    """
    Make a digest: 32 hex digits, after the version of the form.

    Only inputs are in it: the version, its status, what would be deployed, and the digests of the
    evidence. How a number is read or written is not, so a vote outlives a change of our reader.
    """
    sources = [[source.uri, source.digest] for source in brief.sources]
    created = version.created.astimezone(UTC).isoformat()
    inputs = (version.arn, created, version.status, version.artifact, sources)
    return f"{_DIGEST_FORM}.{wire.digest(*inputs)}"


def merge_briefs(briefs: Iterable[Brief]) -> Brief:
    """Several reports as one, with as many metrics as a card has room for."""
    kept = tuple(briefs)
    metrics = tuple(metric for brief in kept for metric in brief.metrics)
    notes = tuple(note for brief in kept for note in brief.notes)
    if left := metrics[MOST_METRICS:]:
        notes = (*notes, Note(NoteCode.METRICS_LEFT_OUT, count=len(left)))
    sources = tuple(source for brief in kept for source in brief.sources)
    return Brief(metrics[:MOST_METRICS], notes, sources)
