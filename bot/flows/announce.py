"""Somebody says that a version changed: look at it, and let its card say what is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.errors import Gone
from bot.flows.carry import finish
from bot.flows.follow import follow
from bot.flows.look import glance
from bot.flows.paint import take_down

if TYPE_CHECKING:
    from bot.core.model import Arn
    from bot.flows.ports import Ports


def announce(arn: Arn, at: Ports) -> None:
    """Let the card of *arn* say what the registry says. Repeating it is harmless."""
    try:
        request = finish(at.ledger.get(arn), at)
        seen = glance(request, at)
    except Gone:
        take_down(arn, at)
        raise
    follow(request, seen, at)
