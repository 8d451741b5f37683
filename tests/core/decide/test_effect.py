"""What a form says of its vote, and what then became of it: decided on values alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from bot.core.decide import decide
from bot.core.decide.effect import (
    CheckedForm,
    Decided,
    NotDone,
    Recorded,
    VoteCount,
    VoteEffect,
    receipt_of,
)
from bot.core.decide.record import Record
from bot.core.decide.snapshot import Snapshot
from bot.core.evidence.brief import Candidate
from bot.core.jobs.messages import CheckForm, ShownEffect
from bot.core.reason import Reason, ReasonCode
from bot.core.registry.version import DescribedVersion, Status
from bot.core.rules.people import KnownPeople, MembershipStatus, Submitter
from bot.core.rules.rule import People, Role, Rule
from bot.core.votes.approval_record import metadata
from bot.core.votes.request import Request
from tests.doubles.builders import (
    ANA,
    BEN,
    CHLOE,
    DAN,
    NOON,
    RULE,
    a_click,
    a_submit,
    a_version,
    a_vote,
    an_offer,
)

if TYPE_CHECKING:
    from bot.core.decide.plan import Plan
    from bot.core.jobs.messages import SubmitForm
    from bot.core.rules.people import Person

APPROVED, REJECTED = Status.APPROVED, Status.REJECTED
PAIR = replace(
    RULE,
    name="pair",
    roles=(
        Role(name="leads", people=People(users=(ANA.id, DAN.id))),
        Role(name="risk", people=People(users=(BEN.id,))),
    ),
    moves={"reject": (Role(people=People(users=(ANA.id, BEN.id)), needs=2),)},
    veto=People(users=(CHLOE.id,)),
    break_glass=True,
)
EVERYBODY = KnownPeople(
    memberships={each.id: MembershipStatus.MEMBER for each in (ANA, BEN, CHLOE, DAN)}
)
BY_ANA = replace(EVERYBODY, submitter=Submitter(name=ANA.id, ids=(ANA.id,)))
WAITING = a_version()


def a_snapshot(
    version: DescribedVersion | None = WAITING,
    rule: Rule = PAIR,
    people: KnownPeople = EVERYBODY,
    **request: Any,
) -> Snapshot:
    fields = {"arn": WAITING.arn, "created": WAITING.created, "status": Status.PENDING, **request}
    record = Record(request=Request(group="fraud", number=1, **fields), revision=3, read_at=NOON)
    return Snapshot(
        stored=record,
        record=record,
        candidate=Candidate.of(version, ()) if version else None,
        rule=rule,
        rules_digest="digest-of-the-rules",
        people=people,
        resumed=record.request.open_decision is not None,
    )


def effect(person: Person, target: Status, snapshot: Snapshot) -> VoteEffect:
    """What the form of *person* says of a vote towards *target*."""
    form = decide(CheckForm(a_click(an_offer(WAITING, target), person), "V1"), snapshot).form
    assert isinstance(form, CheckedForm)
    return form.effect


# --- the form -------------------------------------------------------------------------------------


def test_the_first_of_two_votes_says_which_role_is_then_missing() -> None:
    first = effect(ANA, APPROVED, a_snapshot())

    assert not first.decides
    assert first.count == VoteCount(have=1, needed=2, missing=(("risk", 1),))
    assert (first.earlier, first.own) == ((), None)


def test_the_last_of_two_votes_decides_and_shows_the_first_with_its_role() -> None:
    vote = a_vote(WAITING, APPROVED, ANA, comment="AUC is up.")
    last = effect(BEN, APPROVED, a_snapshot(votes=(vote,)))

    assert (last.decides, last.veto) == (True, False)
    assert last.count == VoteCount(have=2, needed=2, missing=())
    assert last.earlier == (replace(vote, role="leads"),)


def test_an_override_among_the_earlier_votes_is_one() -> None:
    vote = a_vote(WAITING, APPROVED, ANA, override=True)
    last = effect(BEN, APPROVED, a_snapshot(people=BY_ANA, votes=(vote,)))

    assert [each.override for each in last.earlier] == [True]


def test_an_earlier_vote_that_counts_for_nothing_is_not_shown() -> None:
    vote = a_vote(WAITING, APPROVED, ANA)
    first = effect(BEN, APPROVED, a_snapshot(people=BY_ANA, votes=(vote,)))

    assert (first.earlier, first.count.have) == ((), 1)


def test_a_veto_decides_alone_and_a_veto_holder_who_completes_the_move_casts_none() -> None:
    alone = effect(CHLOE, REJECTED, a_snapshot())
    with_veto = replace(PAIR, veto=People(users=(BEN.id,)))
    last = a_snapshot(rule=with_veto, votes=(a_vote(WAITING, REJECTED, ANA),))

    assert (alone.decides, alone.veto) == (True, True)
    assert (effect(BEN, REJECTED, last).decides, effect(BEN, REJECTED, last).veto) == (True, False)


def test_somebody_who_voted_already_changes_that_vote() -> None:
    vote = a_vote(WAITING, APPROVED, ANA)
    again = effect(ANA, APPROVED, a_snapshot(votes=(vote,)))

    assert (again.own, again.earlier, again.decides) == (vote, (), False)


def test_a_vote_for_another_move_takes_the_place_of_the_first() -> None:
    vote = a_vote(WAITING, APPROVED, ANA)

    assert effect(ANA, REJECTED, a_snapshot(votes=(vote,))).own == vote


def test_a_vote_whose_role_is_full_adds_nothing() -> None:
    full = effect(DAN, APPROVED, a_snapshot(votes=(a_vote(WAITING, APPROVED, ANA),)))

    assert full.count == VoteCount(have=1, needed=2, missing=(("risk", 1),), counts=False)


# --- a vote never does more than its form said ----------------------------------------------------

ONE_OF_TWO = ShownEffect(decides=False, have=1)


def submit(
    person: Person, target: Status, shown: ShownEffect | None, form: str = "1"
) -> SubmitForm:
    job = a_submit(an_offer(WAITING, target), person, form=form)
    return replace(job, view="V1", shown=shown)


def test_a_vote_that_would_decide_now_is_refused_if_its_form_said_that_it_is_one_of_two() -> None:
    snapshot = a_snapshot(votes=(a_vote(WAITING, APPROVED, ANA),))
    plan = decide(submit(BEN, APPROVED, ONE_OF_TWO), snapshot)

    assert plan.refused == Reason(ReasonCode.VOTE_DECIDES_NOW, {"voted_meanwhile": True})
    assert (plan.update, plan.after.request.votes) == (None, snapshot.request.votes)
    assert isinstance(plan.form, CheckedForm)
    assert plan.form.effect.decides
    assert [notice.reason for notice in plan.after.request.outbox] == [plan.refused]


def test_a_vote_that_decides_since_the_rule_changed_is_refused_without_blaming_a_voter() -> None:
    one_is_enough = replace(PAIR, roles=(Role(people=People(users=(ANA.id,))),))
    plan = decide(submit(ANA, APPROVED, ONE_OF_TWO), a_snapshot(rule=one_is_enough))

    assert plan.refused == Reason(ReasonCode.VOTE_DECIDES_NOW, {"voted_meanwhile": False})


@pytest.mark.parametrize("shown", [None, ShownEffect(decides=True, have=2)])
def test_a_vote_decides_if_its_form_said_so_or_said_nothing_yet(shown: ShownEffect | None) -> None:
    snapshot = a_snapshot(votes=(a_vote(WAITING, APPROVED, ANA),))

    assert decide(submit(BEN, APPROVED, shown), snapshot).update


def test_a_vote_that_does_less_than_its_form_said_is_recorded() -> None:
    plan = decide(submit(BEN, APPROVED, ShownEffect(decides=True, have=2)), a_snapshot())

    assert plan.refused is None
    assert [vote.by for vote in plan.after.request.votes] == [BEN]


# --- the receipt ----------------------------------------------------------------------------------


def made(plan: Plan) -> Snapshot:
    """The snapshot once the registry has made the plan's update."""
    assert plan.update
    updated = replace(WAITING, status=plan.update.target, metadata=metadata(plan.update))
    return replace(
        plan.after,
        stored=plan.after.record,
        candidate=Candidate.of(updated, ()),
    )


def test_a_vote_that_decided_has_the_decision_as_its_receipt_also_when_it_is_sent_again() -> None:
    job = submit(CHLOE, REJECTED, None)
    plan = decide(job, made(decide(job, a_snapshot())))
    again = decide(job, plan.after)

    receipt = receipt_of(job, plan)
    assert isinstance(receipt, Decided)
    assert receipt.decision.veto
    assert receipt_of(job, again) == receipt


def test_a_vote_that_was_recorded_says_how_far_the_move_is_also_when_it_is_sent_again() -> None:
    job = submit(ANA, APPROVED, ONE_OF_TWO)
    plan = decide(job, a_snapshot())
    (vote,) = plan.after.request.votes

    assert receipt_of(job, plan) == Recorded(
        vote, VoteCount(have=1, needed=2, missing=(("risk", 1),))
    )
    assert receipt_of(job, decide(job, plan.after)) == receipt_of(job, plan)


def test_a_refused_vote_says_why() -> None:
    job = submit(CHLOE, APPROVED, None)
    plan = decide(job, a_snapshot())

    assert plan.refused
    assert receipt_of(job, plan) == NotDone(plan.refused)


def test_a_decision_that_was_declined_says_so() -> None:
    job = submit(CHLOE, REJECTED, None)
    plan = decide(job, replace(decide(job, a_snapshot()).after, declined=True))

    receipt = receipt_of(job, plan)
    assert isinstance(receipt, NotDone)
    assert (receipt.reason.code, receipt.void) == (ReasonCode.DECLINED, True)


def test_a_vote_on_a_version_that_is_gone_says_so() -> None:
    job = submit(ANA, APPROVED, None)

    assert receipt_of(job, decide(job, a_snapshot(None))) == NotDone(
        Reason(ReasonCode.VERSION_GONE)
    )


def test_nothing_is_said_of_a_refusal_that_was_told_before() -> None:
    job = submit(CHLOE, APPROVED, None)
    told = decide(job, a_snapshot()).after.change(outbox=())

    assert receipt_of(job, decide(job, told)) is None
