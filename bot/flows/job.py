"""
The five steps of every job that touches a version: fetch, decide, write, execute, tell and settle.

Fetch one snapshot. Decide, as a pure function, what follows. Write that down in one transaction,
which takes the lease if anything is to be made or told. Execute the one update of the registry, if
there is one, and fetch the version again to prove it; then decide the rest. Tell people, and write
down what was told and what is still to be told, which ends the lease.

A crash after any step is resumed from what was written down, by whichever job comes next once the
lease has run out: an open decision is decided again from the registry, and what may have been
posted is looked for first. A failure that the job notices ends the lease at once.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.decide import decide
from bot.core.errors import Forbidden, Gone, NotOurs
from bot.core.jobs.messages import CheckForm
from bot.flows.execute.update import execute
from bot.flows.fetch.snapshot import fetch_snapshot, held_by_another
from bot.flows.leased_ledger import LeasedLedger
from bot.flows.tell import metrics
from bot.flows.tell.deliver import tell
from bot.flows.tell.due import cards_if_due
from bot.flows.tell.form import show_check
from bot.flows.tell.unreadable import tell_unreadable
from bot.flows.tell.untold import hand_over_untold

if TYPE_CHECKING:
    from bot.core.decide.plan import Plan
    from bot.core.decide.snapshot import Snapshot
    from bot.core.jobs.messages import VersionJob
    from bot.flows.ports import Chat, Ports, Registry


def run(job: VersionJob, ports: Ports) -> None:
    """
    Carry out *job*. Repeating it is harmless.

    Raises Unavailable, Stale and other errors that return the job to the queue, and Ignored (Gone,
    NotOurs, LeftToSweep) if there was nothing to do about the version itself, or nothing is left
    that this job has to do.
    """
    ledger = LeasedLedger(ports.ledger, ports.new_owner())
    try:
        snapshot = fetch_snapshot(job, ports)
    except (NotOurs, Forbidden) as error:
        tell_unreadable(job, error, ports.chat, ledger)
        raise
    if snapshot.held_for:
        return _answer_form(job, decide(job, snapshot), ports.chat)
    with ledger.released_on_error(job.arn):
        plan = _decide_and_execute(job, snapshot, ledger, ports.registry)
        told = tell(job, plan, ports.chat, ports.queue, ledger)
    metrics.measure(plan, told.snapshot, ports.now(), ports.job_sent_at, ports.metrics)
    hand_over_untold(job, told, snapshot.request.slot, ports)
    if plan.after.candidate is None:
        raise Gone(f"the registry has no {plan.after.request.arn}")
    return None


def _answer_form(job: VersionJob, plan: Plan, chat: Chat) -> None:
    """
    Show in the form of *job* what holds now, and leave the rest to other jobs.

    Raises Unavailable if the job is not about a form.
    """
    snapshot = plan.after
    if isinstance(job, CheckForm):
        show_check(job, plan, chat)
    if plan.form is None:
        raise held_by_another(job.arn, snapshot.held_for)


def _decide_and_execute(
    job: VersionJob, snapshot: Snapshot, ledger: LeasedLedger, registry: Registry
) -> Plan:
    """
    Decide; write; and as long as the plan has an update, make it and decide again.

    What is decided after an update is not written before it is told: the open decision, which is
    written, leads there again.
    """
    plan = decide(job, snapshot)
    while True:
        if plan.update is None:
            return plan if _executed(plan.after) else replace(plan, after=_write(plan, ledger))
        after = _write(plan, ledger)
        with ledger.released_on_error(job.arn, executing=True):
            after = execute(plan.update, after, registry)
        plan = decide(job, after)


def _executed(snapshot: Snapshot) -> bool:
    """
    Whether the snapshot was decided after an update, by this job or an earlier one.

    Not if the version was replaced by another one: what is stored is about the other.
    """
    before, now = snapshot.stored.request, snapshot.request
    decided = before.open_decision is not None and now.open_decision is None
    return decided and before.created == now.created


def _write(plan: Plan, ledger: LeasedLedger) -> Snapshot:
    """Write the record down, and take the lease if anything is to be made or told."""
    cards = cards_if_due(plan)
    return ledger.write(plan.after) if cards is None else ledger.write_leased(plan.after, cards)
