"""
Deliver the notices of an outbox: below the cards, in channels, in private, to the queue.

A notice that an earlier attempt may have posted is looked for by its key first.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.core.cards.naming import Naming
from bot.core.cards.notices import render_notice
from bot.core.decide.needs import needs_card
from bot.core.errors import ChannelNotFound, MessageNotFound, Throttled, Unavailable, Undeliverable
from bot.core.jobs.messages import ReconcileVersion, UpdateWaitingCards
from bot.core.votes.kept import is_kept
from bot.core.votes.outbox import Notice, NoticeKind, To, Way
from bot.core.votes.polls import polls
from bot.flows.tell.told import Told

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator
    from datetime import datetime

    from bot.core.cards.messages import Message
    from bot.core.decide.snapshot import Snapshot
    from bot.core.jobs.messages import Job
    from bot.core.votes.message_ref import MessageRef
    from bot.flows.ports import Chat, JobQueue


MOST_TRIES: Final = 3
"""So often a notice is tried that Slack refuses for a reason that is on no list of ours."""
_OPERATORS_REMEMBER: Final = timedelta(days=7)
"""For so long, nobody is told again that a channel takes no cards."""


def deliver_outbox(snapshot: Snapshot, chat: Chat, queue: JobQueue) -> Told:
    """
    Deliver every notice; what is not delivered stays in the outbox.

    What is for a channel that is not there for the bot now stays for some days, and is no error.
    """
    refusal: Unavailable | None = None
    missing: set[To] = set()
    for notice, to in _deliveries(snapshot):
        try:
            _deliver(notice, to, snapshot, chat, queue, missing)
        except Throttled as error:
            return Told(mark_untried(snapshot), error)
        except Unavailable as error:
            return Told(snapshot, error, unclear=True)
        except ChannelNotFound:
            missing.add(to)
            if _is_kept(notice, to, snapshot):
                continue
        except MessageNotFound:
            pass  # nobody can be told there any more; the adapter has logged it
        except Undeliverable as error:
            if notice.tries + 1 < MOST_TRIES:
                snapshot = _count_try(snapshot, notice)
                refusal = Unavailable(f"Slack refused a message: {error}")
                continue
        snapshot = _without(snapshot, notice, to)
    return Told(snapshot, refusal)


def _deliveries(snapshot: Snapshot) -> list[tuple[Notice, To]]:
    return [(notice, to) for notice in snapshot.request.outbox for to in notice.to]


def _is_kept(refused: Notice, to: To, snapshot: Snapshot) -> bool:
    """Whether *refused* stays in the outbox: *to* is not there for the bot now, for no person."""
    outbox = snapshot.request.outbox
    same = (notice for notice in outbox if _is_same(notice, refused))
    return to.way is not Way.PRIVATE and any(is_kept(each, outbox, snapshot.now) for each in same)


def _count_try(snapshot: Snapshot, refused: Notice) -> Snapshot:
    """Note that Slack refused a notice once more."""
    outbox = (
        replace(notice, tries=refused.tries + 1) if _is_same(notice, refused) else notice
        for notice in snapshot.request.outbox
    )
    return snapshot.change(outbox=tuple(outbox))


def _is_same(one: Notice, other: Notice) -> bool:
    return (one.id, one.kind) == (other.id, other.kind)


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
        if _is_same(notice, done)
        else notice
        for notice in snapshot.request.outbox
    )
    return snapshot.change(outbox=tuple(notice for notice in left if notice.to))


def _deliver(  # noqa: PLR0913, PLR0917 - a notice, and all that it may be delivered by
    notice: Notice,
    to: To,
    snapshot: Snapshot,
    chat: Chat,
    queue: JobQueue,
    missing: Container[To],
) -> None:
    """
    Deliver *notice* to one place. Raises Unavailable and Undeliverable.

    Slack is not asked again for a place that is *missing*.
    """
    if to in missing:
        raise ChannelNotFound(f"{to.way} {to.channel}")
    if notice.kind is NoticeKind.UPDATE_CARDS:
        _send_update_jobs(notice, queue)
    else:
        _post(notice, to, _render(notice, to, snapshot), snapshot, chat)


def _send_update_jobs(notice: Notice, queue: JobQueue) -> None:
    jobs: list[tuple[Job, str]] = [
        (ReconcileVersion(arn), f"{notice.id}.{arn}") for arn in notice.arns
    ]
    if notice.waiting_in:
        waiting = UpdateWaitingCards(group=notice.waiting_in, cause=notice.id)
        jobs.append((waiting, f"{notice.id}.{notice.waiting_in}"))
    queue.send_all(jobs)


def _render(notice: Notice, to: To, snapshot: Snapshot) -> Message:
    request = snapshot.request
    voted = polls(snapshot.rule, snapshot.counting, snapshot.people) if snapshot.candidate else ()
    card = next((card for card in request.cards if card.ref), None)
    return render_notice(
        notice,
        to.way,
        request.group,
        request.number,
        card=card,
        polls=voted,
        naming=Naming(snapshot.rule.mention, snapshot.people.names),
        rule=snapshot.rule,
    )


def _post(notice: Notice, to: To, message: Message, snapshot: Snapshot, chat: Chat) -> None:
    since, key = _since(notice, snapshot), f"{notice.id}.{notice.kind}"
    match to.way:
        case Way.PRIVATE:
            chat.post_private(to.channel, to.person, message)
        case Way.CHANNEL:
            chat.post(to.channel, message, key=f"{key}.{to.channel}", since=since)
        case Way.CARD_CHANNEL:
            _post_for_each_card(
                snapshot,
                lambda ref: chat.post(
                    ref.channel, message, key=f"{key}.{ref.channel}", since=since
                ),
            )
        case Way.THREAD:
            _post_for_each_card(
                snapshot,
                lambda ref: chat.post(
                    ref.channel, message, key=f"{key}.thread", thread=ref.ts, since=since
                ),
            )


def _post_for_each_card(snapshot: Snapshot, post: Callable[[MessageRef], object]) -> None:
    """Post for every card, though it fails for one; raise what Slack refused in the end."""
    refusal: Undeliverable | None = None
    if _awaits_card(snapshot):
        raise ChannelNotFound(f"the card could not be posted in {snapshot.request.unposted}")
    for ref in _cards(snapshot):
        try:
            post(ref)
        except ChannelNotFound as error:
            refusal = error
        except MessageNotFound:
            continue
        except Undeliverable as error:
            refusal = error
    if refusal:
        raise refusal


def _awaits_card(snapshot: Snapshot) -> bool:
    """Whether the card, which has to be there, could not be posted so far."""
    request, candidate = snapshot.request, snapshot.candidate
    could_not = bool(request.unposted) and not any(card.ts for card in request.cards)
    return could_not and candidate is not None and needs_card(request, candidate.version)


def _since(notice: Notice, snapshot: Snapshot) -> datetime | None:
    """Since when *notice* may have been posted; None if it was not."""
    if notice.kind is NoticeKind.CARD_NOT_POSTED:
        return notice.at - _OPERATORS_REMEMBER  # for another version
    if notice.reported:
        # The event's job may have told it before, and another one, which knows nothing of the
        # event, written down what that job had come to.
        return notice.reported.modified
    return notice.at if _repeated(notice, snapshot) else None


def _cards(snapshot: Snapshot) -> Iterator[MessageRef]:
    """Where the cards are that people can read."""
    return (card.ref for card in snapshot.request.cards if card.ref)
