"""Tell whoever clicked that the bot may not read the registry of their version."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.cards import forms
from bot.core.cards.notices import private_reason
from bot.core.errors import MessageNotFound, NotOurs
from bot.core.jobs.decide.reconcile import processed
from bot.core.jobs.messages import CheckForm, SubmitForm, WithdrawVote
from bot.core.reason import Reason, ReasonCode
from bot.core.words.reasons import reason_sentence

if TYPE_CHECKING:
    from bot.core.errors import Forbidden
    from bot.core.jobs.decide import VersionJob
    from bot.core.registry.version import Arn
    from bot.core.rules.people import Person
    from bot.flows.ports import Chat, Ports


def tell_unreadable(job: VersionJob, error: NotOurs | Forbidden, ports: Ports) -> None:
    """Say in the form, or in private, that nothing was decided, and whether it is tried again."""
    ours = not isinstance(error, NotOurs)
    match job:
        case CheckForm(view=view):
            code = ReasonCode.REGISTRY_UNREADABLE_PRESS_AGAIN
            reason = Reason(code if ours else ReasonCode.REGISTRY_NOT_WATCHED)
            ports.chat.fill(view, forms.refusal(reason_sentence(reason)))
        case SubmitForm(id=id_, click=click, comment=comment):
            private = _Private(click.person, click.message.channel, comment)
            _tell(id_, click.button.arn, private, ports, again=ours)
        case WithdrawVote(id=id_, arn=arn, person=person, message=message):
            _tell(id_, arn, _Private(person, message.channel), ports, again=ours)


class _Private:
    """Whom to tell, where, and the comment that they get back."""

    def __init__(self, person: Person, channel: str, comment: str = "") -> None:
        self.person = person
        self.channel = channel
        self.comment = comment


def _tell(id_: str, arn: Arn, to: _Private, ports: Ports, *, again: bool) -> None:
    """Tell the person; once, if the job is tried again."""
    if not again:
        return _whisper(Reason(ReasonCode.REGISTRY_NOT_WATCHED), to, ports.chat)
    record, told = ports.ledger.get(arn), f"{id_}.unreadable"
    if {id_, told} & set(record.request.processed):
        return None
    _whisper(Reason(ReasonCode.REGISTRY_UNREADABLE), to, ports.chat)
    request = replace(record.request, processed=processed(record.request, told))
    ports.ledger.save(replace(record, request=request))
    return None


def _whisper(reason: Reason, to: _Private, chat: Chat) -> None:
    with suppress(MessageNotFound):
        chat.whisper(to.channel, to.person.id, private_reason(reason, to.comment))
