"""Whether anything is still to be told, and how cards are stored while they are drawn."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.decide.needs import needs_card
from bot.flows.tell.cards import being_posted, render_card

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.core.decide.plan import Plan
    from bot.core.votes.request import Card


def cards_if_due(plan: Plan) -> tuple[Card, ...] | None:
    """
    Return the cards as they are stored before anything is told; None if there is nothing to tell.

    There is if *plan* changes the registry, or leaves anything to tell or to draw.
    """
    request = plan.after.request
    if plan.after.history_lag and not plan.update:
        return None
    cards = _while_drawn(plan)
    untold = request.outbox or request.deleted_cards or request.lost_cards
    begun = any(card.begun for card in request.cards)
    return cards if plan.update or untold or begun or cards != request.cards else None


def _while_drawn(plan: Plan) -> tuple[Card, ...]:
    """
    Return the cards as they are stored before they are drawn.

    One that is posted says so, so that it is looked for after a crash. One that is edited is known
    to show nothing in particular, so that it is drawn again after a crash, also if it has to look
    then as it did before.
    """
    snapshot, cards = plan.after, plan.after.request.cards
    if plan.update:
        return _redrawn(cards, "")
    if snapshot.candidate and not needs_card(snapshot.request, snapshot.version):
        return cards
    if cards:
        return _redrawn(cards, render_card(snapshot).digest)
    return (being_posted(snapshot),) if snapshot.candidate else ()


def _redrawn(cards: Iterable[Card], digest: str) -> tuple[Card, ...]:
    """Return *cards*, without what those show that do not show the message with *digest*."""
    return tuple(
        replace(card, digest="") if card.ref and not card.frozen and card.digest != digest else card
        for card in cards
    )
