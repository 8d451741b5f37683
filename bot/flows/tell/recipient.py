"""Whom to tell in private about a job that somebody asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.jobs.messages import SubmitForm

if TYPE_CHECKING:
    from bot.core.jobs.messages import WithdrawVote


@dataclass(frozen=True, slots=True)
class Recipient:
    """The channel in which *person* asked, their id, and the comment that they get back."""

    channel: str
    person: str
    comment: str = ""


def recipient_of(job: SubmitForm | WithdrawVote) -> Recipient:
    """Return whom to tell about *job*."""
    if isinstance(job, SubmitForm):
        return Recipient(job.click.message.channel, job.click.person.id, job.comment)
    return Recipient(job.message.channel, job.person.id)
