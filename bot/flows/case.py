"""Gather what a click is judged by: a version as remembered, as last shown, and as it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.flows.carry import finish
from bot.flows.follow import follow
from bot.flows.look import glance, look
from bot.flows.paint import drawn

if TYPE_CHECKING:
    from bot.core.model import Arn, Brief, Request, Seen
    from bot.flows.ports import Ports


@dataclass(frozen=True, slots=True)
class Case:
    """A version with nothing left open, and its card as it should be."""

    request: Request
    shown: Brief
    """The brief that people were last shown, before this look."""
    seen: Seen


def case_of(arn: Arn, at: Ports) -> Case:
    """The case of *arn* at this moment."""
    request = finish(at.ledger.get(arn), at)
    seen = look(arn, at)
    return Case(follow(request, seen, at), request.brief, seen)


def show_copy(answer_url: str, request: Request, at: Ports) -> None:
    """Draw the clicker's own copy of the card again, if the click was made on one."""
    if answer_url:
        at.chat.answer(answer_url, drawn(request, glance(request, at), at), replace=True)
