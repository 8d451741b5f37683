"""
A click, and the vote or the decision that it becomes: gathered, judged, written down, acted on.

A vote that is not enough yet is written down and told. The vote that completes what the rule
needs is a decision, which `carry` makes true. A click is judged by what it was offered: the
status, the outcome and the brief that the card showed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.core import audit, brief
from bot.core.cards import forms, notices
from bot.core.cards.card import not_ready, offered, title
from bot.core.decision import decided_by
from bot.core.errands import Decide
from bot.core.errors import (
    BriefChanged,
    CommentNeeded,
    Forbidden,
    GlassUnsaid,
    Gone,
    Late,
    NotOurs,
    NotReady,
    OutcomeChanged,
    Refused,
)
from bot.core.model import Ballot, News, Vote
from bot.core.people import Facts
from bot.core.policy import judge, on_move
from bot.core.record import check_room
from bot.core.transitions import between, can_make
from bot.core.words import one_line
from bot.flows.carry import carry_out, whisper
from bot.flows.case import case_of, show_copy
from bot.flows.follow import announce_news
from bot.flows.paint import counting, over, scene, take_down
from bot.flows.people import facts
from bot.flows.put_off import tell_put_off

if TYPE_CHECKING:
    from bot.core.errands import Check, Click
    from bot.core.model import Request
    from bot.core.offer import Offer
    from bot.core.policy import Verdict
    from bot.core.transitions import Move
    from bot.flows.case import Case
    from bot.flows.ports import Ports


@dataclass(frozen=True, slots=True)
class Allowed:
    """A click that may be: what its move means now, and what the vote would lead to."""

    offer: Offer
    verdict: Verdict


def check(errand: Check, at: Ports) -> None:
    """Let the form that a click opened say what holds now, or why the click is refused."""
    try:
        _check(errand, at)
    except NotOurs:
        at.chat.fill(errand.view, forms.refusal(notices.NOT_OURS))
        raise
    except Forbidden:
        at.chat.fill(errand.view, forms.refusal(notices.PRESS_AGAIN))
        raise
    except Gone:
        at.chat.fill(errand.view, forms.refusal(notices.GONE))
        take_down(errand.click.offer.arn, at)
        raise


def decide(errand: Decide, at: Ports) -> None:
    """Cast the vote that *errand* asks for, once however often it is delivered."""
    click = errand.click
    try:
        _decide(errand, at)
    except NotOurs:
        said = notices.privately(notices.NOT_OURS, errand.comment)
        whisper(click.place.channel, click.person, said, at)
        raise
    except Forbidden:
        arn, comment = click.offer.arn, errand.comment
        tell_put_off(errand.id, arn, click.person, click.place, at, comment=comment)
        raise
    except Gone:
        said = notices.privately(notices.GONE, errand.comment)
        whisper(click.place.channel, click.person, said, at)
        take_down(click.offer.arn, at)
        raise


def _check(errand: Check, at: Ports) -> None:
    click = errand.click
    case = case_of(click.offer.arn, at)
    known = _known(click, case, at)
    try:
        allowed = _judged(click, case, known, at)
    except Refused as no:
        at.chat.fill(errand.view, forms.refusal(no.sentence))
        request = _refused(Decide(f"check.{errand.view}", click, ""), no, case, known, at)
        show_copy(click.answer_url, request, at)
    else:
        if allowed.offer != click.offer:
            at.chat.fill(errand.view, forms.form(replace(click, offer=allowed.offer)))


def _decide(errand: Decide, at: Ports) -> None:
    click = errand.click
    case = case_of(click.offer.arn, at)
    if errand.id in case.request.done:
        return
    known = _known(click, case, at)
    try:
        allowed = _judged(click, case, known, at)
        _check_comment(errand, allowed.offer)
        _check_outcome(click.offer, allowed.offer)
        _check_glass(click.offer, allowed.offer)
    except Refused as no:
        said = notices.privately(no.sentence, errand.comment)
        whisper(click.place.channel, click.person, said, at)
        request = _refused(errand, no, case, known, at)
    else:
        request = _cast(errand, allowed, case, known, at)
    show_copy(click.answer_url, request, at)


def _judged(click: Click, case: Case, known: Facts, at: Ports) -> Allowed:
    """What the move means now, if the clicker may make it. Raises Refused."""
    offer, person, seen = click.offer, click.person.id, case.seen
    move = _still_a_move(offer, case)
    rule = at.rules.find(seen.version.group)
    votes = on_move(counting(case.request, seen), move)
    verdict = judge(rule, move, person, votes, known)
    check_room(seen.version)
    return Allowed(offered(move, seen, rule, glass=verdict.glass), verdict)


def _known(click: Click, case: Case, at: Ports) -> Facts:
    """What there is to know of the clicker, and of those who voted for the same move, if any."""
    seen = case.seen
    try:
        move = _still_a_move(click.offer, case)
    except Refused:
        return Facts()
    votes = on_move(counting(case.request, seen), move)
    voters = [click.person.id, *(vote.by.id for vote in votes)]
    return facts(seen.version, at.rules.find(seen.version.group), move, voters, at)


def _still_a_move(offer: Offer, case: Case) -> Move:
    """The move that *offer* stands for, if what it was drawn from still holds. Raises Refused."""
    version = case.seen.version
    if version.status is not offer.source:
        raise Late(notices.who_was_first(version, case.request.last))
    move = between(version.status, offer.target)
    if offer.brief != brief.digest(case.seen):
        raise BriefChanged(notices.brief_changed(case.shown, case.seen.brief))
    if not can_make(move, version):
        raise NotReady((f"{title(version)} cannot be approved: {not_ready(version)}.",))
    return move


def _check_comment(errand: Decide, fresh: Offer) -> None:
    if fresh.comment_needed and not one_line(errand.comment):
        verb = between(fresh.source, fresh.target).key
        raise CommentNeeded((f"To {verb} a version of this group, say why in the comment.",))


def _check_outcome(shown: Offer, fresh: Offer) -> None:
    """A click never changes production in a way that its form did not say."""
    if fresh.outcome.changes and fresh.outcome.then != shown.outcome.then:
        raise OutcomeChanged(notices.outcome_changed(fresh))


def _check_glass(shown: Offer, fresh: Offer) -> None:
    """Nobody breaks the glass by a form that did not say so."""
    if fresh.glass and not shown.glass:
        raise GlassUnsaid(notices.GLASS_UNSAID)


def _refused(errand: Decide, no: Refused, case: Case, known: Facts, at: Ports) -> Request:
    """The request with the refusal in the audit trail, once."""
    if errand.id in case.request.done:
        return case.request
    here = scene(case.request, case.seen, at, known)
    request = audit.refusal(case.request, errand, no, here)
    request = at.ledger.save(over(request, errand.id))
    at.meter.count("Refused", reason=type(no).__name__)
    return request


def _cast(errand: Decide, allowed: Allowed, case: Case, known: Facts, at: Ports) -> Request:
    """The vote, written down; and the decision, if it is the last one that it takes."""
    request, seen, vote = case.request, case.seen, _vote(errand, allowed, at)
    others = tuple(each for each in counting(request, seen) if each.by.id != vote.by.id)
    request = audit.vote(request, vote, scene(request, seen, at, known))
    if allowed.verdict.granted:
        outcome = allowed.offer.outcome
        decision = decided_by(vote, others, allowed.verdict, seen.version.arn, outcome)
        request = at.ledger.save(replace(request, votes=others, open=decision))
        return carry_out(request, decision, seen, at, again=False)
    news = News(id=vote.id, what=Ballot.CAST, votes=(vote,), at=vote.at)
    request = at.ledger.save(replace(request, votes=(*others, vote), open=news))
    return announce_news(request, news, seen, at, again=False)


def _vote(errand: Decide, allowed: Allowed, at: Ports) -> Vote:
    offer = allowed.offer
    return Vote(
        id=errand.id,
        source=offer.source,
        target=offer.target,
        brief=offer.brief,
        by=errand.click.person,
        comment=errand.comment,
        at=at.now(),
        glass=offer.glass,
    )
