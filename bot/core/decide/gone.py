"""The registry has no such version any more: its votes and its open decision are void."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.audit import entries
from bot.core.decide import notices
from bot.core.decide.plan import Plan
from bot.core.decide.reconcile import votes_without
from bot.core.jobs.messages import CheckForm, ReconcileVersion, SubmitForm, WithdrawVote
from bot.core.reason import Reason, ReasonCode

if TYPE_CHECKING:
    from bot.core.decide.snapshot import Snapshot
    from bot.core.jobs.messages import VersionJob
    from bot.core.votes.outbox import Notice
    from bot.core.votes.vote import Decision, Vote

GONE = Reason(ReasonCode.VERSION_GONE)


def version_gone(job: VersionJob, snapshot: Snapshot) -> Plan:
    """Plan what is left to do for a deleted version: update the card, tell whoever asked."""
    if decision := snapshot.request.open_decision:
        snapshot = _void_decision(decision, snapshot)
    if votes := snapshot.request.votes:
        snapshot = _void_votes(votes, snapshot)
    snapshot = snapshot.change(status=None)
    match job:
        case CheckForm():
            return Plan(after=snapshot, form=GONE)
        case SubmitForm(click=click, comment=comment):
            channel = click.message.channel
            return _refuse(
                snapshot, notices.refused(job.id, GONE, click.person, channel, snapshot, comment)
            )
        case WithdrawVote(person=person, message=message):
            return _refuse(
                snapshot, notices.refused(job.id, GONE, person, message.channel, snapshot)
            )
        case ReconcileVersion():
            return Plan(after=snapshot)


def _void_decision(decision: Decision, snapshot: Snapshot) -> Snapshot:
    """Void the open decision: nobody can know whether it was made before the deletion."""
    reason = Reason(ReasonCode.VERSION_GONE_UNDECIDED)
    snapshot = snapshot.audit(entries.void(decision.id, decision.votes, reason, snapshot.context))
    return snapshot.change(
        open_decision=None,
        votes=votes_without(decision, snapshot.request),
        processed_ids=snapshot.request.mark_processed(decision.id),
        outbox=(*snapshot.request.outbox, notices.gone(decision, snapshot)),
    )


def _void_votes(votes: tuple[Vote, ...], snapshot: Snapshot) -> Snapshot:
    id_ = f"gone.{snapshot.stored.revision}"
    return snapshot.audit(entries.void(id_, votes, GONE, snapshot.context)).change(votes=())


def _refuse(snapshot: Snapshot, notice: Notice) -> Plan:
    """Add *notice* to the outbox, unless that was done before."""
    if notice.id in snapshot.request.processed_ids:
        return Plan(after=snapshot)
    return Plan(
        after=snapshot.change(
            processed_ids=snapshot.request.mark_processed(notice.id),
            outbox=(*snapshot.request.outbox, notice),
        )
    )
