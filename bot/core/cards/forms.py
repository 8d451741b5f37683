"""
The form that a click opens: what the move causes, and a box for the comment.

The form carries the payload of the button that was clicked (`private_metadata`). When it is
checked, it is filled in again if something changed since, or replaced by a refusal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.cards import deciding
from bot.core.cards.blocks import Json, rich, small, text_input, view
from bot.core.cards.consequences import consequence
from bot.core.jobs.ids import COMMENT, FORM, REFUSAL
from bot.core.jobs.messages import encode_form_metadata
from bot.core.registry.moves import move_between
from bot.core.words import bold, moves, say, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slack_sdk.models.blocks import Block

    from bot.core.jobs.messages import Click
    from bot.core.text import Sentence
    from bot.core.votes.button import ButtonPayload


def form(click: Click) -> Json:
    """Render the form for *click*."""
    offer = click.button
    move = moves.label(move_between(offer.source, offer.target).key)
    return view(
        text("form_title", move=move, number=offer.number),
        [_about(offer), _comment(offer), small(text("form_footnote"))],
        submit=move,
        close=text("form_cancel"),
        callback_id=FORM,
        private_metadata=encode_form_metadata(click),
    )


def _about(offer: ButtonPayload) -> Block:
    """Which version it is, what else the move needs, and what it causes."""
    title = bold("version_title", group=offer.group, number=offer.number)
    outcome = consequence(offer.number, offer.target, offer.outcome)
    return rich(title, *_conditions(offer), (outcome,))


def _conditions(offer: ButtonPayload) -> Iterator[Sentence]:
    if offer.override:
        yield bold("form_override")
    if offer.quorum:
        yield say("form_quorum", roles=deciding.quorum_needed(offer.quorum))


def _comment(offer: ButtonPayload) -> Block:
    label, hint = text("form_comment"), text("form_hint")
    return text_input(label, name=COMMENT, hint=hint, needed=offer.comment_needed)


def refusal(reason: Sentence) -> Json:
    """Render the form that says why nothing can be decided."""
    title, close = text("refusal_title"), text("refusal_close")
    return view(title, [rich(reason)], close=close, callback_id=REFUSAL)
