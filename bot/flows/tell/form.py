"""
Show in an open form what its vote does, and what became of it once it was submitted.

A form that was closed is no error: the thread tells the same, and whoever was refused is told in
private.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from bot.core.cards import forms
from bot.core.cards.receipts import receipt
from bot.core.decide.effect import CheckedForm, receipt_of
from bot.core.errors import Unavailable, Undeliverable
from bot.core.reason import Reason
from bot.core.words.reasons import reason_sentence

if TYPE_CHECKING:
    from bot.core.cards.blocks import Json
    from bot.core.decide.plan import Plan
    from bot.core.jobs.messages import CheckForm, SubmitForm
    from bot.flows.ports import Chat


def show_check(job: CheckForm, plan: Plan, chat: Chat) -> None:
    """Let the form that a click opened show what its vote does now, or why it is refused."""
    match plan.form:
        case Reason() as reason:
            update_checked(job, forms.refusal(reason_sentence(reason)), chat)
        case CheckedForm() as form:
            update_checked(job, forms.checked(job.click, form), chat)


def update_checked(job: CheckForm, form: Json, chat: Chat) -> None:
    """Let the form of *job* show *form*, unless it was submitted meanwhile. Raises Unavailable."""
    with suppress(Undeliverable):  # the click is checked again when the form is submitted
        chat.update_form(job.view, form, if_hash=job.hash)


def show_receipt(job: SubmitForm, plan: Plan, chat: Chat) -> None:
    """Let the submitted form show what became of it, or show it again with what holds now."""
    if not job.view:
        return
    if isinstance(plan.form, CheckedForm) and plan.refused:
        update_submitted(job, forms.shown_again(job, plan.form, plan.refused), chat)
    elif became := receipt_of(job, plan):
        update_submitted(job, receipt(job, became), chat)


def update_submitted(job: SubmitForm, form: Json, chat: Chat) -> None:
    """Let the submitted form of *job* show *form*, if it can be: the job is over in any case."""
    with suppress(Unavailable, Undeliverable):
        chat.update_form(job.view, form)
