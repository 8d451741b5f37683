"""Carry out one job from the queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.errors import Forbidden, Ignored, Unavailable
from bot.core.jobs.messages import (
    AnswerQuestion,
    CheckForm,
    ReconcileEndpoint,
    ReconcileVersion,
    UpdateWaitingCards,
)
from bot.flows.endpoint import reconcile_endpoint
from bot.flows.job import run
from bot.flows.left_to_sweep import can_be_left, left_to_sweep
from bot.flows.questions.answer import answer
from bot.flows.tell.still_trying import (
    tell_last,
    tell_last_try,
    tell_still_trying,
    with_hash_for,
)
from bot.flows.waiting_cards import update_waiting_cards

if TYPE_CHECKING:
    from bot.core.jobs.messages import Job, VersionJob
    from bot.flows.ports import Ports


def work(job: Job, ports: Ports) -> None:
    """Carry out *job*. Raises what should send it back to the queue, or Ignored."""
    try:
        _carry_out(job, ports)
    except (Unavailable, Forbidden) as error:
        if can_be_left(job, error, ports.attempt):
            raise left_to_sweep(error, ports.metrics) from error
        raise


def _carry_out(job: Job, ports: Ports) -> None:
    match job:
        case ReconcileEndpoint(arn=arn):
            reconcile_endpoint(arn, ports)
        case UpdateWaitingCards():
            update_waiting_cards(job, ports.registry, ports.queue)
        case AnswerQuestion():
            answer(job, ports)
        case _:
            _run(job, ports)


def _run(job: VersionJob, ports: Ports) -> None:
    """Carry out *job*; if it keeps failing, tell whoever submitted it."""
    if isinstance(job, ReconcileVersion) and job.slot:
        job.slot.require_due(ports.now())
    tell_last_try(job, ports.attempt, ports.chat, ports.ledger)
    if isinstance(job, CheckForm):
        job = with_hash_for(job, ports.attempt)
    try:
        run(job, ports)
    except Ignored:
        raise  # there is nothing to do
    except Forbidden:  # the person was told why (`tell_unreadable`), and that it is tried again
        tell_last(job, ports.attempt, ports.chat, ports.ledger)
        raise
    except Exception:
        tell_still_trying(job, ports.attempt, ports.chat, ports.ledger)
        raise
