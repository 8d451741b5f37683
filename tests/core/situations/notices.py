"""The situations in which people are told that something changed, or did not."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.core.cards.messages import Message
from bot.core.cards.naming import Naming
from bot.core.cards.notices import render_notice
from bot.core.errors import Refused
from bot.core.evidence.brief import Brief, Metric
from bot.core.reason import Reason, ReasonCode
from bot.core.registry.moves import MOVES, Move
from bot.core.registry.outcome import Outcome
from bot.core.registry.version import DatedStatus
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
from bot.core.votes.refusals import brief_changed, declined, outcome_changed, status_changed
from bot.core.votes.request import Card
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
    outside,
    polls_after_votes,
    with_status,
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


def decision_to(move: Move, **changes: object) -> Change:
    """The decision to make *move* on the newest version."""
    decision = a_decision(
        with_status(move.source),
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
    membership: MembershipStatus = MembershipStatus.MEMBER,
    submitter: Submitter = Submitter(),  # noqa: B008
) -> Message:
    try:
        judge(rule, MOVES[0], who.id, (), KnownPeople(members, {who.id: membership}, submitter))
    except Refused as refusal:
        return refusal_message(refusal.reason)
    raise AssertionError("not refused")


WORSE = Brief((Metric("auc", "0.91"), Metric("recall", "0.81")))


def notice(kind: NoticeKind, **fields: Any) -> Notice:
    return Notice(id="notice-1", kind=kind, to=(), at=LATER, **fields)


def notice_of(change: Change, **more: Any) -> Notice:
    """The notice of *change*."""
    if isinstance(change, Decision):
        return notice(NoticeKind.DECIDED, decision=change, **more)
    return notice(NoticeKind.EXTERNAL_CHANGE, external=change, **more)


def thread(notice: Notice, number: int = NEW.number, polls: Sequence[Poll] = ()) -> Message:
    return render_notice(notice, Way.THREAD, NEW.group, number, CARD, polls)


PERMALINK = f"https://acme.slack.com/archives/{CARDS}/p1772452800000100"


CARD = Card(channel=CARDS, ts="1772452800.000100", permalink=PERMALINK)


def channel(notice: Notice, card: Card | None = CARD, **more: Any) -> Message:
    return render_notice(notice, Way.CHANNEL, NEW.group, NEW.number, card, **more)


def private(notice: Notice) -> Message:
    return render_notice(notice, Way.PRIVATE, NEW.group, NEW.number)


def refusal_message(reason: Reason, comment: str = "") -> Message:
    """The private message to somebody who was refused."""
    return private(notice(NoticeKind.REFUSED, reason=reason, comment=comment))


def too_late(last: Change | None, by: str = "") -> Message:
    return refusal_message(status_changed(with_status(APPROVED, modified_by=by), last))


def votes(kind: NoticeKind, *people: Person, **changes: object) -> Message:
    """The message in the thread about the votes of *people*, who voted to approve."""
    cast = tuple(a_vote(NEW, APPROVED, who, **changes) for who in people)
    open_polls = (
        polls_after_votes(NEW, PAIR, *people, **changes) if kind is NoticeKind.VOTE_CAST else ()
    )
    return thread(notice(kind, votes=cast), polls=open_polls)


OVERTAKEN = status_changed(
    with_status(REJECTED, modified_by=STUDIO), None, ReasonCode.STATUS_CHANGED_SINCE_DECISION
)
GONE = Reason(ReasonCode.VERSION_GONE_UNDECIDED)
BY_TWO = (a_vote(NEW, APPROVED), a_vote(NEW, APPROVED, CHLOE))
APPROVE, REJECT, _, REVOKE = MOVES

MISSED = notice(
    NoticeKind.MISSED, reported=DatedStatus(REJECTED, LATER - timedelta(seconds=1)), votes=BY_TWO
)
OVERRIDDEN = replace(MISSED, decision=decision_to(APPROVE), votes=())


def situations() -> dict[str, Message]:
    return {
        **{f"thread-{move.key}": thread(notice_of(decision_to(move))) for move in MOVES},
        "thread-approve-without-a-comment": thread(notice_of(decision_to(APPROVE, comment=""))),
        "thread-approve-one-older-than-the-live-one": thread(
            notice_of(decision_to(APPROVE, outcome=Outcome(5, 5))), OLD[0].number
        ),
        "thread-approve-the-first": thread(
            notice_of(decision_to(APPROVE, outcome=Outcome(None, 6), comment=""))
        ),
        "thread-revoke-the-only-one": thread(
            notice_of(decision_to(REVOKE, outcome=Outcome(6, None)))
        ),
        "thread-reject-while-nothing-is-live": thread(
            notice_of(decision_to(REJECT, outcome=Outcome(None, None)))
        ),
        "thread-approved-outside": thread(
            notice_of(outside(APPROVED, outcome=Outcome(5, 6), comment="From the notebook."))
        ),
        "thread-revoked-outside-by-nobody-known": thread(
            notice_of(outside(REJECTED, source=APPROVED, outcome=Outcome(6, 5), by=""))
        ),
        "thread-set-back-to-waiting-outside": thread(
            notice_of(outside(PENDING, source=APPROVED, outcome=Outcome(6, 5)))
        ),
        "thread-with-hostile-text": thread(notice_of(decision_to(APPROVE, comment=HOSTILE * 20))),
        "thread-with-a-comment-that-cannot-be-seen": thread(
            notice_of(decision_to(APPROVE, comment=UNSEEN))
        ),
        "thread-a-vote": votes(NoticeKind.VOTE_CAST, ANA),
        "thread-a-vote-as-an-emergency-override": votes(NoticeKind.VOTE_CAST, ANA, override=True),
        "thread-a-withdrawn-vote": votes(NoticeKind.VOTE_WITHDRAWN, ANA),
        "thread-votes-that-are-void": votes(NoticeKind.VOTES_VOID, ANA, BEN),
        "thread-approved-outside-with-votes": thread(
            notice_of(outside(APPROVED, outcome=Outcome(5, 6)), votes=BY_TWO)
        ),
        "thread-approve-by-two": thread(notice_of(decision_to(APPROVE, by=CHLOE, votes=BY_TWO))),
        "thread-a-decision-that-was-void": thread(
            notice(
                NoticeKind.NOT_MADE,
                decision=decision_to(APPROVE, by=CHLOE, votes=BY_TWO),
                reason=OVERTAKEN,
            )
        ),
        "thread-approve-on-another-version": thread(
            notice_of(decision_to(APPROVE), reason=Reason(ReasonCode.MADE_ON_ANOTHER_VERSION))
        ),
        "thread-rejected-outside-and-set-back-unseen": thread(MISSED),
        "channel-rejected-outside-and-set-back-unseen": channel(MISSED),
        "thread-rejected-outside-while-the-decision-was-made": thread(OVERRIDDEN),
        "channel-rejected-outside-while-the-decision-was-made": channel(OVERRIDDEN),
        "channel-approved-outside-and-set-back-unseen-around-the-rule": channel(
            replace(MISSED, reported=DatedStatus(APPROVED, LATER)), rule=PAIR
        ),
        "channel-approve": channel(notice_of(decision_to(APPROVE))),
        "channel-approve-where-nobody-is-pinged": channel(
            notice_of(decision_to(APPROVE, by=Person(ANA.id, "Ana Silva"))), naming=Naming(())
        ),
        "channel-revoke-without-a-card": channel(notice_of(decision_to(REVOKE, comment="")), None),
        "channel-rejected-outside": channel(
            notice_of(outside(REJECTED)), replace(CARD, permalink="")
        ),
        "channel-an-emergency-override": channel(
            notice(
                NoticeKind.OVERRIDE,
                votes=(a_vote(NEW, APPROVED, override=True, comment="Production is down."),),
            )
        ),
        "private-status-changed-since-decision": private(
            notice(NoticeKind.NOT_MADE, decision=decision_to(APPROVE, comment=""), reason=OVERTAKEN)
        ),
        "private-gone-before-it-was-known-to-be-decided": private(
            notice(
                NoticeKind.NOT_MADE,
                decision=decision_to(APPROVE),
                reason=GONE,
            )
        ),
        "private-replaced": refusal_message(Reason(ReasonCode.VERSION_REPLACED), "looks good"),
        "private-last-try": refusal_message(Reason(ReasonCode.LAST_TRY), "looks good"),
        "private-still-trying": refusal_message(Reason(ReasonCode.STILL_TRYING), "looks good"),
        "private-still-trying-and-perhaps-decided": refusal_message(
            Reason(ReasonCode.STILL_TRYING_UNKNOWN), "looks good"
        ),
        "channel-a-card-could-not-be-posted": channel(
            notice(
                NoticeKind.CARD_NOT_POSTED,
                reason=Reason(
                    ReasonCode.CARD_NOT_POSTED, {"channel": "C0FRAUD000", "error": "is_archived"}
                ),
            ),
            "",
        ),
        "private-put-off": refusal_message(Reason(ReasonCode.REGISTRY_UNREADABLE), "looks good"),
        "private-may-not": refused(RULE, {LEADS: frozenset({BEN.id})}),
        "private-may-not-and-a-group-could-not-be-read": refused(RULE, {LEADS: LookupFailure.PLAN}),
        "private-may-not-and-a-scope-is-missing": refused(RULE, {LEADS: LookupFailure.SCOPE}),
        "private-may-not-approve-ones-own": refused(
            RULE, {LEADS: frozenset()}, ANA, submitter=Submitter("ana", (ANA.id,))
        ),
        "private-may-not-approve-what-may-be-ones-own": refused(
            RULE,
            {LEADS: frozenset()},
            ANA,
            submitter=Submitter(f"{ANA.id} {BEN.id}", (ANA.id, BEN.id)),
        ),
        "private-may-not-as-the-submitter-is-not-known": refused(
            RULE,
            {LEADS: frozenset()},
            ANA,
            submitter=Submitter("ana@x.org", (), LookupFailure.SCOPE),
        ),
        "private-may-not-as-a-guest": refused(
            RULE, {LEADS: frozenset({DAN.id})}, membership=MembershipStatus.GUEST
        ),
        "private-may-not-as-somebody-of-another-workspace": refused(
            RULE, {LEADS: frozenset({DAN.id})}, membership=MembershipStatus.STRANGER
        ),
        "private-may-not-as-nobody-can": refused(
            PAIR, {LEADS: frozenset({ANA.id}), RISK: frozenset({ANA.id})}
        ),
        "private-the-brief-changed": refusal_message(brief_changed(BRIEF, WORSE), "looks good"),
        "private-the-evidence-changed": refusal_message(brief_changed(BRIEF, BRIEF)),
        "private-may-not-because-no-rule-matches": refused(Rule(patterns=(), channel="C1"), {}),
        "private-too-late-somebody-was-first": too_late(decision_to(APPROVE, by=BEN)),
        "private-too-late-decided-outside": too_late(outside(APPROVED), STUDIO),
        "private-too-late-decided-outside-by-nobody-known": too_late(None),
        "private-too-late-after-an-older-decision": too_late(decision_to(REJECT), STUDIO),
        "private-outcome-changed": refusal_message(
            outcome_changed(NEW.number, APPROVED, OUTCOMES["approve"])
        ),
        "private-declined-by-sagemaker": refusal_message(declined(NEW, a_decision(NEW, APPROVED))),
    }


SITUATIONS = situations()
