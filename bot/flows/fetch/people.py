"""Ask who people are: what a rule has to know of them before it can be judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.registry.moves import leaving
from bot.core.registry.version import Status
from bot.core.rules.people import KnownPeople, LookupFailure, Submitter, ids_in, submitter_of
from bot.core.votes.polls import Poll, polls

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.core.evidence.brief import Candidate
    from bot.core.registry.moves import Move
    from bot.core.registry.version import DescribedVersion
    from bot.core.rules.rule import Rule
    from bot.core.votes.vote import Vote
    from bot.flows.ports import Ports


def facts(
    version: DescribedVersion, rule: Rule, move: Move, voters: Iterable[str], at: Ports
) -> KnownPeople:
    """What is known of the *voters* for *move*, by id."""
    people = dict.fromkeys(voters)
    groups = () if _one_is_enough(rule, move, people) else rule.voters(move).user_groups
    return _known(version, groups, people, at, submits=move.target is Status.APPROVED)


def _one_is_enough(rule: Rule, move: Move, people: Iterable[str]) -> bool:
    """Whether one vote decides and all of *people* are named by id: then no group is asked."""
    one = sum(role.needs for role in rule.roles_for(move)) == 1
    return one and set(people) <= set(rule.voters(move).users)


def stand(seen: Candidate, rule: Rule, votes: Sequence[Vote], at: Ports) -> tuple[Poll, ...]:
    """How far *votes*, which count for what is *seen*, have come."""
    if not votes:
        return ()
    moves = leaving(seen.version.status)
    groups = dict.fromkeys(group for move in moves for group in rule.voters(move).user_groups)
    people = dict.fromkeys(vote.by.id for vote in votes)
    return polls(rule, votes, _known(seen.version, groups, people, at, submits=True))


def _known(
    version: DescribedVersion,
    groups: Iterable[str],
    people: Iterable[str],
    at: Ports,
    *,
    submits: bool,
) -> KnownPeople:
    return KnownPeople(
        members={group: at.directory.members(group) for group in groups},
        memberships={person: at.directory.standing(person) for person in people},
        submitter=submitter(version, at) if submits else Submitter(),
    )


def submitter(version: DescribedVersion, at: Ports) -> Submitter:
    """Who registered *version*: by Slack id, by the rules' own list, by e-mail if that is on."""
    name = submitter_of(version)
    if found := at.rules.slack_id(name):
        return Submitter(name, found)
    match ids_in(name):
        case (only,):
            return Submitter(name, only)
        case (_, _, *_):
            return Submitter(name, failure=LookupFailure.UNCLEAR)
    email = at.rules.email(name)
    known = at.directory.with_email(email) if email else None
    return (
        Submitter(name, failure=known)
        if isinstance(known, LookupFailure)
        else Submitter(name, known)
    )
