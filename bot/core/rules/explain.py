"""
Explain what the rules say of one person and one move, to those who write the rules.

It tells what would happen if nobody had voted yet, as values; the sentences are in
`bot.core.words.explanations`. It judges as the bot does, by `bot.core.rules.judge`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bot.core.errors import Refused
from bot.core.registry.version import Status
from bot.core.rules.judge import judge, refusal_for, roles_of
from bot.core.rules.patterns import matches
from bot.core.rules.people import LookupFailure, MembershipStatus
from bot.core.rules.quorum import tally
from bot.core.rules.reach import pings
from bot.core.rules.rule import People

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.core.reason import Reason
    from bot.core.registry.moves import Move
    from bot.core.rules.judge import Verdict
    from bot.core.rules.people import KnownPeople
    from bot.core.rules.quorum import Tally
    from bot.core.rules.reach import Pings
    from bot.core.rules.rule import Rule, Rules


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody would make a move on a version of a group."""

    group: str
    person: str
    move: Move


@dataclass(frozen=True, slots=True)
class NextVoters:
    """Whose votes could bring a move further after the one of the attempt."""

    users: tuple[str, ...] = ()
    user_groups: Mapping[str, frozenset[str] | None] = field(default_factory=dict)
    """The members of each group who could vote; None where they could not be looked up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What would come of an attempt, and what else holds for the move."""

    attempt: Attempt
    rule: Rule
    pattern: str | None
    """The pattern of the rule that matches the group; None if no rule does."""
    reason: Reason | None
    """Why the person may not; None if they may, or if that is unknown."""
    verdict: Verdict | None
    """What their vote would do; None if they may not, or if that is unknown."""
    depends_on: tuple[str, ...] = ()
    """The user groups whose members nobody looked up, if the answer is unknown for that."""
    next_voters: NextVoters
    pings: Pings
    unreadable: Mapping[str, LookupFailure | None]
    """The rule's user groups that could not be looked up, with the reason if it is known."""

    @property
    def allowed(self) -> bool:
        """Whether the person may make the move."""
        return self.verdict is not None


def explain(rules: Rules, attempt: Attempt, people: KnownPeople) -> Explanation:
    """Explain what would come of *attempt* under *rules*, by what is known of *people*."""
    rule = rules.find(attempt.group)
    result = _judged(rule, attempt, people)
    verdict = None if isinstance(result, Refused) else result
    depends_on = () if verdict else _depends_on(rule, attempt, people)
    return Explanation(
        attempt=attempt,
        rule=rule,
        pattern=next((each for each in rule.patterns if matches(each, attempt.group)), None),
        reason=result.reason if isinstance(result, Refused) and not depends_on else None,
        verdict=verdict,
        depends_on=depends_on,
        next_voters=_next_voters(rule, attempt, verdict, people),
        pings=pings(rule, attempt.move, people),
        unreadable=_unreadable(rule, people),
    )


def _judged(rule: Rule, attempt: Attempt, people: KnownPeople) -> Verdict | Refused:
    try:
        return judge(rule, attempt.move, attempt.person, (), people)
    except Refused as refused:
        return refused


def _depends_on(rule: Rule, attempt: Attempt, people: KnownPeople) -> tuple[str, ...]:
    """Name the user groups that were not looked up and in which the person may be, if they may."""
    groups = rule.voters(attempt.move).user_groups
    unknown = tuple(group for group in groups if group not in people.members)
    most = sum(role.needs for role in rule.roles_for(attempt.move))
    others = [f"somebody else, {number}" for number in range(most)]
    assumed = {group: frozenset([attempt.person, *others]) for group in unknown}
    as_members = replace(people, members={**people.members, **assumed})
    return () if isinstance(_judged(rule, attempt, as_members), Refused) else unknown


def _unreadable(rule: Rule, people: KnownPeople) -> dict[str, LookupFailure | None]:
    answers = {group: people.members.get(group) for group in rule.everybody.user_groups}
    return {group: answer for group, answer in answers.items() if not isinstance(answer, frozenset)}


def _next_voters(
    rule: Rule, attempt: Attempt, verdict: Verdict | None, people: KnownPeople
) -> NextVoters:
    """Who could bring the move further than the vote of *attempt* does."""
    if verdict is None or verdict.granted:
        return NextVoters()
    able = _in_roles_with_room(rule, attempt, verdict.tally, people)
    groups = {group: _able_members(rule, attempt, group, people) for group in able.user_groups}
    return NextVoters(
        users=tuple(user for user in able.users if _may_join(rule, attempt, user, people)),
        user_groups={
            group: members for group, members in groups.items() if members is None or members
        },
    )


def _in_roles_with_room(
    rule: Rule, attempt: Attempt, counted: Tally, people: KnownPeople
) -> People:
    """
    Everybody in those of the roles in which one more person would help.

    These can be more than the roles that wait: the first voter may be moved to another of theirs.
    """
    roles, able = rule.roles_for(attempt.move), People()
    first = {attempt.person: roles_of(attempt.person, roles, people)}
    for role in roles:
        somebody_else = {"": frozenset({role.name})}
        if tally(roles, first | somebody_else).have > counted.have:
            able |= role.people
    return able


def _may_join(rule: Rule, attempt: Attempt, user: str, people: KnownPeople) -> bool:
    """Whether *user* may vote as well; whoever was not looked up counts as a member."""
    if user == attempt.person:
        return False
    memberships = {user: MembershipStatus.MEMBER, **people.memberships}
    as_members = replace(people, memberships=memberships)
    return refusal_for(rule, attempt.move, user, as_members) is None


def _able_members(
    rule: Rule, attempt: Attempt, group: str, people: KnownPeople
) -> frozenset[str] | None:
    """The members of *group* who could vote; None if they could not be looked up."""
    members = people.members.get(group)
    if not isinstance(members, frozenset):
        return None
    if attempt.move.target is Status.APPROVED and not rule.break_glass:
        members -= set(people.submitter.ids)
    return members - {attempt.person}
