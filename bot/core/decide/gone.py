"""The registry has no such version any more: votes and a pending decision come to nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.audit import entries
from bot.core.decide import notices
from bot.core.decide.plan import Plan
from bot.core.decide.reconcile import processed
from bot.core.jobs.messages import CheckForm, ReconcileVersion, SubmitForm, WithdrawVote
from bot.core.reason import Reason, ReasonCode

if TYPE_CHECKING:
    from bot.core.decide.snapshot import Snapshot
    from bot.core.votes.outbox import Notice
    from bot.core.votes.vote import Decision, Vote

GONE = Reason(ReasonCode.VERSION_GONE)


def version_gone(
    job: ReconcileVersion | CheckForm | SubmitForm | WithdrawVote, snapshot: Snapshot
) -> Plan:
    """Plan what is left to do for a version that was deleted: its card says so, and who asked."""
    if decision := snapshot.request.pending:
        snapshot = _drop(decision, snapshot)
    if votes := snapshot.request.votes:
        snapshot = _void(votes, snapshot)
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


def _drop(decision: Decision, snapshot: Snapshot) -> Snapshot:
    """Whether the decision was made before the version went cannot be known."""
    used = {vote.id for vote in decision.votes}
    reason = Reason(ReasonCode.VERSION_GONE_UNDECIDED)
    snapshot = snapshot.audit(entries.void(decision.id, decision.votes, reason, snapshot.context))
    return snapshot.change(
        pending=None,
        votes=tuple(vote for vote in snapshot.request.votes if vote.id not in used),
        processed=processed(snapshot.request, decision.id),
        outbox=(*snapshot.request.outbox, notices.gone(decision, snapshot)),
    )


def _void(votes: tuple[Vote, ...], snapshot: Snapshot) -> Snapshot:
    id_ = f"gone.{snapshot.stored.revision}"
    return snapshot.audit(entries.void(id_, votes, GONE, snapshot.context)).change(votes=())


def _refuse(snapshot: Snapshot, notice: Notice) -> Plan:
    """Tell whoever asked, once."""
    if notice.id in snapshot.request.processed:
        return Plan(after=snapshot)
    return Plan(
        after=snapshot.change(
            processed=processed(snapshot.request, notice.id),
            outbox=(*snapshot.request.outbox, notice),
        )
    )
