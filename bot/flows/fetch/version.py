"""Fetch a version: what the registry says of it and of its group, and what its evidence says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.errors import Unavailable
from bot.core.evidence.brief import Brief, Candidate, Note, NoteCode, merge_briefs

if TYPE_CHECKING:
    from bot.core.registry.version import Arn, DescribedVersion
    from bot.core.votes.request import Request
    from bot.flows.ports import Evidence, Registry

BUSY = Brief(notes=(Note(NoteCode.S3_BUSY),))


def fetch_version(arn: Arn, registry: Registry) -> Candidate:
    """Fetch the version and its group, without evidence. Raises Gone, NotOurs, Forbidden."""
    version = registry.describe(arn)
    return Candidate.of(version, registry.versions(version.group))


def with_evidence(candidate: Candidate, evidence: Evidence) -> Candidate:
    """Return *candidate* with its evidence as it is now. Raises Unavailable if AWS is busy."""
    return replace(candidate, brief=fetch_brief(candidate.version, evidence))


def with_evidence_or_shown(candidate: Candidate, request: Request, evidence: Evidence) -> Candidate:
    """The same, but with the brief that was last shown while AWS is busy: no card waits for it."""
    try:
        return with_evidence(candidate, evidence)
    except Unavailable:
        return replace(candidate, brief=request.brief if request.cards else BUSY)


def fetch_brief(version: DescribedVersion, evidence: Evidence) -> Brief:
    """Read every report of *version*. Raises Unavailable if AWS is busy."""
    return merge_briefs([evidence.read(report, version.arn) for report in version.reports])
