"""
What a job about a version leads to: a pure function of the job and one snapshot.

First the request is brought in line with the registry (`reconcile`), whatever the job is; then the
job itself is judged. Nothing is looked up here, and nothing happens: the plan says what is to be
written down, made and told (`bot.flows.job` does it).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.decide.click import check_form, submit_form
from bot.core.decide.gone import start_over_if_replaced, version_gone
from bot.core.decide.missed import with_missed
from bot.core.decide.reconcile import reconcile
from bot.core.decide.withdraw import withdraw_vote
from bot.core.jobs.messages import CheckForm, ReconcileVersion, SubmitForm, WithdrawVote

if TYPE_CHECKING:
    from bot.core.decide.plan import Plan
    from bot.core.decide.snapshot import Snapshot
    from bot.core.jobs.messages import VersionJob


def decide(job: VersionJob, snapshot: Snapshot) -> Plan:
    """
    Plan what *job* leads to, by what *snapshot* shows.

    Raises Unavailable while nobody can know whether an open decision was made, or whether a change
    that an event reports came before the last one.
    """
    if snapshot.candidate is None:
        return version_gone(job, snapshot)
    reported = job.reported if isinstance(job, ReconcileVersion) else None
    plan = reconcile(start_over_if_replaced(snapshot), reported)
    if plan.update:
        return plan
    match job:
        case ReconcileVersion():
            return replace(plan, after=with_missed(reported, plan.after))
        case CheckForm():
            return check_form(job, plan)
        case SubmitForm():
            return submit_form(job, plan)
        case WithdrawVote():
            return withdraw_vote(job, plan)
