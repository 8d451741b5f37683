"""Everything that can be rendered about a version, and the texts in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from bot.core.cards import answers, notices
from bot.core.cards.answers import GroupRow
from bot.core.cards.card import card, gone
from bot.core.cards.endpoints import of_endpoint
from bot.core.cards.forms import checked, opened, refusal, shown_again, working
from bot.core.cards.home import home
from bot.core.cards.messages import Message
from bot.core.cards.receipts import receipt
from bot.core.decide.effect import CheckedForm, Decided, NotDone, Recorded, VoteCount, VoteEffect
from bot.core.evidence.brief import Candidate
from bot.core.followup.endpoints import EndpointStatus
from bot.core.followup.results import EndpointResult
from bot.core.jobs.messages import SubmitForm
from bot.core.reason import Reason
from bot.core.registry.moves import moves_from
from bot.core.registry.version import DatedStatus, arn_key
from bot.core.rules.people import KnownPeople, Person
from bot.core.rules.rule import Rule, Rules
from bot.core.votes.outbox import Notice, NoticeKind, Way
from bot.core.votes.polls import polls
from bot.core.votes.refusals import brief_changed, declined, outcome_changed, status_changed
from bot.core.votes.request import Card
from bot.core.votes.vote import Change, ExternalChange
from tests.core.reading import as_sent
from tests.core.strategies import candidates, changes, facts, moments, rules
from tests.doubles.builders import a_click, a_decision, a_vote, an_offer

CARD = Card(channel="C0FRAUD000", ts="1.1", permalink="https://acme.slack.com/archives/C0/p11")


@dataclass(frozen=True, slots=True)
class Subject:
    """What messages and views are rendered from."""

    candidate: Candidate
    change: Change
    rule: Rule
    facts: KnownPeople
    now: datetime


subjects = st.builds(Subject, candidates(), changes, rules, facts, moments)


KINDS = [kind for kind in NoticeKind if kind is not NoticeKind.UPDATE_CARDS]


def an_external(change: Change) -> ExternalChange:
    """A change elsewhere that says what *change* says."""
    return ExternalChange(
        id=change.id,
        source=change.source,
        target=change.target,
        outcome=change.outcome,
        by=change.comment,
        comment=change.comment,
        at=change.at,
    )


def refusal_message(reason: Reason) -> Message:
    return notices.private_reason(reason)


def everything(about: Subject) -> list[Any]:
    """Every message and view that one version can be the subject of."""
    candidate, change, rule, now = about.candidate, about.change, about.rule, about.now
    version, group = candidate.version, candidate.version.group
    move = moves_from(version.status)[0]
    cast = [
        a_vote(version, move.target, Person(user, "x"), comment=change.comment, override=True)
        for user in [*rule.everybody.users[:30], "U0DAN00000"]
    ]
    open_polls = polls(rule, cast, about.facts)

    def message_of(kind: NoticeKind, way: Way) -> Message:
        decided = kind in {NoticeKind.DECIDED, NoticeKind.NOT_MADE, NoticeKind.MISSED}
        notice = Notice(
            id="1",
            kind=kind,
            to=(),
            at=now,
            decision=a_decision(version, move.target, comment=change.comment) if decided else None,
            external=an_external(change),
            reported=DatedStatus(change.target, change.at),
            votes=tuple(cast),
            reason=status_changed(version, change),
            comment=change.comment,
        )
        return notices.render_notice(notice, way, group, version.number, CARD, open_polls)

    offer = an_offer(version, move.target)
    click = a_click(offer, Person("U0ANA00000", change.comment))
    submit = SubmitForm("1", click, change.comment, "V1")
    count = VoteCount(have=1, needed=2, missing=((rule.name or "risk", 1),))
    effect = VoteEffect(count=count, decides=False, earlier=tuple(cast), own=cast[-1])
    form = CheckedForm(offer, effect)
    versions = [version] * 11
    row = GroupRow(group=group, waiting=11, newest=version)
    failed = EndpointResult(
        endpoint=change.comment,
        state=EndpointStatus.FAILED,
        serves=(version.arn,),
        reason=change.comment,
    )
    situations = [
        card(candidate, rule, None),
        card(candidate, rule, change, open_polls),
        *(message_of(kind, way) for kind in KINDS for way in Way),
        refusal_message(brief_changed(candidate.brief, candidate.brief)),
        of_endpoint(failed, {version.arn: version}),
        gone(group, version.number),
        opened(click),
        checked(click, form),
        shown_again(submit, form, status_changed(version, change)),
        working(submit),
        receipt(submit, Decided(a_decision(version, move.target, comment=change.comment))),
        receipt(submit, Recorded(cast[-1], form.effect.count)),
        receipt(submit, NotDone(status_changed(version, change))),
        refusal((change.comment,)),
        refusal_message(status_changed(version, change)),
        refusal_message(status_changed(version, None)),
        refusal_message(outcome_changed(offer.number, offer.target, offer.outcome)),
        refusal_message(declined(version, a_decision(version, move.target))),
        answers.overview([row] * 10, len(versions), 1, more=True),
        answers.versions(group, versions[:10], 0, now, newest=version, more=True),
        answers.pending(versions, 0, now, (), {arn_key(version.arn): CARD}),
        home(
            [version] * 21,
            Rules("C0MODELS00", (rule,)),
            now + timedelta(days=1),
            cards={arn_key(version.arn): CARD},
        ),
        answers.instructions(version.description),
        answers.unknown(version.description, [f"history {group} {version.number}"]),
        answers.unknown(version.description, []),
        answers.no_such_version(group, version.number),
        answers.no_such_arn(version.description),
    ]
    return [as_sent(each) for each in situations]


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
