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
from bot.core.votes.decision import decision_from
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
    from bot.core.rules.judge import Verdict
    from bot.core.votes.vote import Decision


def judged_again(
    pending: Decision, snapshot: Snapshot, reported: DatedStatus | None = None
) -> Decision:
    """
    Return *pending*, which the registry does not show, as it is made now: by the votes that count.

    The status may be the same again: an event may have *reported* another since. Raises Refused
    with the reason for which it cannot be made.
    """
    _check_version(pending, snapshot, reported)
    outcome = _outcome_as_confirmed(pending, snapshot)
    move = move_between(pending.source, pending.target)
    if not can_make(move, snapshot.version):
        raise Refused(not_ready(snapshot.version))
    check_metadata_limit(snapshot.version)
    verdict = _verdict(pending, move, snapshot)
    *others, last = pending.votes
    return decision_from(last, others, verdict, snapshot.version, outcome)


def _check_version(pending: Decision, snapshot: Snapshot, reported: DatedStatus | None) -> None:
    """Raise Refused if the version is not what *pending* was judged on, or SageMaker declined."""
    version = snapshot.version
    if snapshot.declined:
        raise Refused(declined(version, pending))
    if version.status is not pending.source or _is_other_since(reported, pending):
        code = ReasonCode.STATUS_CHANGED_SINCE_DECISION
        raise Refused(status_changed(version, snapshot.request.last, code))
    if pending.brief_digest != snapshot.brief_digest:
        raise Refused(Reason(ReasonCode.BRIEF_CHANGED_SINCE_DECISION))


def _is_other_since(reported: DatedStatus | None, pending: Decision) -> bool:
    """Whether another status was *reported* since the version that *pending* was judged on."""
    if reported is None or pending.seen_modified is None:
        return False
    is_later = reported.modified > pending.seen_modified
    return is_later and reported.status not in {pending.source, pending.target}


def _outcome_as_confirmed(pending: Decision, snapshot: Snapshot) -> Outcome:
    """Return what *pending* leads to now, if that is what the last vote's form said."""
    now = outcome_of(snapshot.version, pending.target, snapshot.subject.versions)
    if now.after == pending.outcome.after:
        return now
    code = ReasonCode.OUTCOME_CHANGED_SINCE_DECISION
    raise Refused(outcome_changed(snapshot.version.number, pending.target, now, code))


def _verdict(pending: Decision, move: Move, snapshot: Snapshot) -> Verdict:
    """Judge the votes by the rule and the people as they are now."""
    rule, last = snapshot.rule, pending.votes[-1:]
    voters = voters_on(pending.votes, move)
    try:
        verdict = judge(rule, move, pending.by.id, voters, snapshot.people)
    except Refused as refusal:
        raise Refused(not_allowed_any_more(rule, refusal.reason.code)) from refusal
    if verdict.override and not any(vote.override for vote in last):
        raise Refused(not_allowed_any_more(rule, ReasonCode.OVERRIDE_NOT_CONFIRMED))
    button = button_for(move, snapshot.subject, rule, override=verdict.override)
    if button.comment_needed and not has_visible_character(pending.comment):
        raise Refused(not_allowed_any_more(rule, ReasonCode.COMMENT_NEEDED))
    if not verdict.granted:
        raise Refused(votes_missing(rule, verdict.tally))
    return verdict
