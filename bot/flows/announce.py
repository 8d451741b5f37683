"""Somebody says that a version changed: look at it, and let its card say what is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.cards.card import gone
from bot.core.errors import Gone, Lost
from bot.flows.decide import finish, look
from bot.flows.follow import follow

if TYPE_CHECKING:
    from bot.core.model import Arn
    from bot.flows.ports import Ports


def announce(arn: Arn, at: Ports) -> None:
    """Let the card of *arn* say what the registry says. Repeating it is harmless."""
    try:
        request = finish(at.ledger.get(arn), at)
        seen = look(arn, at)
    except Gone:
        _take_down(arn, at)
        raise
    follow(request, seen, at)


def _take_down(arn: Arn, at: Ports) -> None:
    """Let the card, if there is one, say that its version is gone."""
    request = at.ledger.get(arn)
    drawn = gone(request.group, request.number)
    if request.place is None or request.face == drawn.digest:
        return
    try:
        at.chat.update(request.place, drawn)
    except Lost:
        request = replace(request, place=None)
    at.ledger.save(replace(request, status=None, face=drawn.digest))
