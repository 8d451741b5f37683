"""The situations in which people are told that something changed, or did not."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.core.cards.messages import Message
from bot.core.cards.notices import (
    render_notice,
)
from bot.core.errors import Refused
from bot.core.evidence.brief import Brief, Metric
from bot.core.reason import Reason, ReasonCode
from bot.core.registry.moves import MOVES, Move
from bot.core.registry.outcome import Outcome
from bot.core.rules.judge import judge
from bot.core.rules.people import (
    KnownPeople,
    LookupFailure,
    Members,
    MembershipStatus,
    Person,
    Submitter,
)
from bot.core.rules.rule import Rule
from bot.core.votes.outbox import Notice, NoticeKind, Way
from bot.core.votes.polls import Poll
from bot.core.votes.refusals import brief_changed, declined, late, outcome_changed
from bot.core.votes.vote import Change, Decision
from tests.core.situations.cards import (
    APPROVED,
    BRIEF,
    HOSTILE,
    LATER,
    NEW,
    OLD,
    PAIR,
    PENDING,
    REJECTED,
    STUDIO,
    UNSEEN,
    at,
    outside,
    voted,
)
from tests.doubles.builders import (
    ANA,
    BEN,
    CARDS,
    CHLOE,
    DAN,
    LEADS,
    RISK,
    RULE,
    a_decision,
    a_vote,
)

OUTCOMES = {
    "approve": Outcome(5, 6),
    "reject": Outcome(5, 5),
    "reinstate": Outcome(5, 6),
    "revoke": Outcome(6, 5),
}


def made(move: Move, **changes: object) -> Change:
    """The decision to make *move* on the newest version."""
    decision = a_decision(
        at(move.source),
        move.target,
        at=LATER,
        outcome=OUTCOMES[move.key],
        comment="The merchant's country\nmakes the difference.",
    )
    return replace(decision, **changes)  # type: ignore[arg-type]


def refused(
    rule: Rule,
    members: dict[str, Members],
    who: Person = DAN,
    standing: MembershipStatus = MembershipStatus.MEMBER,
    submitter: Submitter = Submitter(),  # noqa: B008
) -> Message:
    try:
        judge(rule, MOVES[0], who.id, (), KnownPeople(members, {who.id: standing}, submitter))
    except Refused as no:
        return told(no.reason)
    raise AssertionError("not refused")


WORSE = Brief((Metric("auc", "0.91"), Metric("recall", "0.81")))


def notice(kind: NoticeKind, **about: Any) -> Notice:
    return Notice(id="notice-1", kind=kind, to=(), at=LATER, **about)


def about(change: Change, **more: Any) -> Notice:
    """The notice of *change*."""
    if isinstance(change, Decision):
        return notice(NoticeKind.DECIDED, decision=change, **more)
    return notice(NoticeKind.CHANGED_ELSEWHERE, external=change, **more)


def thread(told: Notice, number: int = NEW.number, polls: Sequence[Poll] = ()) -> Message:
    return render_notice(told, Way.THREAD, NEW.group, number, CARDS, polls)


def channel(told: Notice, cards_channel: str = CARDS) -> Message:
    return render_notice(told, Way.CHANNEL, NEW.group, NEW.number, cards_channel)


def private(told: Notice) -> Message:
    return render_notice(told, Way.PRIVATE, NEW.group, NEW.number)


def told(reason: Reason, comment: str = "") -> Message:
    """What somebody hears who was refused."""
    return private(notice(NoticeKind.REFUSED, reason=reason, comment=comment))


def too_late(last: Change | None, by: str = "") -> Message:
    return told(late(at(APPROVED, modified_by=by), last))


def votes(kind: NoticeKind, *people: Person, **changes: object) -> Message:
    """What the thread hears of the votes of *people*, who voted to approve."""
    cast = tuple(a_vote(NEW, APPROVED, who, **changes) for who in people)
    left = voted(NEW, PAIR, *people, **changes) if kind is NoticeKind.VOTE_CAST else ()
    return thread(notice(kind, votes=cast), polls=left)


OVERTAKEN = late(at(REJECTED, modified_by=STUDIO), None, ReasonCode.OVERTAKEN)
GONE = Reason(ReasonCode.VERSION_GONE_UNDECIDED)
BY_TWO = (a_vote(NEW, APPROVED), a_vote(NEW, APPROVED, CHLOE))
APPROVE, REJECT, _, REVOKE = MOVES


def situations() -> dict[str, Message]:
    return {
        **{f"thread-{move.key}": thread(about(made(move))) for move in MOVES},
        "thread-approve-without-a-comment": thread(about(made(APPROVE, comment=""))),
        "thread-approve-one-older-than-the-live-one": thread(
            about(made(APPROVE, outcome=Outcome(5, 5))), OLD[0].number
        ),
        "thread-approve-the-first": thread(
            about(made(APPROVE, outcome=Outcome(None, 6), comment=""))
        ),
        "thread-revoke-the-only-one": thread(about(made(REVOKE, outcome=Outcome(6, None)))),
        "thread-reject-while-nothing-is-live": thread(
            about(made(REJECT, outcome=Outcome(None, None)))
        ),
        "thread-approved-outside": thread(
            about(outside(APPROVED, outcome=Outcome(5, 6), comment="From the notebook."))
        ),
        "thread-revoked-outside-by-nobody-known": thread(
            about(outside(REJECTED, source=APPROVED, outcome=Outcome(6, 5), by=""))
        ),
        "thread-set-back-to-waiting-outside": thread(
            about(outside(PENDING, source=APPROVED, outcome=Outcome(6, 5)))
        ),
        "thread-with-hostile-text": thread(about(made(APPROVE, comment=HOSTILE * 20))),
        "thread-with-a-comment-that-cannot-be-seen": thread(about(made(APPROVE, comment=UNSEEN))),
        "thread-a-vote": votes(NoticeKind.VOTE_CAST, ANA),
        "thread-a-vote-as-an-emergency-override": votes(NoticeKind.VOTE_CAST, ANA, override=True),
        "thread-a-withdrawn-vote": votes(NoticeKind.VOTE_WITHDRAWN, ANA),
        "thread-votes-that-are-void": votes(NoticeKind.VOTES_VOID, ANA, BEN),
        "thread-approved-outside-with-votes": thread(
            about(outside(APPROVED, outcome=Outcome(5, 6)), votes=BY_TWO)
        ),
        "thread-approve-by-two": thread(about(made(APPROVE, by=CHLOE, votes=BY_TWO))),
        "thread-a-decision-that-was-void": thread(
            notice(
                NoticeKind.NOT_MADE,
                decision=made(APPROVE, by=CHLOE, votes=BY_TWO),
                reason=OVERTAKEN,
            )
        ),
        "channel-approve": channel(about(made(APPROVE))),
        "channel-revoke-without-a-card": channel(about(made(REVOKE, comment="")), ""),
        "channel-rejected-outside": channel(about(outside(REJECTED))),
        "channel-an-emergency-override": channel(
            notice(
                NoticeKind.OVERRIDE,
                votes=(a_vote(NEW, APPROVED, override=True, comment="Production is down."),),
            )
        ),
        "private-overtaken": private(
            notice(NoticeKind.NOT_MADE, decision=made(APPROVE, comment=""), reason=OVERTAKEN)
        ),
        "private-gone-before-it-was-known-to-be-decided": private(
            notice(
                NoticeKind.NOT_MADE,
                decision=made(APPROVE),
                reason=GONE,
            )
        ),
        "private-put-off": told(Reason(ReasonCode.REGISTRY_UNREADABLE), "looks good"),
        "private-may-not": refused(RULE, {LEADS: frozenset({BEN.id})}),
        "private-may-not-and-a-group-could-not-be-read": refused(RULE, {LEADS: LookupFailure.PLAN}),
        "private-may-not-and-a-scope-is-missing": refused(RULE, {LEADS: LookupFailure.SCOPE}),
        "private-may-not-approve-ones-own": refused(
            RULE, {LEADS: frozenset()}, ANA, submitter=Submitter("ana", ANA.id)
        ),
        "private-may-not-as-the-submitter-is-not-known": refused(
            RULE,
            {LEADS: frozenset()},
            ANA,
            submitter=Submitter("ana@x.org", None, LookupFailure.SCOPE),
        ),
        "private-may-not-as-a-guest": refused(
            RULE, {LEADS: frozenset({DAN.id})}, standing=MembershipStatus.GUEST
        ),
        "private-may-not-as-somebody-of-another-workspace": refused(
            RULE, {LEADS: frozenset({DAN.id})}, standing=MembershipStatus.STRANGER
        ),
        "private-may-not-as-nobody-can": refused(
            PAIR, {LEADS: frozenset({ANA.id}), RISK: frozenset({ANA.id})}
        ),
        "private-the-brief-changed": told(brief_changed(BRIEF, WORSE), "looks good"),
        "private-the-evidence-changed": told(brief_changed(BRIEF, BRIEF)),
        "private-may-not-because-no-rule-matches": refused(Rule(patterns=(), channel="C1"), {}),
        "private-too-late-somebody-was-first": too_late(made(APPROVE, by=BEN)),
        "private-too-late-decided-outside": too_late(outside(APPROVED), STUDIO),
        "private-too-late-decided-outside-by-nobody-known": too_late(None),
        "private-too-late-after-an-older-decision": too_late(made(REJECT), STUDIO),
        "private-outcome-changed": told(outcome_changed(NEW.number, APPROVED, OUTCOMES["approve"])),
        "private-declined-by-sagemaker": told(declined(NEW, a_decision(NEW, APPROVED))),
    }


SITUATIONS = situations()
