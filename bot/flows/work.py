"""Carry out one job from the line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.jobs.messages import (
    AnswerQuestion,
    CheckForm,
    ReconcileEndpoint,
    ReconcileVersion,
    SubmitForm,
    WithdrawVote,
)
from bot.flows.announce import announce
from bot.flows.decide import check, decide
from bot.flows.deployed import deployed
from bot.flows.questions.answer import answer
from bot.flows.withdraw import withdraw

if TYPE_CHECKING:
    from bot.core.jobs.messages import Job
    from bot.flows.ports import Ports


def work(job: Job, at: Ports) -> None:
    """Carry out *job*. Raises what should send it back to the line, or set it aside."""
    match job:
        case ReconcileVersion(arn=arn):
            announce(arn, at)
        case ReconcileEndpoint(arn=arn):
            deployed(arn, at)
        case CheckForm():
            check(job, at)
        case SubmitForm():
            decide(job, at)
        case WithdrawVote():
            withdraw(job, at)
        case AnswerQuestion():
            answer(job, at)
