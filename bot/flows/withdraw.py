"""Take back the vote of somebody who asks for it, as long as nothing is decided."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core import audit
from bot.core.cards import notices
from bot.core.errors import Forbidden, Gone, NotOurs
from bot.core.model import Ballot, News
from bot.flows.carry import whisper
from bot.flows.case import case_of, show_copy
from bot.flows.follow import announce_news
from bot.flows.paint import counting, over, scene, take_down
from bot.flows.put_off import tell_put_off

if TYPE_CHECKING:
    from bot.core.errands import Withdraw
    from bot.core.model import Request
    from bot.flows.case import Case
    from bot.flows.ports import Ports


def withdraw(errand: Withdraw, at: Ports) -> None:
    """Take the vote back that *errand* is about, once however often it is delivered."""
    try:
        case = case_of(errand.arn, at)
    except NotOurs:
        whisper(errand.place.channel, errand.person, notices.privately(notices.NOT_OURS), at)
        raise
    except Forbidden:
        tell_put_off(errand.id, errand.arn, errand.person, errand.place, at)
        raise
    except Gone:
        whisper(errand.place.channel, errand.person, notices.privately(notices.GONE), at)
        take_down(errand.arn, at)
        raise
    if errand.id not in case.request.done:
        show_copy(errand.answer_url, _withdraw(errand, case, at), at)


def _withdraw(errand: Withdraw, case: Case, at: Ports) -> Request:
    """The request without the vote of who asks, told in the thread; or a word that none is."""
    request, seen = case.request, case.seen
    mine = [vote for vote in counting(request, seen) if vote.by.id == errand.person.id]
    if not mine:
        whisper(errand.place.channel, errand.person, notices.privately(notices.NO_VOTE), at)
        return at.ledger.save(over(request, errand.id))
    kept = tuple(vote for vote in request.votes if vote not in mine)
    news = News(id=errand.id, what=Ballot.WITHDRAWN, votes=tuple(mine), at=at.now())
    here = scene(request, seen, at)
    request = audit.withdrawal(request, mine[0], errand.id, here)
    request = at.ledger.save(replace(request, votes=kept, open=news))
    return announce_news(request, news, seen, at, again=False)
