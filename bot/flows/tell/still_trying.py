"""
Tell whoever clicked that their job failed several times and is tried again, and at last that it is
a dead letter, which only those who run the bot can have tried again.

A worker that is killed tells nothing more. So before the last attempt, the person is told that it
is the last.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.core.cards import forms
from bot.core.cards.notices import private_reason
from bot.core.errors import BotError, Unavailable, Undeliverable
from bot.core.jobs.messages import CheckForm, SubmitForm, WithdrawVote
from bot.core.reason import Reason, ReasonCode
from bot.flows.tell.form import update_checked, update_submitted
from bot.flows.tell.recipient import recipient_of

if TYPE_CHECKING:
    from bot.core.jobs.messages import Job
    from bot.flows.ports import Chat, Ledger

ATTEMPT: Final = 4
"""
After this attempt the person is told, once: 7 seconds of pauses after the first one, and more if
AWS or Slack asked for longer pauses.
"""
LAST_ATTEMPT: Final = 14
"""After this attempt a job is a dead letter (`maxReceiveCount` in infra/queues.yml)."""


def tell_still_trying(job: Job, attempt: int, chat: Chat, ledger: Ledger) -> None:
    """
    Tell the person behind *job*, if this *attempt* of it is one after which to tell.

    In the form, and in private if something was submitted. Best-effort: it never raises
    Unavailable or Undeliverable, for the job has failed already.
    """
    with suppress(Unavailable, Undeliverable):
        match job:
            case CheckForm() if attempt == ATTEMPT:
                update_checked(job, forms.still_unchecked(job.click), chat)
            case SubmitForm() | WithdrawVote() if attempt in _AFTER:
                _tell(job, _reason(job, _AFTER[attempt], ledger), chat)


def tell_last_try(job: Job, attempt: int, chat: Chat, ledger: Ledger) -> None:
    """Tell the person behind *job*, if this *attempt* begins and is the last; best-effort."""
    if attempt == LAST_ATTEMPT and isinstance(job, SubmitForm | WithdrawVote):
        with suppress(Unavailable, Undeliverable):
            _tell(job, _reason(job, _LAST_TRY, ledger), chat)


def tell_last(job: Job, attempt: int, chat: Chat, ledger: Ledger) -> None:
    """Tell the person behind *job* only if this *attempt* was its last; as `tell_still_trying`."""
    if attempt == LAST_ATTEMPT:
        tell_still_trying(job, attempt, chat, ledger)


def with_hash_for(job: CheckForm, attempt: int) -> CheckForm:
    """
    Return *job* as it is checked at this *attempt*.

    Once its form says that the check keeps failing, its hash is another one: the check then takes
    the place of that, whatever the hash.
    """
    return replace(job, hash="") if attempt > ATTEMPT else job


def _tell(job: SubmitForm | WithdrawVote, reason: Reason | None, chat: Chat) -> None:
    """Tell *reason* in the form and in private."""
    if reason is None:
        return
    if isinstance(job, SubmitForm) and job.view:
        update_submitted(job, forms.still_working(job, reason), chat)
    to = recipient_of(job)
    chat.post_private(to.channel, to.person, private_reason(reason, to.comment))


def _reason(
    job: SubmitForm | WithdrawVote, codes: tuple[ReasonCode, ReasonCode], ledger: Ledger
) -> Reason | None:
    """Say whether the registry may have been changed; None if all but telling is over."""
    undecided, unknown = codes
    try:
        request = ledger.get(job.arn).request
    except BotError:  # it is why the job fails, so it is not known
        return Reason(unknown)
    if request.is_processed(job.id):
        return None
    opened = request.open_decision is not None and request.open_decision.id == job.id
    return Reason(unknown if opened else undecided)


_AFTER: Final = {
    ATTEMPT: (ReasonCode.STILL_TRYING, ReasonCode.STILL_TRYING_UNKNOWN),
    LAST_ATTEMPT: (ReasonCode.DEAD_LETTER, ReasonCode.DEAD_LETTER_UNKNOWN),
}
"""What is told after an attempt; and if the registry may have been changed."""
_LAST_TRY: Final = (ReasonCode.LAST_TRY, ReasonCode.LAST_TRY)
