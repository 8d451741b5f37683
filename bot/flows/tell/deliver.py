"""
Tell people what a plan leads to: the open form, the cards, the notices in the outbox, the receipt.

Telling is best-effort. What Slack is too busy for stays in the outbox, and whichever job of the
version comes next tells it (`untold`). What Slack will never take is dropped
(the adapter logs it). Neither undoes what was decided.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.errors import Unavailable, WaitsForSlot
from bot.core.jobs.messages import CheckForm, ReconcileVersion, SubmitForm, WithdrawVote
from bot.core.votes.lease import LAG
from bot.flows.tell.cards import render_card, sync_cards
from bot.flows.tell.due import cards_if_due
from bot.flows.tell.form import show_check, show_receipt
from bot.flows.tell.outbox import deliver_outbox, mark_untried
from bot.flows.tell.rate_limited_chat import RateLimitedChat
from bot.flows.tell.told import Told

if TYPE_CHECKING:
    from bot.core.decide.plan import Plan
    from bot.core.decide.snapshot import Snapshot
    from bot.core.jobs.messages import VersionJob
    from bot.flows.leased_ledger import LeasedLedger
    from bot.flows.ports import Chat, JobQueue


def tell(job: VersionJob, plan: Plan, chat: Chat, queue: JobQueue, ledger: LeasedLedger) -> Told:
    """
    Tell everybody under the lease, then write down what was told, which ends it.

    Raises Unavailable and Stale: what is not told by then is in the outbox.
    """
    if isinstance(job, CheckForm):
        show_check(job, plan, chat)
    told = _tell_all(_leased(plan, ledger), _chat_for(job, plan, chat, ledger), queue, ledger)
    told = replace(told, snapshot=ledger.write(_with_slot(told)))
    # These two come after the lease: they say what is written down, to one person, in one place.
    with suppress(Unavailable):  # the job is over in any case: other cards say the same
        _show_copy(job, told.snapshot, chat)
    if isinstance(job, SubmitForm):
        show_receipt(job, plan, chat)
    return told


def _chat_for(job: VersionJob, plan: Plan, chat: Chat, ledger: LeasedLedger) -> Chat:
    """Return *chat* within the bot's own rate limits, unless somebody waits for what is told."""
    if isinstance(job, ReconcileVersion) and not job.of_click:
        return RateLimitedChat(chat, ledger.ledger, plan.after.request.slot)
    return chat


def _with_slot(told: Told) -> Snapshot:
    """Note which slot of a rate limit the next attempt has, if it waits for one."""
    slot = told.error.slot if isinstance(told.error, WaitsForSlot) else None
    return told.snapshot.change(slot=slot)


def _tell_all(snapshot: Snapshot, chat: Chat, queue: JobQueue, ledger: LeasedLedger) -> Told:
    """
    Draw the cards and deliver the outbox.

    Do neither while Slack's history may lack what an earlier job posted.
    """
    if seconds := snapshot.history_lag:
        lags = Unavailable("Slack's history may still lack what was posted", seconds)
        return Told(mark_untried(snapshot), lags)
    told = sync_cards(snapshot, chat, ledger)
    if told.error:
        told = replace(told, snapshot=mark_untried(told.snapshot))
    else:
        told = deliver_outbox(told.snapshot, chat, queue)
    return _note_lag(told, told.error, ledger) if told.error and told.unclear else told


def _note_lag(told: Told, error: Unavailable, ledger: LeasedLedger) -> Told:
    """Note from when on it can be looked for what Slack may have posted without an answer."""
    snapshot, seconds = told.snapshot, int(LAG.total_seconds())
    snapshot = snapshot.change(history_complete_at=ledger.now(snapshot.request.arn) + LAG)
    return Told(snapshot, Unavailable(str(error), max(seconds, error.retry_after)))


def _leased(plan: Plan, ledger: LeasedLedger) -> Snapshot:
    """
    Take the lease if there is anything to tell, and the job has not taken it.

    If what is stored is all that was decided, without a lease, the job found nothing to tell.
    """
    snapshot = plan.after
    if snapshot.stored.request.lease or snapshot.record == snapshot.stored:
        return snapshot
    cards = cards_if_due(plan)
    return snapshot if cards is None else ledger.take(snapshot, cards)


def _show_copy(job: VersionJob, snapshot: Snapshot, chat: Chat) -> None:
    """Rewrite the clicker's own copy of the card, if the click was made on one."""
    if (url := _answer_url(job)) and snapshot.candidate:
        chat.answer(url, render_card(snapshot), replace=True)


def _answer_url(job: VersionJob) -> str:
    match job:
        case ReconcileVersion():
            return ""
        case WithdrawVote(answer_url=url):
            return url
        case _:
            return job.click.answer_url
