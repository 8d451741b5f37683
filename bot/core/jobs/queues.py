"""Which queue a job waits in. Each has workers of its own, so none holds up another."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from bot.core.jobs.messages import (
    AnswerQuestion,
    CheckForm,
    ReconcileVersion,
    SubmitForm,
    WithdrawVote,
)

if TYPE_CHECKING:
    from bot.core.jobs.messages import Job


class QueueName(StrEnum):
    """The queues (infra/queues.yml)."""

    CLICKS = "clicks"
    """Clicks and forms, and what they left to tell."""
    QUESTIONS = "questions"
    """Questions to `/model-status`, and Homes."""
    JOBS = "jobs"
    """What nobody waits for: events, and what the sweep and other jobs lead to."""


def queue_of(job: Job) -> QueueName:
    """Return the queue of *job*."""
    match job:
        case CheckForm() | SubmitForm() | WithdrawVote() | ReconcileVersion(of_click=True):
            return QueueName.CLICKS
        case AnswerQuestion():
            return QueueName.QUESTIONS
        case _:
            return QueueName.JOBS
