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
from bot.flows.fetch.snapshot import get_free
from bot.flows.tell.form import update_checked, update_submitted
from bot.flows.tell.recipient import recipient_of

if TYPE_CHECKING:
    from bot.core.decide.record import Record
    from bot.core.errors import Forbidden
    from bot.core.jobs.messages import VersionJob
    from bot.flows.leased_ledger import LeasedLedger
    from bot.flows.ports import Chat


def tell_unreadable(
    job: VersionJob, error: NotOurs | Forbidden, chat: Chat, ledger: LeasedLedger
) -> None:
    """
    Say in the form, or in private, that nothing was decided, and whether it is tried again.

    Raises Unavailable, also while another worker holds the version, and Stale.
    """
    again = not isinstance(error, NotOurs)
    match job:
        case CheckForm():
            code = ReasonCode.REGISTRY_UNREADABLE_PRESS_AGAIN
            reason = Reason(code if again else ReasonCode.REGISTRY_NOT_WATCHED)
            update_checked(job, forms.refusal(reason_sentence(reason)), chat)
        case SubmitForm() | WithdrawVote():
            record = get_free(job.arn, ledger.ledger)
            if record.request.is_processed(job.id):
                return
            if isinstance(job, SubmitForm):
                _show(job, chat, again=again)
            if not again:
                _post_private(ReasonCode.REGISTRY_NOT_WATCHED, job, chat)
            else:
                _tell_once(job, record, chat, ledger)


def _tell_once(
    job: SubmitForm | WithdrawVote, record: Record, chat: Chat, ledger: LeasedLedger
) -> None:
    """Tell the person in private, under the lease, unless an earlier attempt at the job has."""
    id_ = f"{job.id}.unreadable"
    if record.request.is_processed(id_):
        return
    with ledger.released_on_error(job.arn):
        record = ledger.take_alone(record)
        _post_private(ReasonCode.REGISTRY_UNREADABLE, job, chat)
        request = replace(record.request.with_refusal(id_, record.read_at), lease=None)
        ledger.ledger.save(replace(record, request=request))


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
