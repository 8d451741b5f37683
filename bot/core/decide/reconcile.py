"""
Bring a request in line with the registry, which is the only truth.

Whatever the job is, this comes first: an open decision is made, or recorded as made, or is void; a
change of status that was made elsewhere is noticed; votes on another status or on other evidence
become void.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from bot.core import wire
from bot.core.audit import entries
from bot.core.decide import notices
from bot.core.decide.deployment import deploy_due, watch_deployment
from bot.core.decide.plan import Plan
from bot.core.decide.resume import judged_again
from bot.core.errors import Refused, Unavailable
from bot.core.reason import ReasonCode
from bot.core.registry.outcome import outcome_of
from bot.core.registry.version import Status
from bot.core.rules.people import KnownPeople
from bot.core.votes.approval_record import decision_in, is_description_of
from bot.core.votes.refusals import brief_changed, status_changed
from bot.core.votes.vote import Decision, ExternalChange

NEWS: Final = timedelta(days=1)
"""At most so long after it was registered, a new version's approval is told."""

if TYPE_CHECKING:
    from bot.core.decide.snapshot import Snapshot
    from bot.core.reason import Reason
    from bot.core.registry.version import DatedStatus, DescribedVersion
    from bot.core.votes.request import Request
    from bot.core.votes.vote import Change, Vote


def reconcile(snapshot: Snapshot, reported: DatedStatus | None = None) -> Plan:
    """
    Plan what follows from the registry alone: an update, or else everything but that.

    An open decision is not made if an event *reported* another status since it was judged.

    Raises Unavailable while nobody can know whether an open decision was made.
    """
    made = None
    if pending := snapshot.request.open_decision:
        if decision_in(snapshot.version.metadata) == pending.id:
            snapshot, made = _record_made(pending, snapshot), pending
        else:
            try:
                resumed = judged_again(pending, snapshot, reported)
            except Refused as refusal:
                _check_shown(snapshot)
                snapshot = _void_decision(pending, refusal.reason, snapshot)
            else:
                return Plan(after=snapshot.change(open_decision=resumed), update=resumed)
    snapshot = _void_votes(_external_change(_first_seen(_created_approved(snapshot))))
    return Plan(after=watch_deployment(_as_seen(snapshot)), made=made)


def _as_seen(snapshot: Snapshot) -> Snapshot:
    """Remember what the registry shows."""
    version = snapshot.version
    return snapshot.change(
        group=version.group,
        number=version.number,
        status=version.status,
        seen=snapshot.request.with_seen(version.state),
        gone_since=None,
        description_digest=_digest(version.comment),
    )


def _check_shown(snapshot: Snapshot) -> None:
    """Raise Unavailable as long as the registry may not show what was made in it."""
    if snapshot.registry_lag:
        text = f"the registry may not show yet what was made of {snapshot.request.arn}"
        raise Unavailable(text, snapshot.registry_lag)


def _record_made(decision: Decision, snapshot: Snapshot) -> Snapshot:
    """Record that *decision* is proved to be made, and queue the notices about it."""
    before = replace(snapshot.version, status=decision.source)
    context = replace(
        snapshot.context,
        candidate=replace(snapshot.subject, version=before),
        people=KnownPeople(submitter=snapshot.people.submitter),
    )
    snapshot = snapshot.audit(entries.decision(decision, context))
    void = votes_without(decision, snapshot.request)
    snapshot = _audit_void(f"{decision.id}.votes", void, decision, snapshot)
    snapshot = snapshot.change(
        open_decision=None,
        update_attempt=None,
        last_decision=replace(
            decision, made_modified=snapshot.version.modified if snapshot.updated else None
        ),
        last_external=None,
        deploy_due=deploy_due(decision, snapshot),
        status=decision.target,
        # Somebody may have changed it again since: then its own event tells of no change outside.
        seen=snapshot.request.with_seen(replace(snapshot.version.state, status=decision.target)),
        votes=(),
        void_voters=(),
        outbox=(*snapshot.request.outbox, *notices.decided(decision, void, snapshot)),
    )
    return snapshot.mark_change(decision.id)


def _void_decision(decision: Decision, reason: Reason, snapshot: Snapshot) -> Snapshot:
    """Void *decision*, which cannot be made any more; notify everybody who voted for it."""
    snapshot = snapshot.audit(entries.void(decision.id, decision.votes, reason, snapshot.context))
    snapshot = snapshot.change(
        open_decision=None,
        update_attempt=None,
        votes=votes_without(decision, snapshot.request),
        void_voters=snapshot.request.with_void(decision.votes),
        outbox=(*snapshot.request.outbox, *notices.not_made(decision, reason, snapshot)),
    )
    return snapshot.mark_change(decision.id)


def _external_change(snapshot: Snapshot) -> Snapshot:
    """Notice a change of status that was not made here: the status is not the one last seen."""
    request, version = snapshot.request, snapshot.version
    if request.status in (None, version.status):
        return snapshot
    before = replace(version, status=request.status)
    change = ExternalChange(
        id=_id("external", snapshot),
        source=request.status,
        target=version.status,
        outcome=outcome_of(before, version.status, snapshot.subject.versions),
        by=version.modified_by,
        comment=_comment_elsewhere(version, request),
        at=version.modified or snapshot.now,
    )
    return _record_external(change, snapshot)


def _created_approved(snapshot: Snapshot) -> Snapshot:
    """
    Notice a version that was registered as Approved, or approved before the bot first saw it.

    Only if it was registered not long ago: of an older one, nobody knows when it was approved. And
    only the first time: SageMaker may show a deleted version once more.
    """
    request, version = snapshot.request, snapshot.version
    if snapshot.stored.request.created == version.created:
        return snapshot
    at = version.last_modified
    is_new = snapshot.now - version.created < NEWS
    if request.status is not None or version.status is not Status.APPROVED or not is_new:
        return snapshot
    created = at <= version.created
    before = replace(version, status=Status.PENDING)
    change = ExternalChange(
        id=_id("external", snapshot),
        source=None if created else Status.PENDING,
        target=version.status,
        outcome=outcome_of(before, version.status, snapshot.subject.versions),
        by=version.created_by if created else version.modified_by,
        comment=version.comment,
        at=at,
    )
    return _record_external(change, snapshot)


def _record_external(change: ExternalChange, snapshot: Snapshot) -> Snapshot:
    """Record *change*, which makes earlier votes void, and queue the notices about it."""
    request = snapshot.request
    snapshot = snapshot.audit(entries.external_change(change, snapshot.context))
    snapshot = _audit_void(f"{change.id}.votes", request.votes, change, snapshot)
    return snapshot.change(
        last_decision=None,
        last_external=change,
        deploy_due=deploy_due(change, snapshot),
        status=change.target,
        votes=(),
        void_voters=(),
        outbox=(*request.outbox, *notices.external_change(change, request.votes, snapshot)),
    )


def _comment_elsewhere(version: DescribedVersion, request: Request) -> str:
    """What was written at the change: a description that was there before is not about it."""
    last = request.last_decision
    is_ours = last is not None and is_description_of(last, version.comment)
    is_old = request.description_digest in {None, _digest(version.comment)}
    return "" if is_ours or is_old else version.comment


def _digest(text: str) -> str:
    return sha256(text.encode(errors="surrogatepass")).hexdigest()[:16] if text else ""


def _void_votes(snapshot: Snapshot) -> Snapshot:
    """Void the votes that were cast on another status or on other evidence."""
    kept = snapshot.counting
    void = tuple(vote for vote in snapshot.request.votes if vote not in kept)
    if not void:
        return snapshot
    id_ = _id("void", snapshot)
    reason = brief_changed(
        snapshot.request.brief, snapshot.subject.brief, ReasonCode.BRIEF_CHANGED_SINCE_VOTES
    )
    snapshot = snapshot.audit(entries.void(id_, void, reason, snapshot.context))
    notice = notices.votes_void(id_, void, snapshot)
    return snapshot.change(
        votes=kept,
        void_voters=snapshot.request.with_void(void),
        outbox=(*snapshot.request.outbox, notice),
    )


def _first_seen(snapshot: Snapshot) -> Snapshot:
    """Have the group's waiting cards updated when a decided version is seen for the first time."""
    request, version = snapshot.request, snapshot.version
    changed = version.modified is not None and version.modified > version.created
    decided = version.status is not Status.PENDING or changed
    if request.cards or request.status is not None or not decided:
        return snapshot
    update = notices.update_cards(_id("first-seen", snapshot), (), snapshot)
    return snapshot.change(outbox=(*request.outbox, update))


def _audit_void(id_: str, votes: tuple[Vote, ...], by: Change, snapshot: Snapshot) -> Snapshot:
    """Record that *votes* do not count any more because the status was changed *by* a change."""
    if not votes:
        return snapshot
    reason = status_changed(snapshot.version, by, ReasonCode.STATUS_CHANGED_SINCE_VOTES)
    return snapshot.audit(entries.void(id_, votes, reason, snapshot.context))


def votes_without(decision: Decision, request: Request) -> tuple[Vote, ...]:
    """The votes that *decision* does not rest on."""
    used = {vote.id for vote in decision.votes}
    return tuple(vote for vote in request.votes if vote.id not in used)


def _id(kind: str, snapshot: Snapshot) -> str:
    """
    Make an id for what was noticed: the same if the same is noticed again after a crash.

    By the end of the stored audit trail, not by the revision of the row: that a card is being
    posted is written down before what was noticed is, without an audit entry.
    """
    created, count = snapshot.version.created.isoformat(), snapshot.stored.chain.count
    return wire.digest(kind, snapshot.request.arn, created, count)
