"""
What one person's vote does, as values: before it is cast, for the form; and after it, the receipt.

Both are read off what the job is decided on, so a form says what the click then does.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from bot.core.jobs.messages import ShownEffect
from bot.core.reason import ReasonCode
from bot.core.votes.outbox import NoticeKind
from bot.core.votes.polls import polls, votes_on

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.core.decide.plan import Plan
    from bot.core.decide.snapshot import Snapshot
    from bot.core.jobs.messages import SubmitForm
    from bot.core.reason import Reason
    from bot.core.registry.moves import Move
    from bot.core.rules.judge import Verdict
    from bot.core.rules.quorum import Tally
    from bot.core.votes.button import ButtonPayload
    from bot.core.votes.outbox import Notice
    from bot.core.votes.vote import Decision, Vote


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteCount:
    """How far a move has come with one vote, which counts for a role or for none."""

    have: int
    needed: int
    missing: tuple[tuple[str, int], ...]
    """The roles that need more people, each with how many."""
    counts: bool = True
    """Whether the vote is one of those that the move has: its role may be full without it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteEffect:
    """What a person's vote for a move would do now, and the votes that stand beside it."""

    count: VoteCount
    decides: bool
    veto: bool = False
    """Whether it decides only because the person can veto."""
    earlier: tuple[Vote, ...] = ()
    """The votes of others that count for the move, each with the role that it counts for."""
    own: Vote | None = None
    """The vote that this one takes the place of: for the same move, or for another."""

    @property
    def shown(self) -> ShownEffect:
        """What a form that shows this brings back when it is submitted."""
        return ShownEffect(decides=self.decides, have=self.count.have)


@dataclass(frozen=True, slots=True)
class CheckedForm:
    """What a form shows: its move as it is now, and what the person's vote would do."""

    button: ButtonPayload
    effect: VoteEffect


def effect_of(person: str, move: Move, verdict: Verdict, votes: Iterable[Vote]) -> VoteEffect:
    """Return what the vote of *person* for *move* does by *verdict*, next to all other *votes*."""
    votes = tuple(votes)
    others = [vote for vote in votes_on(votes, move) if vote.by.id != person]
    counted = [replace(vote, role=verdict.tally.role_of(vote.by.id)) for vote in others]
    return VoteEffect(
        count=count_for(person, verdict.tally),
        decides=verdict.granted,
        veto=verdict.veto,
        earlier=tuple(vote for vote in counted if vote.role),
        own=next((vote for vote in votes if vote.by.id == person), None),
    )


def count_for(person: str, tally: Tally) -> VoteCount:
    """Return how far *tally* has come, and whether *person* counts in it."""
    missing = tuple((role.name, many) for role, many in tally.waiting_for)
    counts = bool(tally.role_of(person))
    return VoteCount(have=tally.have, needed=tally.needed, missing=missing, counts=counts)


@dataclass(frozen=True, slots=True)
class Decided:
    """The vote decided the move, and the registry was updated."""

    decision: Decision


@dataclass(frozen=True, slots=True)
class Recorded:
    """The vote is recorded, and the move needs more."""

    vote: Vote
    count: VoteCount


@dataclass(frozen=True, slots=True)
class NotDone:
    """The vote was refused, or the decision that it led to was not made."""

    reason: Reason
    void: bool = False
    """Whether there was a decision, which was not made."""


Receipt = Decided | Recorded | NotDone
FORM_SHOWN_AGAIN: Final = frozenset(
    {
        ReasonCode.COMMENT_NEEDED,
        ReasonCode.OUTCOME_CHANGED,
        ReasonCode.OVERRIDE_NOT_CONFIRMED,
        ReasonCode.VOTE_DECIDES_NOW,
    }
)
"""For these reasons a submit is refused whose form is shown again, to be submitted once more."""


def receipt_of(job: SubmitForm, plan: Plan) -> Receipt | None:
    """
    Return what became of the form that *job* submitted; None if that is no longer known.

    It is read from the request, so a job that comes again has the same receipt.
    """
    snapshot = plan.after
    last, votes = snapshot.request.last_decision, snapshot.request.votes
    if last and last.id == job.id:
        return Decided(last)
    if vote := next((vote for vote in votes if vote.id == job.id), None):
        return Recorded(vote, _count_now(vote, snapshot))
    if plan.refused:
        return NotDone(plan.refused)
    return next(filter(None, (_not_done(each, job) for each in snapshot.request.outbox)), None)


def _count_now(vote: Vote, snapshot: Snapshot) -> VoteCount:
    for poll in polls(snapshot.rule, snapshot.counting, snapshot.people):
        if vote in poll.votes:
            return count_for(vote.by.id, poll.tally)
    raise ValueError(f"vote {vote.id} does not count for the version as it is")


def _not_done(notice: Notice, job: SubmitForm) -> NotDone | None:
    """
    Return why nothing came of *job*, if that is what *notice* tells.

    A form that was shown again has no receipt: somebody may be typing in it.
    """
    void = notice.kind is NoticeKind.NOT_MADE
    about = notice.decision.id if void and notice.decision else notice.id
    is_refusal = void or notice.kind is NoticeKind.REFUSED
    if about != job.id or not is_refusal or notice.reason is None:
        return None
    if notice.reason.code in FORM_SHOWN_AGAIN:
        return None
    return NotDone(notice.reason, void)
