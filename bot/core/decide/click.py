"""
Judge a click: the form that it opened, and the vote that the submitted form asks for.

A click is bound to what was seen. It is held against what its button carried: the status, the
outcome and the brief that the card showed. A vote that is not enough yet is written down and told;
the vote that completes what the rule needs becomes the request's open decision, until it is made.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.core.audit import entries
from bot.core.decide import notices
from bot.core.decide.effect import CheckedForm, VoteEffect, effect_of
from bot.core.errors import Refused
from bot.core.reason import Reason, ReasonCode
from bot.core.registry.moves import can_make, move_between
from bot.core.rules.judge import judge
from bot.core.text import has_visible_character
from bot.core.votes.approval_record import check_metadata_limit
from bot.core.votes.button import button_for
from bot.core.votes.decision import decision_from
from bot.core.votes.polls import voters_on
from bot.core.votes.refusals import (
    brief_changed,
    comment_needed,
    not_ready,
    outcome_changed,
    status_changed,
)
from bot.core.votes.vote import Vote

if TYPE_CHECKING:
    from bot.core.decide.plan import Plan
    from bot.core.decide.snapshot import Snapshot
    from bot.core.jobs.messages import CheckForm, Click, SubmitForm
    from bot.core.registry.moves import Move
    from bot.core.rules.judge import Verdict
    from bot.core.votes.button import ButtonPayload


@dataclass(frozen=True, slots=True)
class Allowed:
    """The button as it would be made now, and what the vote leads to."""

    button: ButtonPayload
    verdict: Verdict
    effect: VoteEffect

    @property
    def form(self) -> CheckedForm:
        """What a form for the vote shows."""
        return CheckedForm(self.button, self.effect)


def check_form(job: CheckForm, plan: Plan) -> Plan:
    """Plan what the form that a click opened shows: what holds now, or why it is refused."""
    try:
        allowed = _judge(job.click, plan.after)
    except Refused as refusal:
        refused = _refuse(f"check.{job.view}", job.click, "", refusal.reason, plan)
        return replace(refused, form=refusal.reason)
    return replace(plan, form=allowed.form)


def submit_form(job: SubmitForm, plan: Plan) -> Plan:
    """Plan the vote that *job* asks for, once however often it is delivered."""
    if plan.after.request.is_processed(job.id):
        return plan
    click, presses = job.click, plan.after.request.presses
    if presses.is_outdated(click.person.id, click.pressed):
        return _refuse_submit(job, Reason(ReasonCode.ACTED_SINCE), plan)
    try:
        allowed = _judge(click, plan.after)
    except Refused as refusal:
        return _refuse_submit(job, refusal.reason, plan)
    if reason := _unconfirmed(job, allowed):
        return replace(_refuse_submit(job, reason, plan), form=allowed.form)
    return _vote(job, allowed, plan)


def valid_move(click: Click, snapshot: Snapshot) -> Move:
    """Return the move of *click*, if what its button was made from still holds. Raises Refused."""
    version, button = snapshot.version, click.button
    if button.created != version.created:
        raise Refused(Reason(ReasonCode.VERSION_REPLACED))
    if version.status is not button.source:
        raise Refused(status_changed(version, snapshot.request.last))
    move = move_between(version.status, button.target)
    if button.brief_digest != snapshot.brief_digest:
        raise Refused(brief_changed(snapshot.request.brief, snapshot.subject.brief))
    if not can_make(move, version):
        raise Refused(not_ready(version))
    return move


def _judge(click: Click, snapshot: Snapshot) -> Allowed:
    """Return what the move means now, if the clicker may make it. Raises Refused."""
    move = valid_move(click, snapshot)
    voters = voters_on(snapshot.counting, move)
    verdict = judge(snapshot.rule, move, click.person.id, voters, snapshot.people)
    check_metadata_limit(snapshot.version)
    button = button_for(move, snapshot.subject, snapshot.rule, override=verdict.override)
    effect = effect_of(click.person.id, move, verdict, snapshot.counting)
    return Allowed(button, verdict, effect)


def _unconfirmed(job: SubmitForm, allowed: Allowed) -> Reason | None:
    """Say what the submitted form lacks, or did not say of its vote; with both, it can be sent."""
    form, now = job.click.button, allowed.button
    if now.comment_needed and not has_visible_character(job.comment):
        return comment_needed(move_between(now.source, now.target))
    # A click never changes what is deployed in a way that its form did not say.
    if now.outcome.changes and now.outcome.after != form.outcome.after:
        return outcome_changed(now.number, now.target, now.outcome)
    # Nobody makes an emergency override by a form that did not say so.
    if now.override and not form.override:
        return Reason(ReasonCode.OVERRIDE_NOT_CONFIRMED)
    # Nobody decides by a form that said that their vote is one of several.
    if job.shown and allowed.effect.decides and not job.shown.decides:
        voted_meanwhile = allowed.effect.count.have > job.shown.have
        return Reason(ReasonCode.VOTE_DECIDES_NOW, {"voted_meanwhile": voted_meanwhile})
    return None


def _refuse(id_: str, click: Click, comment: str, reason: Reason, plan: Plan) -> Plan:
    """Plan the audit entry of a refusal, unless there is one already."""
    snapshot = plan.after
    if snapshot.request.is_processed(id_):
        return plan
    person = snapshot.people.with_real_name(click.person)
    content = entries.refusal(id_, click.button, person, comment, reason, snapshot.context)
    return replace(plan, after=snapshot.audit(content).mark_refusal(id_), refused=reason)


def _refuse_submit(job: SubmitForm, reason: Reason, plan: Plan) -> Plan:
    """Plan that a submitted form is refused, and that its person is told in private."""
    plan = _refuse(job.id, job.click, job.comment, reason, plan)
    snapshot, click = plan.after, job.click
    notice = notices.refused(
        job.id, reason, click.person, click.message.channel, snapshot, job.comment
    )
    outbox = (*snapshot.request.outbox, notice)
    return replace(plan, after=snapshot.change(outbox=outbox))


def _vote(job: SubmitForm, allowed: Allowed, plan: Plan) -> Plan:
    """Plan the vote; and the decision, if it is the last vote that the move needs."""
    snapshot, vote = plan.after, _vote_of(job, allowed.button, plan.after)
    others = tuple(each for each in snapshot.counting if each.by.id != vote.by.id)
    snapshot = snapshot.audit(entries.vote(vote, snapshot.context))
    snapshot = snapshot.mark_press(vote.by.id, job.click.pressed)
    if allowed.verdict.granted:
        outcome = allowed.button.outcome
        decision = decision_from(vote, others, allowed.verdict, snapshot.version, outcome)
        snapshot = snapshot.change(votes=others, open_decision=decision)
        return replace(plan, after=snapshot, update=decision)
    request = snapshot.request
    snapshot = snapshot.change(
        votes=(*others, vote), outbox=(*request.outbox, *notices.vote_cast(vote, snapshot))
    )
    return replace(plan, after=snapshot.mark_change(vote.id))


def _vote_of(job: SubmitForm, button: ButtonPayload, snapshot: Snapshot) -> Vote:
    return Vote(
        id=job.id,
        source=button.source,
        target=button.target,
        brief_digest=button.brief_digest,
        by=snapshot.people.with_real_name(job.click.person),
        comment=job.comment,
        at=snapshot.now,
        override=button.override,
        seen_modified=snapshot.version.last_modified,
    )
