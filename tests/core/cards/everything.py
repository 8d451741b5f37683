"""Everything that can be drawn about a version, and where text stands in it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import product
from typing import Any

from hypothesis import strategies as st

from bot.core.cards import answers
from bot.core.cards.blocks import Json
from bot.core.cards.card import card, gone
from bot.core.cards.endpoints import of_endpoint
from bot.core.cards.forms import form, refusal
from bot.core.cards.messages import Message
from bot.core.cards.notices import render_notice
from bot.core.evidence.brief import Candidate
from bot.core.followup.endpoints import EndpointResult, EndpointStatus
from bot.core.registry.moves import leaving
from bot.core.rules.people import KnownPeople, Person
from bot.core.rules.rule import Rule, Rules
from bot.core.votes.button import ButtonPayload
from bot.core.votes.outbox import Channel as Way
from bot.core.votes.outbox import Notice, NoticeKind
from bot.core.votes.polls import polls
from bot.core.votes.refusals import brief_changed, declined, late, outcome_changed
from bot.core.votes.vote import Change, Decision, ExternalChange, Vote
from bot.core.words.reasons import reason_sentence
from tests.core.reading import drawn
from tests.core.strategies import changes, facts, looks, moments, rules
from tests.doubles.builders import a_click, a_decision, a_vote, an_offer


@dataclass(frozen=True, slots=True)
class Subject:
    """What a drawing starts from."""

    seen: Candidate
    change: Change
    rule: Rule
    facts: KnownPeople
    now: datetime


_KINDS = [kind for kind in NoticeKind if kind is not NoticeKind.WAKE]
subjects = st.builds(Subject, looks(), changes, rules, facts, moments)


def notices(about: Subject, votes: tuple[Vote, ...]) -> Iterator[Message]:
    """Every notice about the subject, by every way."""
    version, change = about.seen.version, about.change
    decision = replace(
        a_decision(version, leaving(version.status)[0].target), comment=change.comment, votes=votes
    )
    so_far = polls(about.rule, votes, about.facts)
    for kind, way in product(_KINDS, (Way.THREAD, Way.CHANNEL, Way.PRIVATE)):
        notice = Notice(
            id="1",
            kind=kind,
            to=(),
            at=about.now,
            decision=change if isinstance(change, Decision) else decision,
            external=change if isinstance(change, ExternalChange) else None,
            votes=votes,
            reason=late(version, change),
            comment=change.comment,
        )
        if kind is not NoticeKind.CHANGED_ELSEWHERE or notice.external:
            yield render_notice(notice, way, version.group, version.number, "C0FRAUD000", so_far)


def refusals(about: Subject, offer: ButtonPayload) -> Iterator[Json]:
    """The forms that say why nothing can be decided."""
    version, brief = about.seen.version, about.seen.brief
    reasons = [
        brief_changed(brief, brief),
        late(version, about.change),
        late(version, None),
        outcome_changed(offer.number, offer.target, offer.outcome),
        declined(version, a_decision(version, offer.target)),
    ]
    return (refusal(reason_sentence(reason)) for reason in reasons)


def everything(about: Subject) -> list[Any]:
    """Every message and view that one version can be the subject of."""
    seen, change, rule, now = about.seen, about.change, about.rule, about.now
    version, group = seen.version, seen.version.group
    move = leaving(version.status)[0]
    cast = tuple(
        a_vote(version, move.target, Person(user, "x"), comment=change.comment, override=True)
        for user in [*rule.everybody.users[:30], "U0DAN00000"]
    )
    offer = an_offer(version, move.target)
    some = [version] * 11
    failed = EndpointResult(
        endpoint=change.comment,
        state=EndpointStatus.FAILED,
        serves=(version.arn,),
        reason=change.comment,
    )
    situations = [
        card(seen, rule, None),
        card(seen, rule, change, polls(rule, cast, about.facts)),
        *notices(about, cast),
        *refusals(about, offer),
        of_endpoint(failed, {version.arn: version}),
        gone(group, version.number),
        form(a_click(offer, Person("U0ANA00000", change.comment))),
        refusal((change.comment,)),
        answers.overview([group] * 11, some, some, 1),
        answers.versions(group, some, 0, now),
        answers.pending(some, 0, now),
        answers.home([version] * 21, Rules("C0MODELS00", (rule,)), now + timedelta(days=1)),
        answers.instructions(version.description),
        answers.unknown(version.description, [f"history {group} {version.number}"]),
        answers.unknown(version.description, []),
        answers.no_such_version(group, version.number),
        answers.no_such_arn(version.description),
    ]
    return [drawn(each) for each in situations]


def texts(node: Any, so_far: dict[str, Any] | None = None) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every string under *node*, with the object that holds it."""
    match node:
        case str():
            yield node, so_far or {}
        case dict():
            for child in node.values():
                yield from texts(child, node)
        case list():
            for child in node:
                yield from texts(child, so_far)
