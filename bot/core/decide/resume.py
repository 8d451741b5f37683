"""
Judge a decision again that an earlier job wrote down, and that is not proved to be made.

Between the two jobs, anything may have changed that the click was judged by. So all of it is judged
once more: the status, the evidence, what is then next to deploy, whether the version is fit for the
move, the rule with the votes, the room in the metadata. Nobody looks at a form any more that could
be shown again; so what does not hold is void, and whoever voted is told why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.errors import Refused
from bot.core.reason import Reason, ReasonCode
from bot.core.registry.moves import can_make, move_between
from bot.core.registry.outcome import outcome_of
from bot.core.rules.judge import judge
from bot.core.text import has_visible_character
from bot.core.votes.approval_record import check_metadata_limit
from bot.core.votes.button import button_for
from bot.core.votes.polls import voters_on
from bot.core.votes.refusals import (
    declined,
    not_allowed_any_more,
    not_ready,
    outcome_changed,
    status_changed,
    votes_missing,
)

if TYPE_CHECKING:
    from bot.core.decide.snapshot import Snapshot
    from bot.core.registry.moves import Move
    from bot.core.registry.outcome import Outcome
    from bot.core.registry.version import DatedStatus
    from bot.core.votes.vote import Decision


def void_reason(
    pending: Decision, snapshot: Snapshot, reported: DatedStatus | None = None
) -> Reason | None:
    """
    Return why *pending*, which the registry does not show, cannot be made; None if it can.

    The status may be the same again: an event may have *reported* another since.
    """
    version = snapshot.version
    if snapshot.declined:
        return declined(version, pending)
    if version.status is not pending.source or _is_other_since(reported, pending):
        code = ReasonCode.STATUS_CHANGED_SINCE_DECISION
        return status_changed(version, snapshot.request.last, code)
    if pending.brief_digest != snapshot.brief_digest:
        return Reason(ReasonCode.BRIEF_CHANGED_SINCE_DECISION)
    return _not_as_the_form_said(pending, snapshot) or _not_allowed(pending, snapshot)


def _is_other_since(reported: DatedStatus | None, pending: Decision) -> bool:
    """Whether another status was *reported* since the version that *pending* was judged on."""
    if reported is None or pending.seen_modified is None:
        return False
    is_later = reported.modified > pending.seen_modified
    return is_later and reported.status not in {pending.source, pending.target}


def outcome_now(pending: Decision, snapshot: Snapshot) -> Outcome:
    """Return what *pending* leads to now."""
    return outcome_of(snapshot.version, pending.target, snapshot.subject.versions)


def _not_as_the_form_said(pending: Decision, snapshot: Snapshot) -> Reason | None:
    """Say what would be next to deploy, if that is not what the last vote's form said."""
    now = outcome_now(pending, snapshot)
    if now.after == pending.outcome.after:
        return None
    code = ReasonCode.OUTCOME_CHANGED_SINCE_DECISION
    return outcome_changed(snapshot.version.number, pending.target, now, code)


def _not_allowed(pending: Decision, snapshot: Snapshot) -> Reason | None:
    """Say why the version is not fit for it, or the rule does not allow it, as they are now."""
    move = move_between(pending.source, pending.target)
    if not can_make(move, snapshot.version):
        return not_ready(snapshot.version)
    try:
        check_metadata_limit(snapshot.version)
    except Refused as refusal:
        return refusal.reason
    return _against_the_rule(pending, move, snapshot)


def _against_the_rule(pending: Decision, move: Move, snapshot: Snapshot) -> Reason | None:
    rule, last = snapshot.rule, pending.votes[-1:]
    voters = voters_on(pending.votes, move)
    try:
        verdict = judge(rule, move, pending.by.id, voters, snapshot.people)
    except Refused as refusal:
        return not_allowed_any_more(rule, refusal.reason.code)
    if verdict.override and not any(vote.override for vote in last):
        return not_allowed_any_more(rule, ReasonCode.OVERRIDE_NOT_CONFIRMED)
    button = button_for(move, snapshot.subject, rule, override=verdict.override)
    if button.comment_needed and not has_visible_character(pending.comment):
        return not_allowed_any_more(rule, ReasonCode.COMMENT_NEEDED)
    return None if verdict.granted else votes_missing(rule, verdict.tally)
