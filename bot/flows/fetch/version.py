"""Look at a version: what the registry says of it and its siblings, and what its evidence says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.errors import Unavailable
from bot.core.evidence.brief import Brief, Candidate, merge_briefs

if TYPE_CHECKING:
    from bot.core.registry.version import Arn, DescribedVersion
    from bot.core.votes.request import Request
    from bot.flows.ports import Ports


def look(arn: Arn, at: Ports) -> Candidate:
    """The version as it is now, with its brief. Raises Unavailable if S3 is busy, too."""
    seen = _registered(arn, at)
    return replace(seen, brief=_read(seen.version, at))


def glance(request: Request, at: Ports) -> Candidate:
    """The same, but while S3 is busy with the brief that was last shown: no card waits for it."""
    return briefed(_registered(request.arn, at), request, at)


def briefed(seen: Candidate, request: Request, at: Ports) -> Candidate:
    """What was *seen*, with the brief as it is now, as far as S3 is not busy."""
    try:
        known = _read(seen.version, at)
    except Unavailable:
        known = request.brief if request.place else Brief(notes=("S3 is busy; look again later.",))
    return replace(seen, brief=known)


def remember(request: Request, at: Ports) -> Candidate:
    """The version as it is now, with the brief that was last shown."""
    return replace(_registered(request.arn, at), brief=request.brief)


def _registered(arn: Arn, at: Ports) -> Candidate:
    version = at.registry.describe(arn)
    return Candidate.of(version, at.registry.versions(version.group))


def _read(version: DescribedVersion, at: Ports) -> Brief:
    return merge_briefs([at.evidence.read(report, version.arn) for report in version.reports])
