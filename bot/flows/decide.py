"""
A click, and the vote or the decision that it becomes: gathered, judged, written down, acted on.

A vote that is not enough yet is written down and told. The vote that completes what the rule
needs is a decision, which `carry` makes true. A click is judged by what it was offered: the
status, the outcome and the brief that the card showed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.core.audit import entries
from bot.core.cards import forms, notices
from bot.core.cards.card import offered
from bot.core.errors import Forbidden, Gone, NotOurs, Refused
from bot.core.evidence.brief import brief_digest
from bot.core.jobs.messages import SubmitForm
from bot.core.reason import Reason, ReasonCode
from bot.core.registry.moves import between, can_make
from bot.core.rules.judge import judge
from bot.core.rules.people import KnownPeople
from bot.core.text import one_line
from bot.core.votes import refusals
from bot.core.votes.approval_record import check_room
from bot.core.votes.decision import decided_by
from bot.core.votes.polls import voters_on
from bot.core.votes.vote import Vote, VoteEvent, VoteEventKind
from bot.core.words.reasons import reason_sentence
from bot.flows.execute.decision import carry_out, whisper
from bot.flows.execute.reconcile import announce_news
from bot.flows.fetch.click_context import click_context, show_copy
from bot.flows.fetch.people import facts
from bot.flows.tell.card import counting, over, scene, take_down
from bot.flows.tell.not_allowed_to_look import tell_put_off

if TYPE_CHECKING:
    from bot.core.jobs.messages import CheckForm, Click
    from bot.core.registry.moves import Move
    from bot.core.rules.judge import Verdict
    from bot.core.text import Sentence
    from bot.core.votes.button import ButtonPayload
    from bot.core.votes.request import Request
    from bot.flows.fetch.click_context import ClickContext
    from bot.flows.ports import Ports


@dataclass(frozen=True, slots=True)
class Allowed:
    """A click that may be: what its move means now, and what the vote would lead to."""

    offer: ButtonPayload
    verdict: Verdict


def _sentence(code: ReasonCode) -> Sentence:
    return reason_sentence(Reason(code))


def check(job: CheckForm, at: Ports) -> None:
    """Let the form that a click opened say what holds now, or why the click is refused."""
    try:
        _check(job, at)
    except NotOurs:
        at.chat.fill(job.view, forms.refusal(_sentence(ReasonCode.REGISTRY_NOT_WATCHED)))
        raise
    except Forbidden:
        at.chat.fill(job.view, forms.refusal(_sentence(ReasonCode.REGISTRY_UNREADABLE_PRESS_AGAIN)))
        raise
    except Gone:
        at.chat.fill(job.view, forms.refusal(_sentence(ReasonCode.VERSION_GONE)))
        take_down(job.click.offer.arn, at)
        raise


def decide(job: SubmitForm, at: Ports) -> None:
    """Cast the vote that *job* asks for, once however often it is delivered."""
    click = job.click
    try:
        _decide(job, at)
    except NotOurs:
        said = notices.privately(_sentence(ReasonCode.REGISTRY_NOT_WATCHED), job.comment)
        whisper(click.place.channel, click.person, said, at)
        raise
    except Forbidden:
        arn, comment = click.offer.arn, job.comment
        tell_put_off(job.id, arn, click.person, click.place, at, comment=comment)
        raise
    except Gone:
        said = notices.privately(_sentence(ReasonCode.VERSION_GONE), job.comment)
        whisper(click.place.channel, click.person, said, at)
        take_down(click.offer.arn, at)
        raise


def _check(job: CheckForm, at: Ports) -> None:
    click = job.click
    case = click_context(click.offer.arn, at)
    known = _known(click, case, at)
    try:
        allowed = _judged(click, case, known, at)
    except Refused as no:
        at.chat.fill(job.view, forms.refusal(reason_sentence(no.reason)))
        request = _refused(SubmitForm(f"check.{job.view}", click, ""), no, case, known, at)
        show_copy(click.answer_url, request, at)
    else:
        if allowed.offer != click.offer:
            at.chat.fill(job.view, forms.form(replace(click, offer=allowed.offer)))


def _decide(job: SubmitForm, at: Ports) -> None:
    click = job.click
    case = click_context(click.offer.arn, at)
    if job.id in case.request.done:
        return
    known = _known(click, case, at)
    try:
        allowed = _judged(click, case, known, at)
        _check_comment(job, allowed.offer)
        _check_outcome(click.offer, allowed.offer)
        _check_glass(click.offer, allowed.offer)
    except Refused as no:
        said = notices.privately(reason_sentence(no.reason), job.comment)
        whisper(click.place.channel, click.person, said, at)
        request = _refused(job, no, case, known, at)
    else:
        request = _cast(job, allowed, case, known, at)
    show_copy(click.answer_url, request, at)


def _judged(click: Click, case: ClickContext, known: KnownPeople, at: Ports) -> Allowed:
    """What the move means now, if the clicker may make it. Raises Refused."""
    offer, person, seen = click.offer, click.person.id, case.seen
    move = _still_a_move(offer, case)
    rule = at.rules.find(seen.version.group)
    voters = voters_on(counting(case.request, seen), move)
    verdict = judge(rule, move, person, voters, known)
    check_room(seen.version)
    return Allowed(offered(move, seen, rule, override=verdict.override), verdict)


def _known(click: Click, case: ClickContext, at: Ports) -> KnownPeople:
    """What there is to know of the clicker, and of those who voted for the same move, if any."""
    seen = case.seen
    try:
        move = _still_a_move(click.offer, case)
    except Refused:
        return KnownPeople()
    cast = voters_on(counting(case.request, seen), move)
    voters = [click.person.id, *(voter.id for voter in cast)]
    return facts(seen.version, at.rules.find(seen.version.group), move, voters, at)


def _still_a_move(offer: ButtonPayload, case: ClickContext) -> Move:
    """The move that *offer* stands for, if what it was drawn from still holds. Raises Refused."""
    version = case.seen.version
    if version.status is not offer.source:
        raise Refused(refusals.late(version, case.request.last))
    move = between(version.status, offer.target)
    if offer.brief != brief_digest(case.seen):
        raise Refused(refusals.brief_changed(case.shown, case.seen.brief))
    if not can_make(move, version):
        raise Refused(refusals.not_ready(version))
    return move


def _check_comment(job: SubmitForm, fresh: ButtonPayload) -> None:
    if fresh.comment_needed and not one_line(job.comment):
        raise Refused(refusals.comment_needed(between(fresh.source, fresh.target)))


def _check_outcome(shown: ButtonPayload, fresh: ButtonPayload) -> None:
    """A click never changes production in a way that its form did not say."""
    if fresh.outcome.changes and fresh.outcome.then != shown.outcome.then:
        raise Refused(refusals.outcome_changed(fresh.number, fresh.target, fresh.outcome))


def _check_glass(shown: ButtonPayload, fresh: ButtonPayload) -> None:
    """Nobody breaks the glass by a form that did not say so."""
    if fresh.override and not shown.override:
        raise Refused(Reason(ReasonCode.OVERRIDE_NOT_CONFIRMED))


def _refused(
    job: SubmitForm, no: Refused, case: ClickContext, known: KnownPeople, at: Ports
) -> Request:
    """The request with the refusal in the audit trail, once."""
    if job.id in case.request.done:
        return case.request
    here = scene(case.request, case.seen, at, known)
    request = entries.refusal(case.request, job, no.reason, here)
    request = at.ledger.save(over(request, job.id))
    at.meter.count("Refused", reason=no.reason.code.value)
    return request


def _cast(
    job: SubmitForm, allowed: Allowed, case: ClickContext, known: KnownPeople, at: Ports
) -> Request:
    """The vote, written down; and the decision, if it is the last one that it takes."""
    request, seen, vote = case.request, case.seen, _vote(job, allowed, at)
    others = tuple(each for each in counting(request, seen) if each.by.id != vote.by.id)
    request = entries.vote(request, vote, scene(request, seen, at, known))
    if allowed.verdict.granted:
        outcome = allowed.offer.outcome
        decision = decided_by(vote, others, allowed.verdict, seen.version.arn, outcome)
        request = at.ledger.save(replace(request, votes=others, open=decision))
        return carry_out(request, decision, seen, at, again=False)
    news = VoteEvent(id=vote.id, what=VoteEventKind.CAST, votes=(vote,), at=vote.at)
    request = at.ledger.save(replace(request, votes=(*others, vote), open=news))
    return announce_news(request, news, seen, at, again=False)


def _vote(job: SubmitForm, allowed: Allowed, at: Ports) -> Vote:
    offer = allowed.offer
    return Vote(
        id=job.id,
        source=offer.source,
        target=offer.target,
        brief=offer.brief,
        by=job.click.person,
        comment=job.comment,
        at=at.now(),
        override=offer.override,
    )
