"""Tell whoever clicked that the bot may not read the registry of their version."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.cards import forms
from bot.core.cards.notices import private_reason
from bot.core.cards.receipts import receipt
from bot.core.decide.effect import NotDone
from bot.core.errors import NotOurs, Undeliverable
from bot.core.jobs.messages import CheckForm, SubmitForm, WithdrawVote
from bot.core.reason import Reason, ReasonCode
from bot.core.words.reasons import reason_sentence
from bot.flows.tell.form import update_checked, update_submitted
from bot.flows.tell.recipient import recipient_of

if TYPE_CHECKING:
    from bot.core.decide.record import Record
    from bot.core.errors import Forbidden
    from bot.core.jobs.messages import VersionJob
    from bot.flows.ports import Chat, Ledger


def tell_unreadable(
    job: VersionJob, error: NotOurs | Forbidden, chat: Chat, ledger: Ledger
) -> None:
    """Say in the form, or in private, that nothing was decided, and whether it is tried again."""
    again = not isinstance(error, NotOurs)
    match job:
        case CheckForm():
            code = ReasonCode.REGISTRY_UNREADABLE_PRESS_AGAIN
            reason = Reason(code if again else ReasonCode.REGISTRY_NOT_WATCHED)
            update_checked(job, forms.refusal(reason_sentence(reason)), chat)
        case SubmitForm() | WithdrawVote():
            record = ledger.get(job.arn)
            if job.id not in record.request.processed_ids:
                _tell(job, record, chat, ledger, again=again)


def _tell(
    job: SubmitForm | WithdrawVote, record: Record, chat: Chat, ledger: Ledger, *, again: bool
) -> None:
    """Tell the person, in the form as often as the job comes, in private once."""
    if isinstance(job, SubmitForm):
        _show(job, chat, again=again)
    if not again:
        return _post_private(ReasonCode.REGISTRY_NOT_WATCHED, job, chat)
    told = f"{job.id}.unreadable"
    if told in record.request.processed_ids:
        return None
    _post_private(ReasonCode.REGISTRY_UNREADABLE, job, chat)
    request = replace(record.request, processed_ids=record.request.mark_processed(told))
    ledger.save(replace(record, request=request))
    return None


def _show(job: SubmitForm, chat: Chat, *, again: bool) -> None:
    """Say in the submitted form what the private message says."""
    if not job.view:
        return
    if again:
        form = forms.still_working(job, Reason(ReasonCode.REGISTRY_UNREADABLE))
    else:
        form = receipt(job, NotDone(Reason(ReasonCode.REGISTRY_NOT_WATCHED)))
    update_submitted(job, form, chat)


def _post_private(code: ReasonCode, job: SubmitForm | WithdrawVote, chat: Chat) -> None:
    to = recipient_of(job)
    with suppress(Undeliverable):
        chat.post_private(to.channel, to.person, private_reason(Reason(code), to.comment))
