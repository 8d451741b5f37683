"""
Notice a change from outside that a decision came after without having seen it.

SageMaker has no conditional update. Between the bot's last look at a version and its update,
somebody else can set another status; the later call wins, and the registry shows nothing of the
earlier one any more. Only its event does (infra/adr/0027).
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.core import wire
from bot.core.audit import entries
from bot.core.decide import notices
from bot.core.errors import Unavailable
from bot.core.votes.approval_record import decision_in
from bot.core.votes.lease import LAG, seconds_until

if TYPE_CHECKING:
    from datetime import datetime

    from bot.core.decide.snapshot import Snapshot
    from bot.core.registry.version import ReportedStatus
    from bot.core.votes.vote import Decision

_SECOND: Final = timedelta(seconds=1)


def with_overridden(reported: ReportedStatus | None, snapshot: Snapshot) -> Snapshot:
    """
    Record and queue for telling, once, that the last decision came after what an event *reported*.

    Raises Unavailable while the registry may not show yet which of the two came last.
    """
    decision = snapshot.request.last_decision
    if reported is None or decision is None:
        return snapshot
    id_ = _id(reported, decision, snapshot)
    if snapshot.request.is_processed(id_) or not _is_overridden(reported, decision, snapshot):
        return snapshot
    content = entries.overridden_change(id_, reported, decision, snapshot.context)
    notice = notices.overridden(id_, reported, decision, snapshot)
    snapshot = snapshot.audit(content).change(outbox=(*snapshot.request.outbox, notice))
    return snapshot.mark_change(id_)


def _is_overridden(reported: ReportedStatus, decision: Decision, snapshot: Snapshot) -> bool:
    """Whether *reported* was set after *decision* was judged, and before it was made."""
    seen, made = decision.seen_modified, decision.made_modified
    if reported.status in {decision.source, decision.target} or not _holds(decision, snapshot):
        return False
    if seen is None or made is None or not seen < reported.modified <= made:
        return False
    return not _may_be_later(reported, made) or _is_unchanged_since(made, reported, snapshot)


def _holds(decision: Decision, snapshot: Snapshot) -> bool:
    """Whether the registry shows *decision*, and its status."""
    version = snapshot.version
    return decision_in(version.metadata) == decision.id and version.status is decision.target


def _may_be_later(reported: ReportedStatus, made: datetime) -> bool:
    """Whether *reported* may have been set after *made*, as its time is cut to whole seconds."""
    return reported.modified.microsecond == 0 and reported.modified + _SECOND > made


def _is_unchanged_since(made: datetime, reported: ReportedStatus, snapshot: Snapshot) -> bool:
    """
    Whether nothing was changed after *made*: then what was *reported* came before it.

    Raises Unavailable as long as the registry may not show a later change.
    """
    if seconds := seconds_until(reported.modified + _SECOND + LAG, snapshot.now):
        arn = snapshot.request.arn
        raise Unavailable(f"the registry may not show yet what was set last of {arn}", seconds)
    return snapshot.version.modified == made


def _id(reported: ReportedStatus, decision: Decision, snapshot: Snapshot) -> str:
    """Make an id of the change: the same for each event of it, however its time is written."""
    created = snapshot.version.created.isoformat()
    second = reported.modified.replace(microsecond=0).isoformat()
    return wire.digest(snapshot.request.arn, created, reported.status, second, decision.id)
