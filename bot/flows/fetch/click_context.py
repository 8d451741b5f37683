"""Gather what a click is judged by: a version as remembered, as last shown, and as it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.flows.execute.decision import finish
from bot.flows.execute.reconcile import follow
from bot.flows.fetch.version import glance, look
from bot.flows.tell.card import drawn

if TYPE_CHECKING:
    from bot.core.evidence.brief import Brief, Candidate
    from bot.core.registry.version import Arn
    from bot.core.votes.request import Request
    from bot.flows.ports import Ports


@dataclass(frozen=True, slots=True)
class ClickContext:
    """A version with nothing left open, and its card as it should be."""

    request: Request
    shown: Brief
    """The brief that people were last shown, before this look."""
    seen: Candidate


def click_context(arn: Arn, at: Ports) -> ClickContext:
    """The case of *arn* at this moment."""
    request = finish(at.ledger.get(arn), at)
    seen = look(arn, at)
    return ClickContext(follow(request, seen, at), request.brief, seen)


def show_copy(answer_url: str, request: Request, at: Ports) -> None:
    """Draw the clicker's own copy of the card again, if the click was made on one."""
    if answer_url:
        at.chat.answer(answer_url, drawn(request, glance(request, at), at), replace=True)
