"""What every job about a version leads to, decided on values alone: no port, no double."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.core.decide import decide
from bot.core.decide.effect import CheckedForm
from bot.core.decide.record import Record
from bot.core.decide.snapshot import Snapshot
from bot.core.errors import Unavailable
from bot.core.evidence.brief import Brief, Candidate, Metric, Source
from bot.core.jobs.messages import CheckForm, ReconcileVersion, WithdrawVote
from bot.core.reason import Reason, ReasonCode
from bot.core.registry.version import DatedStatus, DescribedVersion, Readiness, Status
from bot.core.rules.people import KnownPeople, MembershipStatus, Submitter
from bot.core.rules.rule import People, Role, Rule
from bot.core.votes.approval_record import metadata
from bot.core.votes.message_ref import MessageRef
from bot.core.votes.outbox import Notice, NoticeKind, To, Way
from bot.core.votes.request import Card, Request
from tests.doubles.builders import (
    ANA,
    BEN,
    CARDS,
    CHLOE,
    DAN,
    NOON,
    RELEASES,
    RULE,
    a_click,
    a_submit,
    a_version,
    a_vote,
    an_offer,
)

if TYPE_CHECKING:
    from bot.core.decide.plan import Plan
    from bot.core.jobs.messages import VersionJob

PAIR = replace(
    RULE,
    name="pair",
    roles=(
        Role(name="leads", people=People(users=(ANA.id,))),
        Role(name="risk", people=People(users=(BEN.id,))),
    ),
    veto=People(users=(CHLOE.id,)),
)
EVERYBODY = KnownPeople(
    memberships={each.id: MembershipStatus.MEMBER for each in (ANA, BEN, CHLOE, DAN)}
)
CARD = Card(channel=CARDS, ts="1.1", digest="d", rule=RULE.digest)


FIRST_SEEN: dict[str, Any] = {"status": None, "created": None, "cards": ()}
"""What the ledger has of a version that the bot never saw."""


def a_snapshot(
    version: DescribedVersion | None,
    *others: DescribedVersion,
    rule: Rule = RULE,
    brief: Brief = Brief(),
    **request: Any,
) -> Snapshot:
    """A version that waits with its card in the channel, unless *request* says otherwise."""
    fields = {
        "arn": (version or a_version()).arn,
        "created": (version or a_version()).created,
        "seen": (DatedStatus(Status.PENDING, (version or a_version()).last_modified),),
        "group": "fraud",
        "number": 1,
        "status": Status.PENDING,
        "cards": (CARD,),
        "description_digest": "",
        **request,
    }
    record = Record(request=Request(**fields), revision=3, read_at=NOON)
    return Snapshot(
        stored=record,
        record=record,
        candidate=Candidate.of(version, others, brief) if version else None,
        rule=rule,
        rules_digest="digest-of-the-rules",
        people=EVERYBODY,
        resumed=record.request.open_decision is not None,
    )


def notices(plan: Plan) -> list[tuple[NoticeKind, tuple[To, ...]]]:
    """Whom the plan tells something, and whom of what kind."""
    return [(notice.kind, notice.to) for notice in told(plan)]


def told(plan: Plan) -> list[Notice]:
    """The notices that are messages."""
    outbox = plan.after.request.outbox
    return [notice for notice in outbox if notice.kind is not NoticeKind.UPDATE_CARDS]


def audited(plan: Plan) -> list[str]:
    return [json.loads(entry.body)["kind"] for entry in plan.after.record.new_entries]


def after_update(plan: Plan) -> Snapshot:
    """The snapshot once the registry has made the plan's update."""
    assert plan.update
    subject = plan.after.subject
    updated = replace(
        subject.version,
        status=plan.update.target,
        metadata=metadata(plan.update),
        modified=NOON,
        modified_by="the-bots-role",
    )
    stored = replace(plan.after.record, new_entries=(), revision=4)
    candidate = Candidate.of(updated, subject.versions, subject.brief)
    return replace(plan.after, stored=stored, record=stored, candidate=candidate, updated=True)


def with_votes(version: DescribedVersion, *people: Any) -> dict[str, Any]:
    return {"votes": tuple(a_vote(version, Status.APPROVED, each) for each in people)}


# --- announcing -----------------------------------------------------------------------------------


def test_a_new_version_is_recorded_and_announced_by_its_card_alone() -> None:
    plan = decide(ReconcileVersion(a_version().arn), a_snapshot(a_version(), **FIRST_SEEN))

    assert plan.after.request.status is Status.PENDING
    assert (notices(plan), audited(plan), plan.update) == ([], [], None)


def test_a_version_registered_as_approved_is_told_and_audited() -> None:
    version = a_version(1, Status.APPROVED, created_by="pipeline")
    plan = decide(ReconcileVersion(version.arn), a_snapshot(version, **FIRST_SEEN))

    assert notices(plan) == [
        (
            NoticeKind.EXTERNAL_CHANGE,
            (To(Way.THREAD), To(Way.CHANNEL, RELEASES), To(Way.CHANNEL, CARDS)),
        )
    ]
    (change,) = [notice.external for notice in told(plan)]
    assert change
    assert (change.source, change.target, change.by) == (None, Status.APPROVED, "pipeline")
    (entry,) = plan.after.record.new_entries
    assert json.loads(entry.body)["source"] == ""


def test_an_approval_outside_before_the_version_was_first_seen_is_told_as_well() -> None:
    version = a_version(1, Status.APPROVED, modified=a_version(1).created + timedelta(hours=1))
    plan = decide(ReconcileVersion(version.arn), a_snapshot(version, **FIRST_SEEN))

    (change,) = [notice.external for notice in told(plan)]
    assert change
    assert change.source is Status.PENDING


def test_a_version_approved_long_before_it_was_first_seen_is_no_news() -> None:
    version = a_version(1, Status.APPROVED, created=NOON - timedelta(days=2))
    plan = decide(ReconcileVersion(version.arn), a_snapshot(version, **FIRST_SEEN))

    assert notices(plan) == []


def test_a_description_that_was_there_before_is_not_quoted_for_a_later_change() -> None:
    pending = a_version(1, comment="Of last week.")
    seen = decide(ReconcileVersion(pending.arn), a_snapshot(pending)).after
    changed = a_version(1, Status.APPROVED, comment="Of last week.")
    snapshot = replace(seen, candidate=Candidate.of(changed, ()))

    (notice,) = told(decide(ReconcileVersion(pending.arn), snapshot))
    assert notice.external
    assert notice.external.comment == ""


def test_the_first_look_at_a_decided_version_has_the_cards_of_waiting_versions_updated() -> None:
    version = a_version(1, Status.APPROVED, created=NOON - timedelta(days=2))
    plan = decide(ReconcileVersion(version.arn), a_snapshot(version, **FIRST_SEEN))
    (notice,) = plan.after.request.outbox

    assert (notice.kind, notice.to) == (NoticeKind.UPDATE_CARDS, (To(Way.QUEUE),))
    assert (notice.arns, notice.waiting_in) == ((), version.group)


def test_reconciling_an_unchanged_version_changes_nothing() -> None:
    snapshot = a_snapshot(a_version())

    assert decide(ReconcileVersion(a_version().arn), snapshot).after == snapshot


# --- clicking -------------------------------------------------------------------------------------


def test_a_form_shows_the_outcome_as_it_is_now() -> None:
    version, newer = a_version(1), a_version(2, Status.APPROVED)
    job = CheckForm(a_click(an_offer(version, Status.APPROVED)), "view-1")

    form = decide(job, a_snapshot(version, newer)).form
    assert isinstance(form, CheckedForm)
    assert form.button == an_offer(version, Status.APPROVED, newer)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"status": Status.REJECTED}, ReasonCode.STATUS_CHANGED),
        ({"artifact": "another"}, ReasonCode.BRIEF_CHANGED),
        ({"metadata": {f"key-{n}": "x" for n in range(50)}}, ReasonCode.METADATA_FULL),
    ],
)
def test_a_click_is_refused_if_the_version_no_longer_matches_its_button(
    change: dict[str, Any], code: ReasonCode
) -> None:
    version = a_version()
    job = a_submit(an_offer(version, Status.APPROVED))
    plan = decide(job, a_snapshot(replace(version, **change), status=None))

    assert (plan.update, plan.refused and plan.refused.code) == (None, code)
    assert audited(plan) == ["refusal"]
    assert (NoticeKind.REFUSED, (To(Way.PRIVATE, CARDS, ANA.id),)) in notices(plan)


def test_a_version_that_is_not_completed_cannot_be_approved() -> None:
    version = a_version(readiness=Readiness.FAILED)
    plan = decide(a_submit(an_offer(version, Status.APPROVED)), a_snapshot(version))

    assert plan.refused == Reason(
        ReasonCode.NOT_READY, {"group": "fraud", "number": 1, "readiness": "Failed"}
    )


def test_a_click_is_refused_once_however_often_it_is_delivered() -> None:
    job = a_submit(an_offer(a_version(), Status.APPROVED), DAN)
    first = decide(job, a_snapshot(a_version()))
    second = decide(job, first.after)

    assert first.refused is not None
    assert second.refused is None
    assert len(second.after.record.new_entries) == 1


# --- voting and deciding --------------------------------------------------------------------------


def test_the_only_vote_needed_is_a_decision_that_is_announced_only_after_the_update() -> None:
    version = a_version()
    plan = decide(a_submit(an_offer(version, Status.APPROVED)), a_snapshot(version))

    assert plan.update is not None
    assert plan.update == plan.after.request.open_decision
    assert audited(plan) == ["vote"]
    assert notices(plan) == []


def test_a_decision_counts_as_made_only_after_a_second_look_at_the_registry() -> None:
    """The update alone proves nothing: only the decision's id in the metadata does."""
    version = a_version()
    plan = decide(a_submit(an_offer(version, Status.APPROVED)), a_snapshot(version))
    unproved = decide(ReconcileVersion(version.arn), replace(plan.after, resumed=True))
    proved = decide(ReconcileVersion(version.arn), after_update(plan))

    assert (unproved.update, unproved.made) == (plan.update, None)
    assert (proved.update, proved.made) == (None, plan.update)


def test_a_decision_that_was_made_is_announced_in_thread_and_channels_and_settled() -> None:
    version, waiting = a_version(), a_version(2)
    job = a_submit(an_offer(version, Status.APPROVED, waiting))
    plan = decide(job, after_update(decide(job, a_snapshot(version, waiting))))
    request = plan.after.request

    assert [(notice.kind, notice.to) for notice in request.outbox] == [
        (NoticeKind.DECIDED, (To(Way.THREAD), To(Way.CHANNEL, RELEASES))),
        (NoticeKind.UPDATE_CARDS, (To(Way.QUEUE),)),
    ]
    assert (request.status, request.open_decision, request.votes) == (Status.APPROVED, None, ())
    assert audited(plan) == ["decision"]
    assert job.id in request.processed.changes


def test_a_vote_below_the_quorum_is_recorded_and_announced() -> None:
    version = a_version()
    plan = decide(a_submit(an_offer(version, Status.APPROVED)), a_snapshot(version, rule=PAIR))

    assert plan.update is None
    assert [vote.by for vote in plan.after.request.votes] == [ANA]
    assert notices(plan) == [(NoticeKind.VOTE_CAST, (To(Way.THREAD),))]


def test_a_decision_holds_all_its_votes_each_with_its_role() -> None:
    version = a_version()
    snapshot = a_snapshot(version, rule=PAIR, **with_votes(version, ANA))
    plan = decide(a_submit(an_offer(version, Status.APPROVED), BEN), snapshot)

    assert plan.update is not None
    assert [(vote.by, vote.role) for vote in plan.update.votes] == [(ANA, "leads"), (BEN, "risk")]


def test_a_veto_is_decided_by_one_person_and_holds_no_other_votes() -> None:
    version = a_version()
    rejecting = replace(PAIR, moves={"reject": PAIR.roles})
    other = a_vote(version, Status.REJECTED, ANA)
    snapshot = a_snapshot(version, rule=rejecting, votes=(other,))
    plan = decide(a_submit(an_offer(version, Status.REJECTED), CHLOE), snapshot)

    assert plan.update is not None
    assert (plan.update.veto, [vote.by for vote in plan.update.votes]) == (True, [CHLOE])


def test_an_override_is_announced_in_the_whole_channel() -> None:
    version = a_version()
    rule = replace(RULE, break_glass=True)
    snapshot = replace(
        a_snapshot(version, rule=rule),
        people=replace(EVERYBODY, submitter=Submitter("ana", (ANA.id,))),
    )
    offer = replace(an_offer(version, Status.APPROVED), override=True, comment_needed=True)
    job = a_submit(offer)
    plan = decide(job, after_update(decide(job, snapshot)))

    assert (NoticeKind.OVERRIDE, (To(Way.CARD_CHANNEL),)) in notices(plan)


def test_an_override_that_was_announced_with_its_vote_is_not_announced_with_the_decision() -> None:
    version = a_version()
    overriding = a_vote(version, Status.APPROVED, ANA, override=True)
    snapshot = replace(
        a_snapshot(version, rule=replace(PAIR, break_glass=True), votes=(overriding,)),
        people=replace(EVERYBODY, submitter=Submitter("ana", ANA.id)),
    )
    job = a_submit(an_offer(version, Status.APPROVED), BEN)
    plan = decide(job, after_update(decide(job, snapshot)))

    assert plan.made is not None
    assert [vote.by for vote in plan.made.votes if vote.override] == [ANA]
    assert NoticeKind.OVERRIDE not in [kind for kind, _ in notices(plan)]


# --- a decision that cannot be made ---------------------------------------------------------------


def a_pending_decision(version: DescribedVersion, **changes: Any) -> Any:
    decision = decide(a_submit(an_offer(version, Status.APPROVED)), a_snapshot(version)).update
    assert decision
    return replace(decision, **changes)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"status": Status.REJECTED}, "status_changed_since_decision"),
        ({"artifact": "another"}, "brief_changed_since_decision"),
    ],
)
def test_a_pending_decision_is_void_once_the_version_has_changed(
    change: dict[str, Any], code: str
) -> None:
    version = a_version()
    pending = a_pending_decision(version)
    snapshot = a_snapshot(replace(version, **change), open_decision=pending)
    plan = decide(ReconcileVersion(version.arn), snapshot)

    assert (plan.update, plan.after.request.open_decision) == (None, None)
    first = json.loads(plan.after.record.new_entries[0].body)
    assert (first["kind"], first["reason"]["code"]) == ("void", code)
    told = (To(Way.PRIVATE, CARDS, ANA.id), To(Way.THREAD))
    assert notices(plan)[0] == (NoticeKind.NOT_MADE, told)


def test_a_pending_decision_that_aws_declines_is_void() -> None:
    version = a_version()
    snapshot = replace(
        a_snapshot(version, open_decision=a_pending_decision(version)), declined=True
    )
    plan = decide(ReconcileVersion(version.arn), snapshot)

    assert plan.after.request.outbox[0].reason == Reason(
        ReasonCode.DECLINED, {"group": "fraud", "number": 1, "decision": "form-1"}
    )


def test_no_vote_of_a_void_decision_counts_for_another_one() -> None:
    version = a_version()
    job = a_submit(an_offer(version, Status.APPROVED), BEN)
    pending = decide(job, a_snapshot(version, rule=PAIR, **with_votes(version, ANA)))
    plan = decide(job, replace(pending.after, declined=True))

    assert pending.update is not None
    assert (plan.after.request.open_decision, plan.after.request.votes) == (None, ())


@pytest.mark.parametrize("why", ["declined", "status", "evidence"])
def test_a_decision_is_not_void_while_the_registry_may_not_show_that_it_was_made(why: str) -> None:
    version = a_version()
    pending = a_pending_decision(version)
    if why == "status":
        version = replace(version, status=Status.REJECTED)
    if why == "evidence":
        pending = replace(pending, brief_digest="another")
    snapshot = replace(
        a_snapshot(version, open_decision=pending), registry_lag=7, declined=why == "declined"
    )
    with pytest.raises(Unavailable) as error:
        decide(ReconcileVersion(version.arn), snapshot)

    assert error.value.retry_after == 7


def test_a_decision_found_in_the_registry_counts_as_made_even_if_aws_declined_it() -> None:
    version = a_version()
    pending = a_pending_decision(version)
    updated = replace(version, status=Status.APPROVED, metadata=metadata(pending))
    snapshot = replace(a_snapshot(updated, open_decision=pending), declined=True)

    assert decide(ReconcileVersion(version.arn), snapshot).made == pending


def test_a_change_elsewhere_right_after_a_decision_is_announced_as_well() -> None:
    """Somebody changes the status between our update and our check: both are recorded in order."""
    version = a_version()
    pending = a_pending_decision(version)
    moved = replace(version, status=Status.REJECTED, metadata=metadata(pending))
    plan = decide(ReconcileVersion(version.arn), a_snapshot(moved, open_decision=pending))

    assert audited(plan) == ["decision", "external_change"]
    kinds = [kind for kind, _ in notices(plan)]
    assert kinds == [NoticeKind.DECIDED, NoticeKind.EXTERNAL_CHANGE]
    assert plan.after.request.status is Status.REJECTED


# --- changes elsewhere, and votes that do not count any more --------------------------------------


def test_a_change_elsewhere_is_announced_and_makes_votes_void() -> None:
    version = a_version()
    moved = replace(version, status=Status.REJECTED, modified_by="eve", modified=NOON)
    plan = decide(ReconcileVersion(version.arn), a_snapshot(moved, **with_votes(version, ANA)))

    assert notices(plan)[0] == (
        NoticeKind.EXTERNAL_CHANGE,
        (To(Way.THREAD), To(Way.CHANNEL, RELEASES)),
    )
    assert audited(plan) == ["external_change", "void"]
    assert plan.after.request.votes == ()


def test_votes_on_other_evidence_are_void_and_that_is_announced() -> None:
    version = a_version()
    brief = Brief(sources=(Source("s3://models/evaluation.json", "etag-2"),))
    snapshot = a_snapshot(version, brief=brief, rule=PAIR, **with_votes(version, ANA))
    plan = decide(ReconcileVersion(version.arn), snapshot)

    assert notices(plan) == [(NoticeKind.VOTES_VOID, (To(Way.THREAD),))]
    assert (audited(plan), plan.after.request.votes) == (["void"], ())


def test_the_format_of_a_number_never_voids_a_vote() -> None:
    """The digest is made of inputs: reading the same file in another way changes nothing."""
    source = (Source("s3://models/evaluation.json", "etag-1"),)
    version = a_version()
    one = Candidate.of(version, (), Brief(sources=source))
    other = Candidate.of(version, (), Brief(metrics=(Metric("auc", "0.940"),), sources=source))

    assert one.brief_digest == other.brief_digest


# --- withdrawing ----------------------------------------------------------------------------------


def a_withdrawal(version: DescribedVersion, person: Any = ANA) -> VersionJob:
    return WithdrawVote(id="w-1", arn=version.arn, person=person, message=MessageRef(CARDS, "1.1"))


def test_a_withdrawn_vote_is_removed_and_that_is_announced_once() -> None:
    version = a_version()
    snapshot = a_snapshot(version, rule=PAIR, **with_votes(version, ANA))
    plan = decide(a_withdrawal(version), snapshot)

    assert plan.after.request.votes == ()
    assert notices(plan) == [(NoticeKind.VOTE_WITHDRAWN, (To(Way.THREAD),))]
    assert decide(a_withdrawal(version), plan.after).after == plan.after


def test_withdrawing_without_a_vote_is_refused_with_a_private_message() -> None:
    version = a_version()
    plan = decide(a_withdrawal(version, BEN), a_snapshot(version, **with_votes(version, ANA)))

    assert notices(plan) == [(NoticeKind.REFUSED, (To(Way.PRIVATE, CARDS, BEN.id),))]
    assert [vote.by for vote in plan.after.request.votes] == [ANA]


def test_a_withdrawal_that_finds_a_decision_made_finishes_it() -> None:
    version = a_version()
    pending = a_pending_decision(version)
    updated = replace(version, status=Status.APPROVED, metadata=metadata(pending))
    plan = decide(a_withdrawal(version), a_snapshot(updated, open_decision=pending))

    assert plan.made == pending
    kinds = [kind for kind, _ in notices(plan)]
    assert [kinds[0], kinds[-1]] == [NoticeKind.DECIDED, NoticeKind.REFUSED]


# --- a version that is gone -----------------------------------------------------------------------


def test_a_version_that_is_gone_has_no_votes_and_no_status() -> None:
    version = a_version()
    plan = decide(ReconcileVersion(version.arn), a_snapshot(None, **with_votes(version, ANA)))

    assert (plan.after.request.status, plan.after.request.votes) == (None, ())
    assert audited(plan) == ["void"]


def test_the_decider_of_a_version_that_is_gone_hears_that_the_result_is_unknown() -> None:
    pending = a_pending_decision(a_version())
    plan = decide(ReconcileVersion(pending.arn), a_snapshot(None, open_decision=pending))

    assert plan.after.request.outbox[0].reason == Reason(ReasonCode.VERSION_GONE_UNDECIDED)


def test_the_decider_of_a_version_that_is_gone_is_told_once_by_their_own_job() -> None:
    version = a_version()
    job = a_submit(an_offer(version, Status.APPROVED))
    pending = decide(job, a_snapshot(version))
    plan = decide(job, replace(pending.after, candidate=None))

    assert pending.update is not None
    assert notices(plan) == [(NoticeKind.REFUSED, (To(Way.PRIVATE, CARDS, ANA.id),))]
    assert job.id in plan.after.request.processed.changes


def test_a_form_for_a_version_that_is_gone_says_so() -> None:
    job = CheckForm(a_click(an_offer(a_version(), Status.APPROVED)), "view-1")

    assert decide(job, a_snapshot(None)).form == Reason(ReasonCode.VERSION_GONE)
