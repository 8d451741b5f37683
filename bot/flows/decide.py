"""
A click, and the decision it may become: written down, acted on, settled.

The registry has no "only if", so the order is what makes a decision happen exactly once. It is
written to the ledger; then one call sets the status; then a look at the registry proves it, by
the decision's id in the metadata. A crash anywhere is finished by whoever comes next (`finish`).
If somebody outside moved first, the decision is void, and its maker hears of it.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.cards import forms, notices
from bot.core.cards.card import card, not_ready, offered, title
from bot.core.errors import (
    CommentNeeded,
    Declined,
    Gone,
    Late,
    Lost,
    NotReady,
    OutcomeChanged,
    Overtaken,
    Refused,
    Unavailable,
)
from bot.core.model import Decision, Seen
from bot.core.policy import judge
from bot.core.record import check_room, decision_in
from bot.core.transitions import between, can_make
from bot.core.words import one_line
from bot.flows.follow import conclude, follow, over, take_down

if TYPE_CHECKING:
    from bot.core.cards.messages import Message
    from bot.core.errands import Check, Click, Decide
    from bot.core.model import Arn, Described, Person, Request
    from bot.core.offer import Offer
    from bot.core.policy import Members, Rule
    from bot.core.words import Sentence
    from bot.flows.ports import Ports


def check(errand: Check, at: Ports) -> None:
    """Let the form that a click opened say what holds now, or why the click is refused."""
    try:
        _check(errand, at)
    except Gone:
        at.chat.fill(errand.view, forms.refusal(notices.GONE))
        take_down(errand.click.offer.arn, at)
        raise


def decide(errand: Decide, at: Ports) -> None:
    """Make the decision that *errand* asks for, once however often it is delivered."""
    try:
        _decide(errand, at)
    except Gone:
        click, said = errand.click, notices.privately(notices.GONE, errand.comment)
        _whisper(click.place.channel, click.person, said, at)
        take_down(click.offer.arn, at)
        raise


def _check(errand: Check, at: Ports) -> None:
    click = errand.click
    request = finish(at.ledger.get(click.offer.arn), at)
    seen = look(click.offer.arn, at)
    try:
        fresh = _judged(click, request, seen, at)
    except Refused as refusal:
        at.chat.fill(errand.view, forms.refusal(refusal.sentence))
        _show(click, follow(request, seen, at), at)
        return
    if fresh != click.offer:
        at.chat.fill(errand.view, forms.form(replace(click, offer=fresh)))


def _decide(errand: Decide, at: Ports) -> None:
    click = errand.click
    request = finish(at.ledger.get(click.offer.arn), at)
    seen = look(click.offer.arn, at)
    if errand.id in request.done:
        follow(request, seen, at)
        return
    try:
        fresh = _judged(click, request, seen, at)
        _check_comment(errand, fresh)
        _check_outcome(click.offer, fresh)
    except Refused as refusal:
        said = notices.privately(refusal.sentence, errand.comment)
        _whisper(click.place.channel, click.person, said, at)
        request = follow(at.ledger.save(over(request, errand.id)), seen, at)
    else:
        decision = _decision(errand, fresh, at)
        request = at.ledger.save(replace(request, open=decision))
        request = _carry_out(request, decision, seen, at, again=False)
    _show(click, request, at)


def finish(request: Request, at: Ports) -> Request:
    """*request* with nothing open: what was written down before a crash is carried through."""
    change = request.open
    if change is None:
        return request
    try:
        seen = look(request.arn, at)
    except Gone:
        at.ledger.save(replace(request, open=None))
        raise
    if isinstance(change, Decision):
        return _carry_out(request, change, seen, at, again=True)
    return conclude(request, change, seen, at, again=True)


def look(arn: Arn, at: Ports) -> Seen:
    """The version as it is now, among all versions of its group."""
    version = at.registry.describe(arn)
    return Seen.of(version, at.registry.versions(version.group))


def _judged(click: Click, request: Request, seen: Seen, at: Ports) -> Offer:
    """What the move means now, if the clicker may make it. Raises Refused."""
    version = seen.version
    if version.status is not click.offer.source:
        raise Late(notices.who_was_first(version, request.last))
    move = between(version.status, click.offer.target)
    if not can_make(move, version):
        raise NotReady((f"{title(version)} cannot be approved: {not_ready(version)}.",))
    rule = at.rules.find(version.group)
    judge(rule, move, click.person.id, _members(rule, click.person.id, at))
    check_room(version)
    return offered(move, seen, rule)


def _members(rule: Rule, person: str, at: Ports) -> dict[str, Members]:
    """Who is in the rule's user groups, unless *person* is named by id anyway."""
    if person in rule.users:
        return {}
    return {group: at.chat.members(group) for group in rule.user_groups}


def _check_comment(errand: Decide, fresh: Offer) -> None:
    if fresh.comment_needed and not one_line(errand.comment):
        verb = between(fresh.source, fresh.target).key
        raise CommentNeeded((f"To {verb} a version of this group, say why in the comment.",))


def _check_outcome(shown: Offer, fresh: Offer) -> None:
    """A click never changes production in a way that its form did not say."""
    if fresh.outcome.changes and fresh.outcome.then != shown.outcome.then:
        raise OutcomeChanged(notices.outcome_changed(fresh))


def _decision(errand: Decide, offer: Offer, at: Ports) -> Decision:
    return Decision(
        id=errand.id,
        arn=offer.arn,
        source=offer.source,
        target=offer.target,
        outcome=offer.outcome,
        by=errand.click.person,
        comment=errand.comment,
        at=at.now(),
    )


def _carry_out(
    request: Request, decision: Decision, seen: Seen, at: Ports, *, again: bool
) -> Request:
    """Make *decision* true, and settle it; or declare it void."""
    try:
        version = _make_true(decision, seen.version, at)
    except Overtaken:
        first = notices.who_was_first(seen.version, request.last)
        return _void(request, decision, (*first, " Your decision was not made."), seen, at)
    except Declined:
        return _void(request, decision, notices.declined(seen.version, decision), seen, at)
    return conclude(request, decision, Seen.of(version, seen.versions), at, again=again)


def _make_true(decision: Decision, version: Described, at: Ports) -> Described:
    """The version with *decision* made: by now, or by an attempt whose end nobody saw."""
    if decision_in(version.metadata) == decision.id:
        return version
    if version.status is not decision.source:
        raise Overtaken(decision.id)
    at.registry.apply(decision)
    after = at.registry.describe(decision.arn)
    if decision_in(after.metadata) != decision.id:
        raise Unavailable(f"the registry does not show decision {decision.id} yet")
    return after


def _void(request: Request, decision: Decision, said: Sentence, seen: Seen, at: Ports) -> Request:
    """Tell the maker of *decision* that it was not made, and let the card show what is."""
    place, rule = request.place, at.rules.find(seen.version.group)
    channel = place.channel if place else rule.channel
    _whisper(channel, decision.by, notices.privately(said, decision.comment), at)
    request = at.ledger.save(over(replace(request, open=None), decision.id))
    return follow(request, seen, at)


def _whisper(channel: str, person: Person, said: Message, at: Ports) -> None:
    """Tell *person*, unless they cannot be reached any more: that must not hold up the version."""
    with suppress(Lost):
        at.chat.whisper(channel, person.id, said)


def _show(click: Click, request: Request, at: Ports) -> None:
    """Draw the clicker's own copy of the card again, if the click was made on one."""
    if click.answer_url:
        seen = look(click.offer.arn, at)
        drawn = card(seen, request.brief, at.rules.find(seen.version.group), request.last)
        at.chat.answer(click.answer_url, drawn, replace=True)
