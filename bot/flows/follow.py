"""
Let the card follow the registry: draw it, tell of changes made outside, settle what is open.

Every errand about a version ends here, so that there is one way in which a card comes to say
what it says. Each step may be the last one before a crash: what must not be lost is written
down first, and what may have been said already is looked for before it is said again.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING

from bot.core import brief
from bot.core.cards import notices
from bot.core.cards.card import card, gone
from bot.core.errands import Announce
from bot.core.errors import Lost
from bot.core.model import Decision, Outside, Readiness, Status
from bot.core.record import description
from bot.core.transitions import live, outcome

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.core.cards.messages import Message
    from bot.core.model import Arn, Brief, Change, Described, Place, Request, Seen, Version
    from bot.flows.ports import Ports

MOST_DONE = 50
"""How many decisions' ids a request keeps; SQS redelivers within days, people decide slower."""


def follow(request: Request, seen: Seen, at: Ports) -> Request:
    """Tell what changed outside, and let the card show the version as it is."""
    if changed := _outside(request, seen, at):
        request = at.ledger.save(replace(request, open=changed))
        return conclude(request, changed, seen, at, again=False)
    painted = paint(request, seen, at)
    if request.place is None and _was_decided(seen.version):
        _wake_the_waiting(seen, at)
    return painted if painted == request else at.ledger.save(painted)


def _outside(request: Request, seen: Seen, at: Ports) -> Outside | None:
    """The change that nobody made here, if the status is not the one that people were shown."""
    version = seen.version
    if request.place is None or request.status in (None, version.status):
        return None
    before = replace(version, status=request.status)
    return Outside(
        id=sha256(f"{version.arn}{request.revision}".encode()).hexdigest()[:32],
        source=request.status,
        target=version.status,
        outcome=outcome(before, version.status, seen.versions),
        by=version.modified_by,
        comment="" if version.comment == _written(request.last) else version.comment,
        at=version.modified or at.now(),
    )


def _written(last: Change | None) -> str:
    """The description that our last decision left, which says nothing about a later change."""
    return description(last) if isinstance(last, Decision) else ""


def conclude(request: Request, change: Change, seen: Seen, at: Ports, *, again: bool) -> Request:
    """Show and tell *change*, which is a fact; then settle it. *again* after a crash."""
    request = paint(replace(request, last=change), seen, at)
    _tell(request, change, seen, at, again=again)
    _wake_siblings(change, seen, at)
    settled = replace(over(request, change.id), open=None, status=change.target)
    settled = at.ledger.save(settled)
    # Somebody outside may have moved on since: that is a change of its own.
    return settled if seen.version.status is change.target else follow(settled, seen, at)


def over(request: Request, id_: str) -> Request:
    """*request* with the decision or change *id_* over: it never counts again."""
    return replace(request, done=(*request.done, id_)[-MOST_DONE:])


def _tell(request: Request, change: Change, seen: Seen, at: Ports, *, again: bool) -> None:
    """Say it in the card's thread and in the channels that the rule names."""
    since = change.at if again else None
    if place := request.place:
        said = notices.in_thread(seen.version, change)
        say = partial(at.chat.post, place.channel, said, key=f"{change.id}.thread", thread=place.ts)
        _unless_lost(say, since)
    said = notices.for_channel(seen.version, change, request.place)
    for channel in at.rules.find(seen.version.group).notify:
        _unless_lost(partial(at.chat.post, channel, said, key=f"{change.id}.{channel}"), since)


def _unless_lost(post: Callable[..., Place], since: datetime | None) -> None:
    """Post, unless the place is lost (the adapter logs it): the other places still say it."""
    with suppress(Lost):
        post(since=since)


def _wake_siblings(change: Change, seen: Seen, at: Ports) -> None:
    """Other cards of the group say what is live: let them be drawn again."""
    if isinstance(change, Decision) and not change.outcome.changes:
        return  # of a change outside, nobody knows what it began with
    named = {change.outcome.now, change.outcome.then} - {seen.version.number}
    stale = [
        other for other in seen.versions if other.status is Status.PENDING or other.number in named
    ]
    at.line.send_all((Announce(other.arn), f"{change.id}.{other.number}") for other in stale)


def _was_decided(version: Described) -> bool:
    """Whether *version* may have been live, although nobody here saw it change."""
    changed = version.modified is not None and version.modified > version.created
    return version.status is not Status.PENDING or changed


def _wake_the_waiting(seen: Seen, at: Ports) -> None:
    """Let the waiting cards of the group say what is live."""
    moment = at.now().isoformat()
    waiting = [other for other in seen.versions if other.status is Status.PENDING]
    at.line.send_all((Announce(other.arn), f"{moment}.{other.arn}") for other in waiting)


def paint(request: Request, seen: Seen, at: Ports) -> Request:
    """Let the card show the version, posting it if it is due; returns, unsaved, what holds."""
    if request.place is None and not _is_due(request, seen.version):
        return request
    if request.place is None:
        request = replace(request, brief=read_reports(seen.version, at))
    rule = at.rules.find(seen.version.group)
    drawn = card(seen, request.brief, rule, request.last)
    request = _updated(request, drawn, at)
    if request.place is None and _is_due(request, seen.version):
        request = _posted(request, drawn, rule.channel, at)
    newest = live(seen.versions)
    return replace(
        request,
        group=seen.version.group,
        number=seen.version.number,
        status=seen.version.status,
        face=drawn.digest if request.place else "",
        live=newest.number if newest else None,
        rule=rule.digest,
    )


def _is_due(request: Request, version: Version) -> bool:
    """Whether there must be a card: people are waited for, or have decided, or one was begun."""
    finished = version.readiness in (Readiness.COMPLETED, Readiness.FAILED)
    awaits_people = version.status is Status.PENDING and finished
    return awaits_people or request.open is not None or request.posting is not None


def read_reports(version: Described, at: Ports) -> Brief:
    """What the reports of *version* say."""
    return brief.together(
        [at.evidence.read(report) for report in version.reports if report.numbers]
    )


def _updated(request: Request, drawn: Message, at: Ports) -> Request:
    """*request* with its card showing *drawn*, or without a card if that is lost."""
    if request.place is None or request.face == drawn.digest:
        return request
    try:
        at.chat.update(request.place, drawn)
    except Lost:
        return replace(request, place=None)
    return request


def _posted(request: Request, drawn: Message, channel: str, at: Ports) -> Request:
    """The card posted, once: written down before it is, and looked for after a crash."""
    since = request.posting
    if since is None:
        request = at.ledger.save(replace(request, posting=at.now()))
    place = at.chat.post(channel, drawn, key=f"card.{request.arn}", since=since)
    if since is not None:
        at.chat.update(place, drawn)  # what was found may show an older picture
    return replace(request, place=place, posting=None)


def take_down(arn: Arn, at: Ports) -> None:
    """Let the card of *arn*, if there is one, say that its version is gone."""
    request = at.ledger.get(arn)
    drawn = gone(request.group, request.number)
    if request.place is None or request.face == drawn.digest:
        return
    try:
        at.chat.update(request.place, drawn)
    except Lost:
        request = replace(request, place=None)
    at.ledger.save(replace(request, status=None, face=drawn.digest))
