"""Take back the vote of somebody who asks for it, as long as nothing is decided."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.audit import entries
from bot.core.cards import notices
from bot.core.errors import Forbidden, Gone, NotOurs
from bot.core.reason import Reason, ReasonCode
from bot.core.votes.vote import VoteEvent, VoteEventKind
from bot.core.words.reasons import reason_sentence
from bot.flows.execute.decision import whisper
from bot.flows.execute.reconcile import announce_news
from bot.flows.fetch.click_context import click_context, show_copy
from bot.flows.tell.card import counting, over, scene, take_down
from bot.flows.tell.not_allowed_to_look import tell_put_off

if TYPE_CHECKING:
    from bot.core.jobs.messages import WithdrawVote
    from bot.core.text import Sentence
    from bot.core.votes.request import Request
    from bot.flows.fetch.click_context import ClickContext
    from bot.flows.ports import Ports


def _sentence(code: ReasonCode) -> Sentence:
    return reason_sentence(Reason(code))


def withdraw(job: WithdrawVote, at: Ports) -> None:
    """Take the vote back that *job* is about, once however often it is delivered."""
    try:
        case = click_context(job.arn, at)
    except NotOurs:
        whisper(
            job.place.channel,
            job.person,
            notices.privately(_sentence(ReasonCode.REGISTRY_NOT_WATCHED)),
            at,
        )
        raise
    except Forbidden:
        tell_put_off(job.id, job.arn, job.person, job.place, at)
        raise
    except Gone:
        whisper(
            job.place.channel, job.person, notices.privately(_sentence(ReasonCode.VERSION_GONE)), at
        )
        take_down(job.arn, at)
        raise
    if job.id not in case.request.done:
        show_copy(job.answer_url, _withdraw(job, case, at), at)


def _withdraw(job: WithdrawVote, case: ClickContext, at: Ports) -> Request:
    """The request without the vote of who asks, told in the thread; or a word that none is."""
    request, seen = case.request, case.seen
    mine = [vote for vote in counting(request, seen) if vote.by.id == job.person.id]
    if not mine:
        whisper(job.place.channel, job.person, notices.privately(_sentence(ReasonCode.NO_VOTE)), at)
        return at.ledger.save(over(request, job.id))
    kept = tuple(vote for vote in request.votes if vote not in mine)
    news = VoteEvent(id=job.id, what=VoteEventKind.WITHDRAWN, votes=tuple(mine), at=at.now())
    here = scene(request, seen, at)
    request = entries.withdrawal(request, mine[0], job.id, here)
    request = at.ledger.save(replace(request, votes=kept, open=news))
    return announce_news(request, news, seen, at, again=False)
