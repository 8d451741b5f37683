"""Carry out one job from the queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.jobs.messages import AnswerQuestion, ReconcileEndpoint
from bot.flows.endpoint import reconcile_endpoint
from bot.flows.job import run
from bot.flows.questions.answer import answer

if TYPE_CHECKING:
    from bot.core.jobs.messages import Job
    from bot.flows.ports import Ports


def work(job: Job, ports: Ports) -> None:
    """Carry out *job*. Raises what should send it back to the queue, or Ignored."""
    match job:
        case ReconcileEndpoint(arn=arn):
            reconcile_endpoint(arn, ports)
        case AnswerQuestion():
            answer(job, ports)
        case _:
            run(job, ports)
