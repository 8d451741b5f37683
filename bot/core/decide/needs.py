"""
What has to be asked before a job can be decided: whose membership, and how fresh the evidence.

Asking costs calls of Slack and S3, so only what can matter is asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.core.decide.click import valid_move
from bot.core.errors import Refused
from bot.core.jobs.messages import CheckForm, SubmitForm
from bot.core.registry.moves import move_between, moves_from
from bot.core.registry.version import Readiness, Status
from bot.core.rules.reach import named_only
from bot.core.votes.approval_record import decision_in
from bot.core.votes.outbox import NoticeKind, Way
from bot.core.votes.polls import votes_on

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.core.decide.snapshot import Snapshot
    from bot.core.jobs.messages import VersionJob
    from bot.core.registry.moves import Move
    from bot.core.registry.version import Version
    from bot.core.rules.rule import Rule
    from bot.core.votes.request import Request


@dataclass(frozen=True, slots=True)
class PeopleNeeded:
    """Whose members, membership and names have to be asked."""

    user_groups: tuple[str, ...] = ()
    """Those whose members matter."""
    people: tuple[str, ...] = ()
    """Those whose membership matters; their names come with it."""
    names: tuple[str, ...] = ()
    """Those whose names are shown, and of whom nothing else matters."""
    submitter: bool = False
    """Whether it matters who registered the version."""

    def __or__(self, other: PeopleNeeded) -> PeopleNeeded:
        return PeopleNeeded(
            tuple(dict.fromkeys([*self.user_groups, *other.user_groups])),
            tuple(dict.fromkeys([*self.people, *other.people])),
            tuple(dict.fromkeys([*self.names, *other.names])),
            self.submitter or other.submitter,
        )


def people_needed(job: VersionJob, snapshot: Snapshot) -> PeopleNeeded:
    """Return whom *job* and the card of its version need to know about."""
    needed = _for_votes(snapshot) | _for_resuming(snapshot)
    needed |= PeopleNeeded(names=named_only(snapshot.rule, snapshot.version))
    if isinstance(job, CheckForm | SubmitForm):
        needed |= _for_click(job, snapshot)
    return needed


def _for_resuming(snapshot: Snapshot) -> PeopleNeeded:
    """Whom the open decision needs: who voted for it, unless the registry shows that it is made."""
    pending = snapshot.request.open_decision
    if pending is None:
        return PeopleNeeded()
    if decision_in(snapshot.version.metadata) == pending.id:
        return PeopleNeeded(submitter=True)  # for the audit trail
    groups = _groups(snapshot.rule, move_between(pending.source, pending.target))
    people = dict.fromkeys([pending.by.id, *(vote.by.id for vote in pending.votes)])
    return PeopleNeeded(groups, tuple(people), submitter=True)


def _for_click(job: CheckForm | SubmitForm, snapshot: Snapshot) -> PeopleNeeded:
    """Whom the move of a click needs: its people, who clicked, and who voted for it."""
    try:
        move = valid_move(job.click, snapshot)
    except Refused:
        return PeopleNeeded()  # it is refused whoever clicked
    voters = [job.click.person.id, *_voters(snapshot, move)]
    groups = (
        () if _named_one_is_enough(snapshot.rule, move, voters) else _groups(snapshot.rule, move)
    )
    return PeopleNeeded(groups, tuple(voters), submitter=move.target is Status.APPROVED)


def _for_votes(snapshot: Snapshot) -> PeopleNeeded:
    """Whom the card needs to say how far votes have come."""
    votes = snapshot.counting
    if not votes:
        return PeopleNeeded()
    moves = moves_from(snapshot.version.status)
    groups = [group for move in moves for group in _groups(snapshot.rule, move)]
    return PeopleNeeded(tuple(groups), tuple(vote.by.id for vote in votes), submitter=True)


def _named_one_is_enough(rule: Rule, move: Move, people: Iterable[str]) -> bool:
    """Whether one vote decides and all of *people* are named by id: then no group matters."""
    one = sum(role.needs for role in rule.roles_for(move)) == 1
    return one and set(people) <= set(rule.voters(move).users)


def _groups(rule: Rule, move: Move) -> tuple[str, ...]:
    return rule.voters(move).user_groups


def _voters(snapshot: Snapshot, move: Move) -> list[str]:
    return [vote.by.id for vote in votes_on(snapshot.counting, move)]


_NOT_BY_PEOPLE_HERE: Final = {
    NoticeKind.EXTERNAL_CHANGE,
    NoticeKind.MISSED,
    NoticeKind.DEPLOY_UNHEARD,
}


def needs_card(request: Request, version: Version) -> bool:
    """Whether *version* has a card, or must have one: people are asked, or have acted, on it."""
    finished = version.readiness in (Readiness.COMPLETED, Readiness.FAILED)
    waits_for_people = version.status is Status.PENDING and finished
    return bool(request.cards) or waits_for_people or acted(request)


def acted(request: Request) -> bool:
    """Whether somebody has voted or decided, and the thread has still to hear of it."""
    by_people = (notice for notice in request.outbox if notice.kind not in _NOT_BY_PEOPLE_HERE)
    in_thread = any(to.way is Way.THREAD for notice in by_people for to in notice.to)
    return request.open_decision is not None or in_thread
