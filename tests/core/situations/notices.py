"""The situations in which people are told that something changed, or did not."""

from dataclasses import replace

from bot.core.cards.messages import Message
from bot.core.cards.notices import (
    for_channel,
    in_thread,
    not_made,
    of_votes,
    override_notice,
    privately,
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
from bot.core.votes.refusals import brief_changed, declined, late, outcome_changed
from bot.core.votes.request import MessageRef
from bot.core.votes.vote import Change, VoteEvent, VoteEventKind
from bot.core.words.reasons import reason_sentence
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

CARD = MessageRef(CARDS, "1772452800.000100")
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


def told(reason: Reason, comment: str = "") -> Message:
    return privately(reason_sentence(reason), comment)


def too_late(last: Change | None, by: str = "") -> Message:
    return told(late(at(APPROVED, modified_by=by), last))


def and_not_made(reason: Reason) -> Message:
    return privately((*reason_sentence(reason), " Your decision was not made."))


WORSE = Brief((Metric("auc", "0.91"), Metric("recall", "0.81")))


def news(what: VoteEventKind, *people: Person, **changes: object) -> Message:
    votes = tuple(a_vote(NEW, APPROVED, who, **changes) for who in people)
    left = voted(NEW, PAIR, *people, **changes) if what is VoteEventKind.CAST else ()
    return of_votes(VoteEvent(id="vote-1", what=what, votes=votes, at=LATER), left)


APPROVE, REJECT, _, REVOKE = MOVES
SITUATIONS = {
    **{f"thread-{move.key}": in_thread(at(move.target), made(move)) for move in MOVES},
    "thread-approve-without-a-comment": in_thread(at(APPROVED), made(APPROVE, comment="")),
    "thread-approve-one-older-than-the-live-one": in_thread(
        replace(OLD[0], status=APPROVED), made(APPROVE, outcome=Outcome(5, 5))
    ),
    "thread-approve-the-first": in_thread(
        at(APPROVED), made(APPROVE, outcome=Outcome(None, 6), comment="")
    ),
    "thread-revoke-the-only-one": in_thread(at(REJECTED), made(REVOKE, outcome=Outcome(6, None))),
    "thread-reject-while-nothing-is-live": in_thread(
        at(REJECTED), made(REJECT, outcome=Outcome(None, None))
    ),
    "thread-approved-outside": in_thread(
        at(APPROVED), outside(APPROVED, outcome=Outcome(5, 6), comment="From the notebook.")
    ),
    "thread-revoked-outside-by-nobody-known": in_thread(
        at(REJECTED), outside(REJECTED, source=APPROVED, outcome=Outcome(6, 5), by="")
    ),
    "thread-set-back-to-waiting-outside": in_thread(
        NEW, outside(PENDING, source=APPROVED, outcome=Outcome(6, 5))
    ),
    "thread-with-hostile-text": in_thread(at(APPROVED), made(APPROVE, comment=HOSTILE * 20)),
    "thread-with-a-comment-that-cannot-be-seen": in_thread(
        at(APPROVED), made(APPROVE, comment=UNSEEN)
    ),
    "channel-approve": for_channel(at(APPROVED), made(APPROVE), CARD),
    "channel-revoke-without-a-card": for_channel(at(REJECTED), made(REVOKE, comment=""), None),
    "channel-rejected-outside": for_channel(at(REJECTED), outside(REJECTED), CARD),
    "private-may-not": refused(RULE, {LEADS: frozenset({BEN.id})}),
    "private-may-not-and-a-group-could-not-be-read": refused(RULE, {LEADS: LookupFailure.PLAN}),
    "private-may-not-and-a-scope-is-missing": refused(RULE, {LEADS: LookupFailure.SCOPE}),
    "private-may-not-approve-ones-own": refused(
        RULE, {LEADS: frozenset()}, ANA, submitter=Submitter("ana", ANA.id)
    ),
    "private-may-not-as-the-submitter-is-not-known": refused(
        RULE, {LEADS: frozenset()}, ANA, submitter=Submitter("ana@x.org", None, LookupFailure.SCOPE)
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
    "thread-a-vote": news(VoteEventKind.CAST, ANA),
    "thread-a-vote-that-breaks-the-override": news(VoteEventKind.CAST, ANA, override=True),
    "thread-a-withdrawn-vote": news(VoteEventKind.WITHDRAWN, ANA),
    "thread-votes-that-are-void": news(VoteEventKind.VOID, ANA, BEN),
    "thread-approved-outside-with-votes": in_thread(
        at(APPROVED),
        outside(APPROVED, outcome=Outcome(5, 6)),
        [a_vote(NEW, APPROVED), a_vote(NEW, APPROVED, CHLOE)],
    ),
    "thread-approve-by-two": in_thread(
        at(APPROVED),
        made(APPROVE, by=CHLOE, votes=(a_vote(NEW, APPROVED), a_vote(NEW, APPROVED, CHLOE))),
    ),
    "thread-a-decision-that-was-void": not_made(
        made(APPROVE, by=CHLOE, votes=(a_vote(NEW, APPROVED), a_vote(NEW, APPROVED, CHLOE))),
        reason_sentence(late(at(REJECTED, modified_by=STUDIO), None)),
    ),
    "channel-a-broken-override": override_notice(
        NEW, a_vote(NEW, APPROVED, override=True, comment="Production is down.")
    ),
    "private-may-not-because-no-rule-matches": refused(Rule(patterns=(), channel="C1"), {}),
    "private-too-late-somebody-was-first": too_late(made(APPROVE, by=BEN)),
    "private-too-late-decided-outside": too_late(outside(APPROVED), STUDIO),
    "private-too-late-decided-outside-by-nobody-known": too_late(None),
    "private-too-late-after-an-older-decision": too_late(made(REJECT), STUDIO),
    "private-overtaken": and_not_made(late(at(REJECTED, modified_by=STUDIO), None)),
    "private-outcome-changed": told(outcome_changed(NEW.number, APPROVED, OUTCOMES["approve"])),
    "private-put-off": told(Reason(ReasonCode.REGISTRY_UNREADABLE), "looks good"),
    "private-declined-by-sagemaker": told(declined(NEW, a_decision(NEW, APPROVED))),
}
