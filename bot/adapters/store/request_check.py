"""
Find what nobody can be told of a request that was read: somebody edited its row by hand.

Types are checked when it is read (`bot.core.wire`). Here it is about what belongs together: a
notice has what its kind is about, a reason the parameters of its code, and a change of status is
a move. It is refused before a job does anything, as half of its work would be lost later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.errors import Malformed, Refused
from bot.core.registry.moves import move_between
from bot.core.votes.outbox import NEEDS
from bot.core.words.reasons import check_reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.core.votes.outbox import Notice
    from bot.core.votes.request import Request
    from bot.core.votes.vote import Decision, Vote


def check_request(request: Request, what: str) -> None:
    """Check *request*, which *what* names in the error. Raises Malformed for its first mistake."""
    for mistake in _mistakes(request):
        raise Malformed(f"{what} is malformed: {mistake}")


def _mistakes(request: Request) -> Iterator[str]:
    for number, vote in enumerate(request.votes):
        yield from _no_move(vote, f"`votes[{number}]`")
    yield from _no_move(request.open_decision, "`open_decision`")
    yield from _no_move(request.last_decision, "`last_decision`")
    for notice in request.outbox:
        yield from _mistakes_of_notice(notice)


def _mistakes_of_notice(notice: Notice) -> Iterator[str]:
    name = f"the notice {notice.id!r:.80} ({notice.kind})"
    for field in NEEDS[notice.kind]:
        if not getattr(notice, field):
            yield f"{name} has no `{field}`"
    yield from _no_move(notice.decision, f"`decision` of {name}")
    for number, vote in enumerate(notice.votes):
        yield from _no_move(vote, f"`votes[{number}]` of {name}")
    if notice.reason:
        try:
            check_reason(notice.reason)
        except ValueError as error:
            yield f"`reason` of {name} {error}"


def _no_move(change: Vote | Decision | None, place: str) -> Iterator[str]:
    if change is None:
        return
    try:
        move_between(change.source, change.target)
    except Refused:
        yield f"{place} is no move: {change.source} to {change.target}"
