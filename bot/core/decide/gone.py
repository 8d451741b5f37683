"""The registry has no such version any more: its votes and its open decision are void."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.audit import entries
from bot.core.decide import notices
from bot.core.decide.plan import Plan
from bot.core.decide.reconcile import votes_without
from bot.core.jobs.messages import CheckForm, ReconcileVersion, SubmitForm, WithdrawVote
from bot.core.reason import Reason, ReasonCode
from bot.core.votes.approval_record import decision_in
from bot.core.votes.outbox import Way
from bot.core.votes.request import LostCard, Request

if TYPE_CHECKING:
    from bot.core.decide.snapshot import Snapshot
    from bot.core.jobs.messages import VersionJob
    from bot.core.votes.outbox import Notice
    from bot.core.votes.vote import Decision, Vote

GONE = Reason(ReasonCode.VERSION_GONE)


def version_gone(job: VersionJob, snapshot: Snapshot) -> Plan:
    """Plan what is left to do for a deleted version: update the card, tell whoever asked."""
    snapshot = _noted(_void_all(snapshot))
    match job:
        case CheckForm():
            return Plan(after=snapshot, form=GONE)
        case SubmitForm(click=click, comment=comment):
            channel = click.message.channel
            return _refuse(
                snapshot, notices.refused(job.id, GONE, click.person, channel, snapshot, comment)
            )
        case WithdrawVote(person=person, message=message):
            return _refuse(
                snapshot, notices.refused(job.id, GONE, person, message.channel, snapshot)
            )
        case ReconcileVersion():
            return Plan(after=snapshot)


def start_over_if_replaced(snapshot: Snapshot) -> Snapshot:
    """
    Begin a new request if the ARN names another version now than the request is about.

    SageMaker has no conditional update: an open decision may have been made on the new version. If
    its metadata say so, the decision goes on with it.

    A group can be deleted and made again under its name. The votes and the open decision of the
    deleted version are void. Its cards have to say that it was deleted, and others may name it.
    """
    arn, created = snapshot.version.arn, snapshot.version.created
    if snapshot.request.created in {None, created}:
        return snapshot.change(arn=arn, created=created)
    made = _made_on_this(snapshot)
    gone = replace(snapshot, candidate=None, group_approved=snapshot.subject.versions)
    if made:  # with its votes
        gone = gone.change(open_decision=None, votes=votes_without(made, gone.request))
    record = _noted(_void_all(gone)).record
    before = record.request
    refs = tuple(card.ref for card in before.cards if card.ref)
    lost = tuple(
        LostCard(channel=card.channel, created=before.created, post_started=card.post_started)
        for card in before.cards
        if card.post_started
    )
    request = Request(
        arn=arn,
        created=created,
        group=snapshot.version.group,
        number=snapshot.version.number,
        open_decision=made,
        deleted_cards=(*before.deleted_cards, *refs),
        lost_cards=(*before.lost_cards, *lost),
        outbox=tuple(each for each in map(_without_card, before.outbox) if each.to),
        processed=before.processed,
        processed_ids=before.processed_ids,
        history_complete_at=before.history_complete_at,
    )
    return replace(snapshot, record=replace(record, request=request))


def _made_on_this(snapshot: Snapshot) -> Decision | None:
    """Return the open decision, if the registry shows that it was made on the version."""
    pending = snapshot.request.open_decision
    is_made = pending and decision_in(snapshot.version.metadata) == pending.id
    return pending if is_made else None


def _without_card(notice: Notice) -> Notice:
    """Return *notice* for all places but the card: the card is another version's now."""
    of_card = {Way.THREAD, Way.CARD_CHANNEL}
    return replace(notice, to=tuple(to for to in notice.to if to.way not in of_card))


def _void_all(snapshot: Snapshot) -> Snapshot:
    """Void the open decision and all votes."""
    if decision := snapshot.request.open_decision:
        snapshot = _void_decision(decision, snapshot)
    if votes := snapshot.request.votes:
        snapshot = _void_votes(votes, snapshot)
    return snapshot


def _noted(snapshot: Snapshot) -> Snapshot:
    """Note, the first time, that the version is not there; have the group's other cards updated."""
    if snapshot.request.status is None:
        return snapshot.change(deploy_due=None)
    id_ = f"gone.{snapshot.request.arn}.{snapshot.stored.revision}"
    update = notices.update_siblings(id_, snapshot)
    outbox = (*snapshot.request.outbox, update)
    return snapshot.change(status=None, gone_since=snapshot.now, deploy_due=None, outbox=outbox)


def _void_decision(decision: Decision, snapshot: Snapshot) -> Snapshot:
    """Void the open decision: nobody can know whether it was made before the deletion."""
    reason = Reason(ReasonCode.VERSION_GONE_UNDECIDED)
    snapshot = snapshot.audit(entries.void(decision.id, decision.votes, reason, snapshot.context))
    snapshot = snapshot.change(
        open_decision=None,
        update_attempt=None,
        votes=votes_without(decision, snapshot.request),
        outbox=(*snapshot.request.outbox, notices.gone(decision, snapshot)),
    )
    return snapshot.mark_change(decision.id)


def _void_votes(votes: tuple[Vote, ...], snapshot: Snapshot) -> Snapshot:
    id_ = f"gone.{snapshot.stored.revision}"
    return snapshot.audit(entries.void(id_, votes, GONE, snapshot.context)).change(votes=())


def _refuse(snapshot: Snapshot, notice: Notice) -> Plan:
    """Add *notice* to the outbox, unless that was done before."""
    if snapshot.request.is_processed(notice.id):
        return Plan(after=snapshot)
    snapshot = snapshot.change(outbox=(*snapshot.request.outbox, notice))
    return Plan(after=snapshot.mark_refusal(notice.id))
