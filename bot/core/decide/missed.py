"""
Notice a change outside that the bot missed: another change came before the bot looked.

The registry shows the latest status only. Somebody can set a status and set it back; and since
SageMaker has no conditional update, somebody can set one between the bot's last look at a version
and its update, which then wins. Only the event of such a change tells of it (infra/adr/0027).
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.core import wire
from bot.core.audit import entries
from bot.core.decide import notices
from bot.core.errors import Unavailable
from bot.core.reason import Reason, ReasonCode
from bot.core.votes.approval_record import decision_in
from bot.core.votes.lease import LAG, seconds_until
from bot.core.votes.request import SEEN

if TYPE_CHECKING:
    from datetime import datetime

    from bot.core.decide.snapshot import Snapshot
    from bot.core.registry.version import DatedStatus
    from bot.core.votes.vote import Decision, Vote

_CUT: Final = timedelta(seconds=1) - timedelta.resolution
"""At most so much is cut from a time that is cut to whole seconds."""


def with_missed(reported: DatedStatus | None, snapshot: Snapshot) -> Snapshot:
    """
    Record and queue for telling, once, the change that an event *reported*, if the bot missed it.

    Votes that were cast before it do not count any more. Raises Unavailable while the registry may
    not show yet what was set last.
    """
    if reported is None or reported.modified > snapshot.now + LAG:
        return snapshot  # no time of the registry's lies in the future
    _check_shown(reported, snapshot)
    id_ = _id(reported, snapshot)
    if snapshot.request.is_processed(id_) or not is_missed(reported, snapshot.request.seen):
        return snapshot
    decision = _made_meanwhile(reported, snapshot)
    snapshot = snapshot.audit(entries.missed_change(id_, reported, decision, snapshot.context))
    void = _votes_before(reported, snapshot)
    notice = notices.missed(id_, reported, decision, void, snapshot)
    snapshot = _without_votes(f"{id_}.votes", void, snapshot)
    outbox = (*snapshot.request.outbox, notice)
    return snapshot.change(outbox=outbox, seen=_with(reported, snapshot)).mark_change(id_)


def is_missed(reported: DatedStatus, seen: tuple[DatedStatus, ...]) -> bool:
    """
    Whether the bot never saw what was *reported*, though it saw what came before and after it.

    An event that reports the status before it tells of a change of something else; one that
    reports the status after it tells of a change that was seen later.
    """
    start, end = reported.modified, _end(reported)
    before = [each for each in seen if each.modified < start][-1:]
    meanwhile = [each for each in seen if start <= each.modified <= end]
    later = [each for each in seen if each.modified > end]
    after = [each for each in later if each.modified == later[0].modified]
    neighbours = (*before, *meanwhile, *after)
    is_between = bool(before and (meanwhile or after))
    return is_between and reported.status not in {each.status for each in neighbours}


def _with(reported: DatedStatus, snapshot: Snapshot) -> tuple[DatedStatus, ...]:
    """Return the states that were seen with what was *reported*: an edit of it is no change."""
    return tuple(sorted((*snapshot.request.seen, reported), key=lambda each: each.modified)[-SEEN:])


def _check_shown(reported: DatedStatus, snapshot: Snapshot) -> None:
    """Raise Unavailable as long as the registry may not show yet what was *reported*."""
    version = snapshot.version
    is_shown = version.status is reported.status or version.last_modified >= _end(reported)
    seconds = seconds_until(_end(reported) + LAG, snapshot.now)
    if not is_shown and seconds:
        raise Unavailable(
            f"the registry may not show yet what was set last of {version.arn}", seconds
        )


def _end(reported: DatedStatus) -> datetime:
    """Until when *reported* may have been set: its time may be cut to whole seconds."""
    cut = reported.modified.microsecond == 0
    return reported.modified + _CUT if cut else reported.modified


def _made_meanwhile(reported: DatedStatus, snapshot: Snapshot) -> Decision | None:
    """
    Return the last decision if it was being made when what was *reported* was set, and holds.

    It was judged on what was there before, and nothing else was seen since the registry showed it.
    """
    decision = snapshot.request.last_decision
    if decision is None or not _holds(decision, snapshot):
        return None
    looked, made = decision.seen_modified, decision.made_modified
    if looked is None or made is None or not looked < reported.modified <= made:
        return None
    was_meanwhile = _end(reported) <= made or snapshot.version.modified == made
    return decision if was_meanwhile else None


def _holds(decision: Decision, snapshot: Snapshot) -> bool:
    """Whether the registry shows *decision*, and its status."""
    version = snapshot.version
    return decision_in(version.metadata) == decision.id and version.status is decision.target


def _votes_before(reported: DatedStatus, snapshot: Snapshot) -> tuple[Vote, ...]:
    """
    The votes that were cast on the version as it was before what was *reported*.

    Those of an older version of the code do not say on which: it is before all that was seen since.
    """
    return tuple(
        vote
        for vote in snapshot.request.votes
        if vote.seen_modified is None or vote.seen_modified < reported.modified
    )


def _without_votes(id_: str, void: tuple[Vote, ...], snapshot: Snapshot) -> Snapshot:
    """Return *snapshot* without the votes *void*, with an entry that says why."""
    if not void:
        return snapshot
    params = {"group": snapshot.version.group, "number": snapshot.version.number}
    reason = Reason(ReasonCode.STATUS_CHANGED_TWICE_SINCE_VOTES, params)
    snapshot = snapshot.audit(entries.void(id_, void, reason, snapshot.context))
    kept = tuple(vote for vote in snapshot.request.votes if vote not in void)
    return snapshot.change(votes=kept, void_voters=snapshot.request.with_void(void))


def _id(reported: DatedStatus, snapshot: Snapshot) -> str:
    """Make an id of the change: the same for each event of it, however its time is written."""
    arn, created = snapshot.request.arn, snapshot.version.created.isoformat()
    second = reported.modified.replace(microsecond=0).isoformat()
    return wire.digest(arn, created, reported.status, second)
