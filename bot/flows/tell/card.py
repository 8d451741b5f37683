"""
Let the card show the version: post it once, draw it again when it would look otherwise.

What must not be lost is written down before it is done, and what may have been posted already is
looked for before it is posted again.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.audit import entries
from bot.core.audit.entries import AuditContext
from bot.core.cards.card import card, gone
from bot.core.errors import MessageNotFound
from bot.core.evidence.brief import brief_digest
from bot.core.reason import Reason, ReasonCode
from bot.core.registry.outcome import next_to_deploy
from bot.core.registry.version import Readiness, Status
from bot.core.rules.people import KnownPeople
from bot.core.votes.polls import counting_votes
from bot.core.votes.vote import Decision, VoteEvent
from bot.flows.fetch.people import stand

if TYPE_CHECKING:
    from bot.core.cards.messages import Message
    from bot.core.evidence.brief import Candidate
    from bot.core.registry.version import Arn, Version
    from bot.core.votes.request import Request
    from bot.core.votes.vote import Vote
    from bot.flows.ports import Ports

MOST_DONE = 50
"""How many ids a request keeps; SQS redelivers within days, people decide slower."""


def over(request: Request, id_: str) -> Request:
    """*request* with the decision, vote or change *id_* over: it never counts again."""
    return replace(request, done=(*request.done, id_)[-MOST_DONE:])


def scene(
    request: Request, seen: Candidate | None, at: Ports, known: KnownPeople = KnownPeople()
) -> AuditContext:
    """What holds at this moment, for the audit trail."""
    rule = at.rules.find(seen.version.group if seen else request.group)
    return AuditContext(seen=seen, rule=rule, rules=at.rules.digest, facts=known, now=at.now())


def counting(request: Request, seen: Candidate) -> tuple[Vote, ...]:
    """The votes that count for what is *seen*."""
    return counting_votes(request.votes, seen.version.status, brief_digest(seen))


def drawn(request: Request, seen: Candidate, at: Ports) -> Message:
    """The card as it should look."""
    rule = at.rules.find(seen.version.group)
    return card(seen, rule, request.last, stand(seen, rule, counting(request, seen), at))


def paint(request: Request, seen: Candidate, at: Ports) -> Request:
    """Let the card show the version, posting it if it is due; returns, unsaved, what holds."""
    if not has_card(request, seen.version):
        # Without a card, too, a change outside is noticed by the status that was seen before.
        return replace(request, status=seen.version.status)
    rule, picture = at.rules.find(seen.version.group), drawn(request, seen, at)
    request = _updated(request, picture, at)
    if request.place is None and _is_due(request, seen.version):
        request = _posted(request, picture, rule.channel, at)
    newest = next_to_deploy(seen.versions)
    return replace(
        request,
        group=seen.version.group,
        number=seen.version.number,
        status=seen.version.status,
        face=picture.digest if request.place else "",
        live=newest.number if newest else None,
        rule=rule.digest,
        brief=seen.brief,
    )


def has_card(request: Request, version: Version) -> bool:
    """Whether *version* has a card, or must have one."""
    return request.place is not None or _is_due(request, version)


def _is_due(request: Request, version: Version) -> bool:
    """Whether there must be a card: people are waited for, or have decided, or one was begun."""
    finished = version.readiness in (Readiness.COMPLETED, Readiness.FAILED)
    awaits_people = version.status is Status.PENDING and finished
    acted = isinstance(request.open, Decision | VoteEvent)
    return awaits_people or acted or request.posting is not None


def _updated(request: Request, picture: Message, at: Ports) -> Request:
    """*request* with its card showing *picture*, or without a card if that is lost."""
    if request.place is None or request.face == picture.digest:
        return request
    try:
        at.chat.update(request.place, picture)
    except MessageNotFound:
        return replace(request, place=None)
    return request


def _posted(request: Request, picture: Message, channel: str, at: Ports) -> Request:
    """The card posted, once: written down before it is, and looked for after a crash."""
    since = request.posting
    if since is None:
        request = at.ledger.save(replace(request, posting=at.now()))
    place = at.chat.post(channel, picture, key=f"card.{request.arn}", since=since)
    if since is not None:
        at.chat.update(place, picture)  # what was found may show an older picture
    return replace(request, place=place, posting=None)


def take_down(arn: Arn, at: Ports) -> None:
    """Let the card of *arn*, if there is one, say that its version is gone."""
    request = at.ledger.get(arn)
    picture = gone(request.group, request.number)
    if request.place is None or request.face == picture.digest:
        return
    try:
        at.chat.update(request.place, picture)
    except MessageNotFound:
        request = replace(request, place=None)
    if request.votes:
        id_ = f"gone.{request.revision}"
        reason = Reason(ReasonCode.VERSION_GONE)
        request = entries.void(request, id_, request.votes, reason, scene(request, None, at))
    at.ledger.save(replace(request, status=None, face=picture.digest, votes=()))
