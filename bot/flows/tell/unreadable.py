"""Tell whoever clicked that the bot may not read the registry of their version."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
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

if TYPE_CHECKING:
    from bot.core.errors import Forbidden
    from bot.core.jobs.messages import VersionJob
    from bot.core.registry.version import Arn
    from bot.core.rules.people import Person
    from bot.flows.leased_ledger import LeasedLedger
    from bot.flows.ports import Chat


def tell_unreadable(
    job: VersionJob, error: NotOurs | Forbidden, chat: Chat, ledger: LeasedLedger
) -> None:
    """
    Say in the form, or in private, that nothing was decided, and whether it is tried again.

    Raises Unavailable, also while another worker holds the version, and Stale.
    """
    ours = not isinstance(error, NotOurs)
    match job:
        case CheckForm():
            code = ReasonCode.REGISTRY_UNREADABLE_PRESS_AGAIN
            reason = Reason(code if ours else ReasonCode.REGISTRY_NOT_WATCHED)
            update_checked(job, forms.refusal(reason_sentence(reason)), chat)
        case SubmitForm(id=id_, click=click, comment=comment):
            channel, arn = click.message.channel, click.button.arn
            _show(job, chat, again=ours)
            _tell(_Private(id_, arn, click.person, channel, comment), chat, ledger, again=ours)
        case WithdrawVote(id=id_, arn=arn, person=person, message=message):
            _tell(_Private(id_, arn, person, message.channel), chat, ledger, again=ours)


def _show(job: SubmitForm, chat: Chat, *, again: bool) -> None:
    """Say in the submitted form what the private message says."""
    if not job.view:
        return
    if again:
        form = forms.still_working(job, Reason(ReasonCode.REGISTRY_UNREADABLE))
    else:
        form = receipt(job, NotDone(Reason(ReasonCode.REGISTRY_NOT_WATCHED)))
    update_submitted(job, form, chat)


@dataclass(frozen=True, slots=True)
class _Private:
    """Who is told about which job and version, where, and the comment that they get back."""

    job_id: str
    arn: Arn
    person: Person
    channel: str
    comment: str = ""


def _tell(to: _Private, chat: Chat, ledger: LeasedLedger, *, again: bool) -> None:
    """Tell the person; once, under the lease, if the job is tried again."""
    if not again:
        return _post_private(Reason(ReasonCode.REGISTRY_NOT_WATCHED), to, chat)
    record, told = get_free(to.arn, ledger.ledger), f"{to.job_id}.unreadable"
    if {to.job_id, told} & set(record.request.processed_ids):
        return None
    with ledger.released_on_error(to.arn):
        record = ledger.take_alone(record)
        _post_private(Reason(ReasonCode.REGISTRY_UNREADABLE), to, chat)
        done = record.request.mark_processed(told)
        request = replace(record.request, processed_ids=done, lease=None)
        ledger.ledger.save(replace(record, request=request))
    return None


def _post_private(reason: Reason, to: _Private, chat: Chat) -> None:
    with suppress(Undeliverable):
        chat.post_private(to.channel, to.person.id, private_reason(reason, to.comment))
