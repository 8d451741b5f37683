"""Somebody says that a version changed: look at it, and let its card say what is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.errors import Gone
from bot.flows.execute.decision import finish
from bot.flows.execute.reconcile import follow
from bot.flows.fetch.version import briefed, remember
from bot.flows.tell.card import has_card, take_down

if TYPE_CHECKING:
    from bot.core.registry.version import Arn
    from bot.flows.ports import Ports


def announce(arn: Arn, at: Ports) -> None:
    """Let the card of *arn* say what the registry says. Repeating it is harmless."""
    try:
        request = finish(at.ledger.get(arn), at)
        seen = remember(request, at)
    except Gone:
        take_down(arn, at)
        raise
    # The sweep has this done to many that nobody is shown: their evidence is not asked for.
    shown = has_card(request, seen.version)
    follow(request, briefed(seen, request, at) if shown else seen, at)
