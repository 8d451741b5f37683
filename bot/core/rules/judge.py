"""
Decide whether somebody may make a move, and whether the votes are enough. Values in, values out.

Who is in a user group, who still has an account and who registered the version is looked up
elsewhere and passed in (`KnownPeople`). What could not be looked up counts for nobody, and where
nobody is named, nobody may decide.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from bot.core.errors import Refused
from bot.core.reason import Reason, ReasonCode
from bot.core.registry.version import Status
from bot.core.rules.people import NEVER, KnownPeople, LookupFailure, MembershipStatus
from bot.core.rules.quorum import Tally, tally

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.core.registry.moves import Move
    from bot.core.rules.rule import People, Role, Rule

BY_THE_RULES: Final = frozenset(
    {
        ReasonCode.NO_RULE,
        ReasonCode.NO_APPROVER,
        ReasonCode.EMPTY_ROLE,
        ReasonCode.NOT_A_MEMBER,
        ReasonCode.OWN_VERSION,
        ReasonCode.MAYBE_OWN_VERSION,
        ReasonCode.SUBMITTER_UNKNOWN,
        ReasonCode.TOO_FEW_PEOPLE,
        ReasonCode.NOT_AN_APPROVER,
    }
)
"""The reasons that other rules could change: those that `judge` gives."""


@dataclass(frozen=True, slots=True)
class Voter:
    """Somebody who voted for the move in question."""

    id: str
    override: bool = False
    """Whether the vote was cast as an emergency override."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a vote that is allowed leads to."""

    tally: Tally
    veto: bool = False
    """Whether it decides only because the voter can veto."""
    override: bool = False
    """Whether the voter registered the version, so that this is an emergency override."""

    @property
    def granted(self) -> bool:
        """Whether the move is decided with this vote."""
        return self.veto or self.tally.complete


def judge(
    rule: Rule, move: Move, person: str, voters: Iterable[Voter], people: KnownPeople
) -> Verdict:
    """
    Judge a vote of *person* for *move*, next to the *voters* who voted for it before.

    Raises Refused.
    """
    if reason := refusal_for(rule, move, person, people):
        raise Refused(reason)
    others = [voter for voter in voters if voter.id != person]
    counts = progress(rule, move, others, people, person)
    veto = _can_veto(rule, move, person, people) and not counts.complete
    return Verdict(counts, veto, _is_own_version(move, person, people))


def progress(
    rule: Rule,
    move: Move,
    voters: Iterable[Voter],
    people: KnownPeople,
    person: str | None = None,
) -> Tally:
    """Count how far *voters*, and after them *person*, fill the roles that *move* needs."""
    roles = rule.roles_for(move)
    counting = [voter.id for voter in voters if _counts(rule, move, voter, people)]
    everyone = dict.fromkeys([*counting, *([person] if person else [])])
    return tally(roles, {each: roles_of(each, roles, people) for each in everyone})


def rule_problem(rule: Rule, move: Move | None = None) -> Reason | None:
    """Say why nobody may make *move* (or any move) under *rule*; None if somebody may."""
    if not rule.patterns:
        return Reason(ReasonCode.NO_RULE)
    roles = rule.roles_for(move) if move else rule.roles or sum(rule.moves.values(), ())
    if not roles:
        return Reason(ReasonCode.NO_APPROVER, {"rule": rule.name})
    if empty := [role.name for role in roles if not role.people]:
        return Reason(ReasonCode.EMPTY_ROLE, {"rule": rule.name, "role": empty[0]})
    return None


def refusal_for(rule: Rule, move: Move, person: str, people: KnownPeople) -> Reason | None:
    """Say why *person* may not vote for *move* under *rule*; None if they may."""
    if reason := rule_problem(rule, move) or _not_a_member(rule, move, person, people):
        return reason
    if _can_veto(rule, move, person, people):
        return None
    has_role = roles_of(person, rule.roles_for(move), people)
    if has_role and (own := _own_version(rule, move, person, people)):
        return own
    if too_few := _too_few_people(rule, move, people):
        return too_few
    return None if has_role else _not_an_approver(rule, move, people)


def roles_of(person: str, roles: Sequence[Role], people: KnownPeople) -> frozenset[str]:
    """Name those of *roles* that *person* is in."""
    return frozenset(role.name for role in roles if _is_one_of(person, role.people, people))


def _counts(rule: Rule, move: Move, voter: Voter, people: KnownPeople) -> bool:
    """Whether a vote counts by what is known now, which may be more than when it was cast."""
    if _is_own_version(move, voter.id, people) and not voter.override:
        return False
    return refusal_for(rule, move, voter.id, people) is None


def _reason(code: ReasonCode, rule: Rule, move: Move, **params: Any) -> Reason:
    return Reason(code, {"rule": rule.name, "move": move.key, **params})


def _not_a_member(rule: Rule, move: Move, person: str, people: KnownPeople) -> Reason | None:
    """Why what *person* is in Slack keeps them from deciding, if it does."""
    membership = people.memberships.get(person, MembershipStatus.UNKNOWN)
    is_named = person in rule.voters(move).users
    if membership is MembershipStatus.MEMBER or (is_named and membership not in NEVER):
        return None
    return _reason(ReasonCode.NOT_A_MEMBER, rule, move, membership=membership.value)


def _own_version(rule: Rule, move: Move, person: str, people: KnownPeople) -> Reason | None:
    """Why *person* may not approve what they registered, or may have registered."""
    if move.target is not Status.APPROVED:
        return None
    submitter = people.submitter
    if submitter.failure is not None:
        params = {"name": submitter.name, "failure": submitter.failure.value}
        return _reason(ReasonCode.SUBMITTER_UNKNOWN, rule, move, **params)
    if person not in submitter.ids or rule.break_glass:
        return None
    if len(submitter.ids) > 1:
        return _reason(ReasonCode.MAYBE_OWN_VERSION, rule, move, name=submitter.name)
    return _reason(ReasonCode.OWN_VERSION, rule, move)


def _is_own_version(move: Move, person: str, people: KnownPeople) -> bool:
    """Whether *person* would approve what they registered, or may have registered."""
    return move.target is Status.APPROVED and person in people.submitter.ids


def _can_veto(rule: Rule, move: Move, person: str, people: KnownPeople) -> bool:
    return move.target is Status.REJECTED and _is_one_of(person, rule.veto, people)


def _is_one_of(person: str, some: People, people: KnownPeople) -> bool:
    if person in some.users:
        return True
    groups = (people.members.get(group, LookupFailure.OTHER) for group in some.user_groups)
    return any(person in members for members in groups if not isinstance(members, LookupFailure))


def _too_few_people(rule: Rule, move: Move, people: KnownPeople) -> Reason | None:
    """Why *move* can never be decided, if its roles need more people than can fill them."""
    roles = rule.roles_for(move)
    everyone = _everyone_in(roles, people)
    if everyone is None:
        return None
    able = [person for person in sorted(everyone) if not _is_excluded(rule, move, person, people)]
    most = tally(roles, {person: roles_of(person, roles, people) for person in able})
    if most.complete:
        return None
    params = {"rule": rule.name, "needed": most.needed, "able": most.have}
    return Reason(ReasonCode.TOO_FEW_PEOPLE, params)


def _is_excluded(rule: Rule, move: Move, person: str, people: KnownPeople) -> bool:
    """Whether it is already known that *person* may not vote, although they are in a role."""
    membership = people.memberships.get(person, MembershipStatus.UNKNOWN)
    is_known = membership is not MembershipStatus.UNKNOWN
    if is_known and _not_a_member(rule, move, person, people):
        return True
    return _is_own_version(move, person, people) and not rule.break_glass


def _everyone_in(roles: Sequence[Role], people: KnownPeople) -> set[str] | None:
    """Everybody who is in one of *roles*; None if a user group could not be looked up."""
    everyone: set[str] = set()
    for role in roles:
        everyone |= set(role.people.users)
        for group in role.people.user_groups:
            members = people.members.get(group, LookupFailure.OTHER)
            if isinstance(members, LookupFailure):
                return None
            everyone |= members
    return everyone


def _not_an_approver(rule: Rule, move: Move, people: KnownPeople) -> Reason:
    """Why somebody in no role may not vote: who may, and which user groups were not read."""
    able = rule.voters(move)
    answers = {group: people.members.get(group) for group in able.user_groups}
    return _reason(
        ReasonCode.NOT_AN_APPROVER,
        rule,
        move,
        users=list(able.users),
        user_groups=list(able.user_groups),
        unreadable={
            group: members.value if members else ""
            for group, members in answers.items()
            if members is None or isinstance(members, LookupFailure)
        },
    )
