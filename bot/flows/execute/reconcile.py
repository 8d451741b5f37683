"""
Let the card follow the registry: tell of changes made outside, void votes, settle what is open.

Every job about a version ends here, so that there is one way in which a card comes to say
what it says. Each step may be the last one before a crash: what must not be lost is written
down first, and what may have been said already is looked for before it is said again.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING

from bot.core.audit import entries
from bot.core.cards import notices
from bot.core.errors import MessageNotFound
from bot.core.jobs.messages import ReconcileVersion
from bot.core.reason import ReasonCode
from bot.core.registry.outcome import outcome_of
from bot.core.registry.version import Status
from bot.core.rules.people import KnownPeople
from bot.core.votes import refusals
from bot.core.votes.approval_record import description
from bot.core.votes.vote import Decision, ExternalChange, VoteEvent, VoteEventKind
from bot.flows.fetch.people import stand, submitter
from bot.flows.tell.card import counting, over, paint, scene

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.core.cards.messages import Message
    from bot.core.evidence.brief import Candidate
    from bot.core.registry.version import DescribedVersion
    from bot.core.votes.request import MessageRef, Request
    from bot.core.votes.vote import Change, Vote
    from bot.flows.ports import Ports


def follow(request: Request, seen: Candidate, at: Ports) -> Request:
    """Tell what changed outside, and let the card show the version as it is."""
    if changed := _outside(request, seen, at):
        request = at.ledger.save(replace(request, open=changed))
        return conclude(request, changed, seen, at, again=False)
    if len(counting(request, seen)) < len(request.votes):
        return _void_votes(request, seen, at)
    painted = paint(request, seen, at)
    if request.place is None and request.status is None and _was_decided(seen.version):
        _wake_the_waiting(seen, at)
    if painted == request:
        return painted
    painted = at.ledger.save(painted)
    if painted.place and not request.group:  # what was never painted has no group
        at.meter.took("TimeToCard", at.now() - seen.version.created)
    return painted


def _outside(request: Request, seen: Candidate, at: Ports) -> ExternalChange | None:
    """The change that nobody made here, if the status is not the one that people were shown."""
    version = seen.version
    if request.status in (None, version.status):
        return None
    before = replace(version, status=request.status)
    return ExternalChange(
        id=sha256(f"{version.arn}{request.revision}".encode()).hexdigest()[:32],
        source=request.status,
        target=version.status,
        outcome=outcome_of(before, version.status, seen.versions),
        by=version.modified_by,
        comment="" if version.comment == _written(request.last) else version.comment,
        at=version.modified or at.now(),
    )


def _written(last: Change | None) -> str:
    """The description that our last decision left, which says nothing about a later change."""
    return description(last) if isinstance(last, Decision) else ""


def _void_votes(request: Request, seen: Candidate, at: Ports) -> Request:
    """Let votes on what is no longer so count no more, and tell who cast them."""
    kept = counting(request, seen)
    lost = tuple(vote for vote in request.votes if vote not in kept)
    id_ = sha256(f"void{request.arn}{request.revision}".encode()).hexdigest()[:32]
    news = VoteEvent(id=id_, what=VoteEventKind.VOID, votes=lost, at=at.now())
    why = refusals.brief_changed(request.brief, seen.brief)
    request = entries.void(request, id_, lost, why, scene(request, seen, at))
    request = at.ledger.save(replace(request, votes=kept, open=news))
    return announce_news(request, news, seen, at, again=False)


def announce_news(
    request: Request, news: VoteEvent, seen: Candidate, at: Ports, *, again: bool
) -> Request:
    """Show and tell what became of votes; then it is over. *again* after a crash."""
    request = paint(request, seen, at)
    rule, since = at.rules.find(seen.version.group), news.at if again else None
    polls = stand(seen, rule, counting(request, seen), at)
    if place := request.place:
        said = notices.of_votes(news, polls)
        _in_thread(place, said, news.id, since, at)
        for vote in news.votes if news.what is VoteEventKind.CAST else ():
            _override_notice(place, seen.version, vote, since, at)
    return at.ledger.save(replace(over(request, news.id), open=None))


def conclude(
    request: Request, change: Change, seen: Candidate, at: Ports, *, again: bool
) -> Request:
    """Show and tell *change*, which is a fact; then settle it. *again* after a crash."""
    request = paint(replace(request, last=change), seen, at)
    _tell(request, change, seen, at, again=again)
    _wake_siblings(change, seen, at)
    settled = _recorded(request, change, seen, at)
    settled = replace(over(settled, change.id), open=None, status=change.target, votes=())
    settled = at.ledger.save(settled)
    _measure(change, at)
    # Somebody outside may have moved on since: that is a change of its own.
    return settled if seen.version.status is change.target else follow(settled, seen, at)


def _measure(change: Change, at: Ports) -> None:
    """Measure a decision from its last submit on, which is what stood in the line."""
    if isinstance(change, Decision):
        # Later than its vote is a job that finishes what another one began.
        since = min(change.at, at.asked or change.at)
        at.meter.took("TimeToDecision", at.now() - since)


def _recorded(request: Request, change: Change, seen: Candidate, at: Ports) -> Request:
    """*change* in the audit trail, with the votes that it made void."""
    here = scene(request, seen, at)
    if isinstance(change, Decision):
        # As it was when the decision was taken: before the status changed.
        before = replace(seen, version=replace(seen.version, status=change.source))
        known = KnownPeople(submitter=submitter(seen.version, at))
        request = entries.decision(request, change, scene(request, before, at, known))
    else:
        request = entries.outside(request, change, here)
    if not (lost := _lost(request, change)):
        return request
    why = refusals.late(seen.version, change, ReasonCode.DECIDED)
    return entries.void(request, f"{change.id}.votes", lost, why, here)


def _lost(request: Request, change: Change) -> tuple[Vote, ...]:
    """The votes that *change* does not rest on: it makes them void."""
    made_of = {vote.id for vote in change.votes} if isinstance(change, Decision) else set()
    return tuple(vote for vote in request.votes if vote.id not in made_of)


def _tell(request: Request, change: Change, seen: Candidate, at: Ports, *, again: bool) -> None:
    """Say it in the card's thread and in the channels that the rule names."""
    since = change.at if again else None
    if place := request.place:
        said = notices.in_thread(seen.version, change, _lost(request, change))
        _in_thread(place, said, change.id, since, at)
        for vote in change.votes[-1:] if isinstance(change, Decision) else ():
            _override_notice(place, seen.version, vote, since, at)
    said = notices.for_channel(seen.version, change, request.place)
    for channel in at.rules.find(seen.version.group).notify:
        unless_lost(partial(at.chat.post, channel, said, key=f"{change.id}.{channel}"), since)


def _in_thread(
    place: MessageRef, said: Message, id_: str, since: datetime | None, at: Ports
) -> None:
    post = partial(at.chat.post, place.channel, said, key=f"{id_}.thread", thread=place.ts)
    unless_lost(post, since)


def _override_notice(
    place: MessageRef, version: DescribedVersion, vote: Vote, since: datetime | None, at: Ports
) -> None:
    """Let everybody in the channel see that somebody approves what they registered."""
    if vote.override:
        said = notices.override_notice(version, vote)
        unless_lost(partial(at.chat.post, place.channel, said, key=f"{vote.id}.override"), since)


def unless_lost(post: Callable[..., MessageRef], since: datetime | None) -> None:
    """Post, unless the place is lost (the adapter logs it): the other places still say it."""
    with suppress(MessageNotFound):
        post(since=since)


def _wake_siblings(change: Change, seen: Candidate, at: Ports) -> None:
    """Other cards of the group say what is live: let them be drawn again."""
    if isinstance(change, Decision) and not change.outcome.changes:
        return  # of a change outside, nobody knows what it began with
    named = {change.outcome.now, change.outcome.then} - {seen.version.number}
    stale = [
        other for other in seen.versions if other.status is Status.PENDING or other.number in named
    ]
    at.line.send_all(
        (ReconcileVersion(other.arn), f"{change.id}.{other.number}") for other in stale
    )


def _was_decided(version: DescribedVersion) -> bool:
    """Whether *version* may have been live, although nobody here saw it change."""
    changed = version.modified is not None and version.modified > version.created
    return version.status is not Status.PENDING or changed


def _wake_the_waiting(seen: Candidate, at: Ports) -> None:
    """Let the waiting cards of the group say what is live."""
    moment = at.now().isoformat()
    waiting = [other for other in seen.versions if other.status is Status.PENDING]
    at.line.send_all((ReconcileVersion(other.arn), f"{moment}.{other.arn}") for other in waiting)
