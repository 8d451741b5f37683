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
    mine = [vote for vote in snapshot.counting if vote.by.id == job.person.id]
    withdrawn = _without(mine[0], job, snapshot) if mine else _no_vote(job, snapshot)
    return Plan(after=withdrawn, made=plan.made)


def _without(mine: Vote, job: WithdrawVote, snapshot: Snapshot) -> Snapshot:
    snapshot = snapshot.audit(entries.withdrawal(job.id, mine, snapshot.context))
    request = snapshot.request
    snapshot = snapshot.change(
        votes=tuple(vote for vote in request.votes if vote != mine),
        outbox=(*request.outbox, notices.vote_withdrawn(job.id, mine, snapshot)),
    )
    return snapshot.mark_change(job.id)


def _no_vote(job: WithdrawVote, snapshot: Snapshot) -> Snapshot:
    reason = Reason(ReasonCode.NO_VOTE)
    notice = notices.refused(job.id, reason, job.person, job.message.channel, snapshot)
    return snapshot.change(outbox=(*snapshot.request.outbox, notice)).mark_refusal(job.id)
