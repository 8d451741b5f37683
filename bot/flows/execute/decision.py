"""
Carry out what was written down: a decision, a change outside, news of votes.

The registry has no "only if", so the order is what makes a decision happen exactly once. It is
written to the ledger; then one call sets the status; then a look at the registry proves it, by
the decision's id in the metadata. A crash anywhere is finished by whoever comes next (`finish`).
If somebody outside moved first, the decision is void, and everyone in it hears of it.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from bot.core.audit import entries
from bot.core.cards import notices
from bot.core.errors import Declined, Gone, MessageNotFound, Overtaken, Refused, Unavailable
from bot.core.evidence.brief import Candidate, brief_digest
from bot.core.reason import Reason, ReasonCode
from bot.core.votes import refusals
from bot.core.votes.approval_record import decision_in
from bot.core.votes.vote import Decision, VoteEvent
from bot.core.words.reasons import reason_sentence
from bot.flows.execute.reconcile import announce_news, conclude, follow, unless_lost
from bot.flows.fetch.version import look, remember
from bot.flows.tell.card import over, scene

if TYPE_CHECKING:
    from datetime import datetime

    from bot.core.cards.messages import Message
    from bot.core.registry.version import DescribedVersion
    from bot.core.rules.people import Person
    from bot.core.votes.request import Request
    from bot.flows.ports import Ports


def finish(request: Request, at: Ports) -> Request:
    """*request* with nothing open: what was written down before a crash is carried through."""
    if request.open is None:
        return request
    try:
        # No decision is made on other evidence than it was taken on. The rest is only told.
        is_decision = isinstance(request.open, Decision)
        seen = look(request.arn, at) if is_decision else remember(request, at)
    except Gone:
        _drop(request, at)
        raise
    match request.open:
        case Decision() as decision:
            return carry_out(request, decision, seen, at, again=True)
        case VoteEvent() as news:
            return announce_news(request, news, seen, at, again=True)
        case outside:
            return conclude(request, outside, seen, at, again=True)


def carry_out(
    request: Request, decision: Decision, seen: Candidate, at: Ports, *, again: bool
) -> Request:
    """Make *decision* true, and settle it; or declare it void."""
    try:
        version = _make_true(decision, seen, at)
    except Overtaken:
        why = refusals.late(seen.version, request.last, ReasonCode.OVERTAKEN)
        request = _void(request, decision, why, seen, at, again=again)
    except Refused as changed:
        request = _void(request, decision, changed.reason, seen, at, again=again)
    except Declined:
        why = refusals.declined(seen.version, decision)
        request = _void(request, decision, why, seen, at, again=again)
    else:
        seen = Candidate.of(version, seen.versions, seen.brief)
        return conclude(request, decision, seen, at, again=again)
    return follow(request, seen, at)


def _make_true(decision: Decision, seen: Candidate, at: Ports) -> DescribedVersion:
    """The version with *decision* made: by now, or by an attempt whose end nobody saw."""
    if decision_in(seen.version.metadata) == decision.id:
        return seen.version
    if seen.version.status is not decision.source:
        raise Overtaken(decision.id)
    if decision.brief not in ("", brief_digest(seen)):  # an older worker wrote none
        raise Refused(Reason(ReasonCode.BRIEF_CHANGED_SINCE_DECISION))
    at.registry.apply(decision)
    after = at.registry.describe(decision.arn)
    if decision_in(after.metadata) != decision.id:
        raise Unavailable(f"the registry does not show decision {decision.id} yet")
    return after


def _void(  # noqa: PLR0913 - every need is named
    request: Request, decision: Decision, why: Reason, seen: Candidate, at: Ports, *, again: bool
) -> Request:
    """Tell everyone in *decision* that it was not made; returns *request* without it."""
    said = notices.privately(
        (*reason_sentence(why), " Your decision was not made."), decision.comment
    )
    channel = request.place.channel if request.place else at.rules.find(seen.version.group).channel
    whisper(channel, decision.by, said, at)
    _tell_the_others(request, decision, why, decision.at if again else None, at)
    request = entries.void(request, decision.id, decision.votes, why, scene(request, seen, at))
    return at.ledger.save(over(_without(request, decision), decision.id))


def _without(request: Request, decision: Decision) -> Request:
    """*request* without *decision* and the votes that it rests on; the others still stand."""
    made_of = {vote.id for vote in decision.votes}
    kept = tuple(vote for vote in request.votes if vote.id not in made_of)
    return replace(request, open=None, votes=kept)


def _tell_the_others(
    request: Request, decision: Decision, why: Reason, since: datetime | None, at: Ports
) -> None:
    """Say in the thread that *decision* is void, if others voted for it as well."""
    if (place := request.place) and decision.others:
        said = notices.not_made(decision, reason_sentence(why))
        key = f"{decision.id}.void"
        unless_lost(partial(at.chat.post, place.channel, said, key=key, thread=place.ts), since)


def _drop(request: Request, at: Ports) -> None:
    """Let go of what was written down about a version that is gone, and tell who decided."""
    here = scene(request, None, at)
    if isinstance(decision := request.open, Decision):
        reason = Reason(ReasonCode.VERSION_GONE_UNDECIDED)
        said = notices.privately(reason_sentence(reason), decision.comment)
        whisper(here.rule.channel, decision.by, said, at)
        request = entries.void(request, decision.id, decision.votes, reason, here)
        request = _without(request, decision)
    at.ledger.save(replace(request, open=None))


def whisper(channel: str, person: Person, said: Message, at: Ports) -> None:
    """Tell *person*, unless they cannot be reached any more: that must not hold up the version."""
    with suppress(MessageNotFound):
        at.chat.whisper(channel, person.id, said)
