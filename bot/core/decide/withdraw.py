"""Withdraw a vote, as long as nothing is decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.audit import entries
from bot.core.decide import notices
from bot.core.decide.plan import Plan
from bot.core.reason import Reason, ReasonCode

if TYPE_CHECKING:
    from bot.core.decide.snapshot import Snapshot
    from bot.core.jobs.messages import WithdrawVote
    from bot.core.votes.vote import Vote


def withdraw_vote(job: WithdrawVote, plan: Plan) -> Plan:
    """Plan that the vote of who asks is withdrawn, once however often the job is delivered."""
    snapshot = plan.after
    if snapshot.request.is_processed(job.id):
        return plan
    if snapshot.request.presses.is_outdated(job.person.id, job.pressed):
        return Plan(after=_refused(ReasonCode.ACTED_SINCE, job, snapshot), made=plan.made)
    mine = [vote for vote in snapshot.counting if vote.by.id == job.person.id]
    if not mine:
        return Plan(after=_refused(ReasonCode.NO_VOTE, job, snapshot), made=plan.made)
    return Plan(after=_without(mine[0], job, snapshot), made=plan.made)


def _without(mine: Vote, job: WithdrawVote, snapshot: Snapshot) -> Snapshot:
    snapshot = snapshot.audit(entries.withdrawal(job.id, mine, snapshot.context))
    request = snapshot.request
    snapshot = snapshot.change(
        votes=tuple(vote for vote in request.votes if vote != mine),
        outbox=(*request.outbox, notices.vote_withdrawn(job.id, mine, snapshot)),
    )
    return snapshot.mark_press(job.person.id, job.pressed).mark_change(job.id)


def _refused(code: ReasonCode, job: WithdrawVote, snapshot: Snapshot) -> Snapshot:
    notice = notices.refused(job.id, Reason(code), job.person, job.message.channel, snapshot)
    return snapshot.change(outbox=(*snapshot.request.outbox, notice)).mark_refusal(job.id)
