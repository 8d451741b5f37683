"""
Deliver the notices of an outbox: below the cards, in channels, in private, to the queue.

A notice that an earlier attempt may have posted is looked for by its key first.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.cards.notices import render_notice
from bot.core.errors import MessageNotFound, Throttled, Unavailable
from bot.core.jobs.messages import ReconcileVersion
from bot.core.votes.outbox import Notice, NoticeKind, To, Way
from bot.core.votes.polls import polls
from bot.flows.tell.told import Told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.core.cards.messages import Message
    from bot.core.decide.snapshot import Snapshot
    from bot.core.votes.request import MessageRef
    from bot.flows.ports import Chat, JobQueue


def deliver_outbox(snapshot: Snapshot, chat: Chat, queue: JobQueue) -> Told:
    """Deliver every notice; what is not delivered stays in the outbox."""
    for notice in snapshot.request.outbox:
        for to in notice.to:
            try:
                _deliver(notice, to, snapshot, chat, queue)
            except Throttled as error:
                return Told(mark_untried(snapshot), error)
            except Unavailable as error:
                return Told(snapshot, error)
            snapshot = _without(snapshot, notice, to)
    return Told(snapshot)


def mark_untried(snapshot: Snapshot) -> Snapshot:
    """
    Note that nobody was told the notices that are left: the next job need not look for them.

    Not of those that an earlier job may have told, nor where there are several cards, one of which
    may have been told.
    """
    several = len(snapshot.request.cards) > 1
    notices = (
        notice if several or _repeated(notice, snapshot) else replace(notice, untried=True)
        for notice in snapshot.request.outbox
    )
    return snapshot.change(outbox=tuple(notices))


def _repeated(notice: Notice, snapshot: Snapshot) -> bool:
    """Whether an earlier job may have told *notice*."""
    return snapshot.resumed or notice.id in snapshot.inherited


def _without(snapshot: Snapshot, done: Notice, to: To) -> Snapshot:
    """Return *snapshot* without the delivery of *done* to one place."""
    left = (
        replace(notice, to=tuple(each for each in notice.to if each != to))
        if notice.id == done.id and notice.kind is done.kind
        else notice
        for notice in snapshot.request.outbox
    )
    return snapshot.change(outbox=tuple(notice for notice in left if notice.to))


def _deliver(notice: Notice, to: To, snapshot: Snapshot, chat: Chat, queue: JobQueue) -> None:
    """Deliver *notice* to one place. Raises Unavailable."""
    if notice.kind is NoticeKind.UPDATE_CARDS:
        return _send_update_jobs(notice, queue)
    message = _render(notice, to, snapshot)
    try:
        _post(notice, to, message, snapshot, chat)
    except MessageNotFound:
        return None  # nobody can be told there any more; the adapter has logged it
    return None


def _send_update_jobs(notice: Notice, queue: JobQueue) -> None:
    queue.send_all((ReconcileVersion(arn), f"{notice.id}.{arn}") for arn in notice.arns)


def _render(notice: Notice, to: To, snapshot: Snapshot) -> Message:
    request = snapshot.request
    voted = polls(snapshot.rule, snapshot.counting, snapshot.people) if snapshot.candidate else ()
    channel = next((ref.channel for ref in _cards(snapshot)), "")
    return render_notice(
        notice, to.way, request.group, request.number, cards_channel=channel, polls=voted
    )


def _post(notice: Notice, to: To, message: Message, snapshot: Snapshot, chat: Chat) -> None:
    since = notice.at if _repeated(notice, snapshot) else None
    match to.way:
        case Way.PRIVATE:
            chat.post_private(to.channel, to.person, message)
        case Way.CHANNEL:
            chat.post(to.channel, message, key=f"{notice.id}.{to.channel}", since=since)
        case Way.CARD_CHANNEL:
            for ref in _cards(snapshot):
                chat.post(ref.channel, message, key=f"{notice.id}.{ref.channel}", since=since)
        case Way.THREAD:
            for ref in _cards(snapshot):
                key = f"{notice.id}.thread"
                chat.post(ref.channel, message, key=key, thread=ref.ts, since=since)


def _cards(snapshot: Snapshot) -> Iterator[MessageRef]:
    """Where the cards are that people can read."""
    return (card.ref for card in snapshot.request.cards if card.ref)
