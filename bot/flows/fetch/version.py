"""Fetch a version: what the registry says of it and of its group, and what its evidence says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.core.errors import Unavailable
from bot.core.evidence.brief import Brief, Candidate, Note, NoteCode, merge_briefs
from bot.core.registry.version import Status

if TYPE_CHECKING:
    from bot.core.registry.version import Arn, DescribedVersion, Version
    from bot.core.votes.request import Request
    from bot.flows.ports import Evidence, Registry

BUSY = Brief(notes=(Note(NoteCode.S3_BUSY),))
NEWEST: Final = 20
"""
So many Approved versions of a group are fetched. Two say what a change leads to; of the others, one
may have been next to deploy before several changes came at once.
"""


def fetch_version(arn: Arn, registry: Registry) -> Candidate:
    """
    Fetch the version, and the newest Approved ones of its group, without evidence.

    Raises Gone, NotOurs, Forbidden, Unavailable.
    """
    version = registry.describe(arn)
    return Candidate.of(version, fetch_approved(version.group, registry))


def fetch_approved(group: str, registry: Registry) -> tuple[Version, ...]:
    """List the newest Approved versions of *group*. Raises Forbidden, Unavailable."""
    return registry.versions(group, status=Status.APPROVED, most=NEWEST)


def fetch_next(group: str, registry: Registry) -> Version | None:
    """Fetch the version of *group* that is next to deploy. Raises Forbidden, Unavailable."""
    return next(iter(registry.versions(group, status=Status.APPROVED, most=1)), None)


def fetch_waiting_and_next(group: str, registry: Registry) -> tuple[Version, ...]:
    """
    List the versions of *group* whose cards say what is next to deploy, or what serves.

    These are the versions that wait, and the one that is next to deploy. Raises Forbidden,
    Unavailable.
    """
    waiting = registry.versions(group, status=Status.PENDING)
    newest = fetch_next(group, registry)
    return (*waiting, newest) if newest else waiting


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
