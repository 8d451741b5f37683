"""
Bring a request's cards in line with it: post one where it is due, rewrite what looks otherwise.

That a card is being posted is written down first, and what may have been posted already is looked
for before it is posted again.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.cards.card import card, gone
from bot.core.cards.headline import Production
from bot.core.decide import notices
from bot.core.decide.needs import needs_card
from bot.core.errors import (
    ChannelNotFound,
    MessageNotFound,
    NotEditable,
    Throttled,
    Unavailable,
    Undeliverable,
)
from bot.core.registry.outcome import next_to_deploy
from bot.core.votes.kept import KEPT
from bot.core.votes.polls import polls
from bot.core.votes.request import Card, LostCard
from bot.flows.tell.told import Told

if TYPE_CHECKING:
    from datetime import datetime

    from bot.core.cards.messages import Message
    from bot.core.decide.snapshot import Snapshot
    from bot.core.registry.version import Arn
    from bot.core.votes.message_ref import MessageRef
    from bot.core.votes.request import Request
    from bot.flows.leased_ledger import LeasedLedger
    from bot.flows.ports import Chat


def render_card(snapshot: Snapshot) -> Message:
    """Return the card as it should look."""
    request = snapshot.request
    if snapshot.candidate is None:
        return gone(request.group, request.number)
    rule = snapshot.rule
    votes = polls(rule, snapshot.counting, snapshot.people)
    voted = {vote.by.id for vote in snapshot.counting}
    void = [person for person in request.void_voters if person.id not in voted]
    awaited = request.deploy_due is not None
    production = Production(servings=snapshot.servings, awaited=awaited)
    names = snapshot.people.names
    return card(snapshot.candidate, rule, request.last, votes, names, void, production)


def sync_cards(snapshot: Snapshot, chat: Chat, ledger: LeasedLedger) -> Told:
    """
    Let every card of the request look as it should, and post one if there must be one.

    A card that Slack does not let the bot write is given up; what Slack is too busy for is the
    error of what was told.
    """
    try:
        snapshot = _mark_deleted(snapshot, chat)
    except Unavailable as error:
        return Told(snapshot, error)
    if snapshot.candidate and not needs_card(snapshot.request, snapshot.version):
        return Told(snapshot)
    message = render_card(snapshot)
    told = _update(snapshot, message, chat)
    if not told.error and not any(card.ts for card in told.snapshot.request.cards):
        told = _post(told.snapshot, message, chat, ledger)

    return replace(told, snapshot=_showing(told.snapshot, message))


def _mark_deleted(snapshot: Snapshot, chat: Chat) -> Snapshot:
    """Let the cards of a deleted version, whose ARN was used again, say so."""
    request = snapshot.request
    refs, lost = list(request.deleted_cards), []
    for each in request.lost_cards:
        try:
            ref = _find_lost(each, snapshot, chat)
        except ChannelNotFound:
            lost.append(each)
        else:
            refs += [ref] if ref else []
    hidden = tuple(ref for ref in refs if not _shows_gone(ref, request, chat))
    is_old = request.created is not None and snapshot.now - request.created >= KEPT
    return snapshot.change(deleted_cards=() if is_old else hidden, lost_cards=tuple(lost))


def _shows_gone(ref: MessageRef, request: Request, chat: Chat) -> bool:
    """Let the card at *ref* say that its version was deleted; return False if that may be later."""
    try:
        chat.update(ref, gone(request.group, request.number))
    except ChannelNotFound:
        return False
    except (MessageNotFound, NotEditable):
        return True  # nobody can read it, or change it
    except Undeliverable:
        return False
    return True


def _update(snapshot: Snapshot, message: Message, chat: Chat) -> Told:
    """Let the cards show *message*; drop those that are not there any more."""
    cards = snapshot.request.cards
    shown: list[Card] = []
    for number, each in enumerate(cards):
        try:
            shown += _updated(each, message, chat, snapshot.rule.channel)
        except Unavailable as error:
            left = snapshot.change(cards=(*shown, *cards[number:]))
            return Told(_unshown(left, message), error)
    return Told(snapshot.change(cards=tuple(shown)))


def _unshown(snapshot: Snapshot, message: Message) -> Snapshot:
    """Note which cards have still to show *message*: the sweep finds them by that."""
    cards = (
        card if card.digest == message.digest else replace(card, digest="")
        for card in snapshot.request.cards
    )
    return snapshot.change(cards=tuple(cards))


def _updated(card: Card, message: Message, chat: Chat, channel: str) -> tuple[Card, ...]:
    """Return *card* as it is after showing *message*; none if another has to be in *channel*."""
    if card.digest == message.digest or card.frozen or not card.ref:
        return (card,)
    try:
        chat.update(card.ref, message)
    except ChannelNotFound:
        # It is there again once its channel is, unless cards go to another channel by now.
        return (replace(card, digest=""),) if card.channel == channel else ()
    except MessageNotFound:
        return ()
    except NotEditable:
        return (replace(card, frozen=True),)
    except Undeliverable:
        return (replace(card, digest=""),)  # the sweep tries again; the adapter has logged it
    return (replace(card, digest=message.digest),)


def _post(snapshot: Snapshot, message: Message, chat: Chat, ledger: LeasedLedger) -> Told:
    """Post the card: written down before, and looked for after a crash."""
    begun = next((card for card in snapshot.request.cards if card.post_started), None)
    if snapshot.candidate is None:
        return _found(begun, snapshot, message, chat) if begun else Told(snapshot)
    if begun is None:
        snapshot = _begun(snapshot, ledger)
    request = snapshot.request
    key, channel = _card_key(request.arn, request.created), (begun or snapshot.rule).channel
    try:
        ref = chat.post(channel, message, key=key, since=begun.post_started if begun else None)
    except Undeliverable as error:
        return Told(_not_posted(snapshot, channel, error, begun))
    except Throttled as error:  # nothing was posted, so there is nothing to look for
        return Told(snapshot.change(cards=()), error)
    except Unavailable as error:
        return Told(snapshot, error, unclear=True)
    digest = "" if begun else message.digest
    card = Card(channel=ref.channel, ts=ref.ts, digest=digest, permalink=_permalink(ref, chat))
    posted = snapshot.change(cards=(card,), unposted="")
    # One that was found may show an older state.
    return _update(posted, message, chat) if begun else Told(posted)


def _found(begun: Card, snapshot: Snapshot, message: Message, chat: Chat) -> Told:
    """Let the card of a deleted version show *message*, if it was posted; no other is posted."""
    started = begun.post_started or snapshot.now
    created = snapshot.request.created
    lost = LostCard(channel=begun.channel, created=created, post_started=started)
    try:
        ref = _find_lost(lost, snapshot, chat)
    except Unavailable as error:
        return Told(snapshot, error)
    except ChannelNotFound:
        return Told(snapshot)
    card = (Card(channel=ref.channel, ts=ref.ts),) if ref else ()
    return _update(snapshot.change(cards=card), message, chat)


def _find_lost(lost: LostCard, snapshot: Snapshot, chat: Chat) -> MessageRef | None:
    """
    Find where *lost* was posted; None if it was not.

    Raises ChannelNotFound while its channel is not there for the bot, for some days.
    """
    key, since = _card_key(snapshot.request.arn, lost.created), lost.post_started
    try:
        return chat.find(lost.channel, key=key, since=since)
    except ChannelNotFound:
        if snapshot.now - since < KEPT:
            raise
    except Undeliverable:
        pass  # the adapter has logged it; nobody can read what is there
    return None


def _permalink(ref: MessageRef, chat: Chat) -> str:
    """Ask for the card's address. Without one it is named by its channel: nothing waits for it."""
    with suppress(Unavailable, Undeliverable):
        return chat.permalink(ref)
    return ""


def _not_posted(
    snapshot: Snapshot, channel: str, error: Undeliverable, begun: Card | None
) -> Snapshot:
    """
    Give the card up for now, and have those who run the bot told once; the sweep tries again.

    One that an earlier job has *begun* may be in the channel, which is not there for the bot now.
    """
    request = snapshot.request
    hidden = isinstance(error, ChannelNotFound) and channel == snapshot.rule.channel
    cards = (begun,) if begun and hidden else ()
    is_new = channel not in {request.unposted, snapshot.fallback_channel, ""}
    notice = (notices.card_not_posted(channel, str(error), snapshot),) if is_new else ()
    return snapshot.change(cards=cards, unposted=channel, outbox=(*request.outbox, *notice))


def _card_key(arn: Arn, created: datetime | None) -> str:
    """By this, a card that may have been posted is found again: another version has another."""
    seconds = created.timestamp() if created else 0
    return f"card.{arn}.{seconds:.0f}"


def _begun(snapshot: Snapshot, ledger: LeasedLedger) -> Snapshot:
    """Write down that the card is being posted, unless this job has done so."""
    if not any(card.post_started for card in snapshot.stored.request.cards):
        snapshot = ledger.take(snapshot, (being_posted(snapshot),))
    return snapshot.change(cards=snapshot.stored.request.cards)


def being_posted(snapshot: Snapshot) -> Card:
    """Return the card as it is stored while it is posted."""
    return Card(channel=snapshot.rule.channel, post_started=snapshot.now)


def _showing(snapshot: Snapshot, message: Message) -> Snapshot:
    """Note what the cards show now."""
    candidate = snapshot.candidate
    newest = next_to_deploy(candidate.versions) if candidate else None
    number, rule = newest.number if newest else None, snapshot.rule.digest
    cards = snapshot.request.cards
    snapshot = snapshot.change(
        cards=tuple(
            replace(card, next_to_deploy=number, rule=rule)
            if card.frozen or card.digest == message.digest
            else card
            for card in cards
        )
    )
    return snapshot.change(brief=candidate.brief) if candidate and cards else snapshot
