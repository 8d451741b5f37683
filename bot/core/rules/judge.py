"""
May this person make this move, and are the votes enough? From values alone.

Who belongs to a user group, who still works here and who registered the version is asked
elsewhere and handed in. What could not be read is said in its place, and counts for nobody:
empty means nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.errors import NotAllowed
from bot.core.registry.moves import MOVES
from bot.core.registry.version import Status
from bot.core.rules.people import NEVER, KnownPeople, LookupFailure, MembershipStatus, Submitter
from bot.core.rules.quorum import Tally, tally
from bot.core.text import Part, Sentence, Team, listed, many

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.core.registry.moves import Move
    from bot.core.rules.rule import People, Role, Rule
    from bot.core.votes.vote import Vote


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a vote that is allowed leads to."""

    tally: Tally
    veto: bool = False
    """Whether it decides only because the voter may say no alone."""
    override: bool = False
    """Whether the voter registered the version, and breaks the glass."""

    @property
    def granted(self) -> bool:
        """Whether the move is decided with this vote."""
        return self.veto or self.tally.complete


@dataclass(frozen=True, slots=True)
class Poll:
    """The votes for a move that is not decided yet, and how far they fill its roles."""

    move: Move
    votes: tuple[Vote, ...]
    tally: Tally


def still_count(votes: Iterable[Vote], status: Status, brief: str) -> tuple[Vote, ...]:
    """Those of *votes* that were cast on *status* and on the brief with this digest."""
    return tuple(vote for vote in votes if vote.source is status and vote.brief == brief)


def on_move(votes: Iterable[Vote], move: Move) -> tuple[Vote, ...]:
    """Those of *votes* that are for *move*."""
    return tuple(vote for vote in votes if (vote.source, vote.target) == (move.source, move.target))


def nobody_because(rule: Rule, move: Move | None = None) -> str | None:
    """Why nobody may make *move* (or any) under *rule*; None if somebody may."""
    if not rule.patterns:
        return "Nobody may decide: no rule matches this group."
    roles = rule.roles_for(move) if move else rule.roles or sum(rule.moves.values(), ())
    if not roles:
        return "Nobody may decide: the rule for this group names no approver."
    if empty := [role.name for role in roles if not role.people]:
        return f"Nobody may decide: the rule for this group names nobody for the role {empty[0]}."
    return None


def judge(
    rule: Rule, move: Move, person: str, votes: Sequence[Vote], facts: KnownPeople
) -> Verdict:
    """
    What it means that *person* votes for *move*, beside the *votes* that others cast for it.

    Raises NotAllowed, with the reason and the name of the rule.
    """
    if why := why_not(rule, move, person, facts):
        raise NotAllowed((*why, *_by(rule)))
    others = [vote for vote in votes if vote.by.id != person]
    counts = progress(rule, move, others, facts, person)
    veto = _vetoes(rule, move, person, facts) and not counts.complete
    return Verdict(counts, veto, _is_their_own(person, move, facts))


def progress(
    rule: Rule, move: Move, votes: Sequence[Vote], facts: KnownPeople, person: str | None = None
) -> Tally:
    """How far *votes*, and after them *person*'s, fill the roles that *move* needs."""
    roles = rule.roles_for(move)
    voters = [vote.by.id for vote in on_move(votes, move) if _may_count(vote, rule, move, facts)]
    everyone = dict.fromkeys([*voters, *([person] if person else [])])
    return tally(roles, {each: roles_of(each, roles, facts) for each in everyone})


def polls(rule: Rule, votes: Sequence[Vote], facts: KnownPeople) -> tuple[Poll, ...]:
    """What stands to be decided by *votes*, one for each move that somebody voted for."""
    cast = [(move, on_move(votes, move)) for move in MOVES]
    return tuple(Poll(move, on, progress(rule, move, on, facts)) for move, on in cast if on)


def _may_count(vote: Vote, rule: Rule, move: Move, facts: KnownPeople) -> bool:
    """Whether *vote* counts by what is known now, which may be more than when it was cast."""
    own = _is_their_own(vote.by.id, move, facts)
    return why_not(rule, move, vote.by.id, facts) is None and (vote.override or not own)


def why_not(rule: Rule, move: Move, person: str, facts: KnownPeople) -> Sentence | None:
    """Why *person* may not vote for *move* under *rule*; None if they may."""
    if nobody := nobody_because(rule, move):
        return (nobody,)
    if reason := _outsider(rule, move, person, facts):
        return (f"You may not {move.key} this version: you are {reason}.",)
    if _vetoes(rule, move, person, facts):
        return None
    has_role = roles_of(person, rule.roles_for(move), facts)
    if has_role and (own := _own_work(rule, move, person, facts.submitter)):
        return own
    if nobody := _unfillable(rule, move, facts):
        return (nobody,)
    return None if has_role else _who_may(rule, move, facts)


def _own_work(rule: Rule, move: Move, person: str, submitter: Submitter) -> Sentence | None:
    """Why *person* may not approve what they registered, or may have registered."""
    if move.target is not Status.APPROVED:
        return None
    if submitter.unread is not None:
        return (
            f"Nobody may {move.key} this version: {submitter.name} registered it, and who that ",
            f"is in Slack could not be found out, because {submitter.unread}.",
        )
    if person == submitter.id and not rule.break_glass:
        return (f"You registered this version, so you may not {move.key} it.",)
    return None


def _is_their_own(person: str, move: Move, facts: KnownPeople) -> bool:
    """Whether *person* would approve what they registered."""
    return move.target is Status.APPROVED and person == facts.submitter.id


def _vetoes(rule: Rule, move: Move, person: str, facts: KnownPeople) -> bool:
    return move.target is Status.REJECTED and _is_one_of(person, rule.veto, facts)


def roles_of(person: str, roles: Sequence[Role], facts: KnownPeople) -> frozenset[str]:
    """The names of those of *roles* that *person* is in."""
    return frozenset(role.name for role in roles if _is_one_of(person, role.people, facts))


def _is_one_of(person: str, people: People, facts: KnownPeople) -> bool:
    if person in people.users:
        return True
    read = (facts.members.get(group, LookupFailure.OTHER) for group in people.user_groups)
    return any(person in members for members in read if not isinstance(members, LookupFailure))


def _outsider(rule: Rule, move: Move, person: str, facts: KnownPeople) -> str | None:
    """What *person* is, if that keeps them from deciding."""
    standing = facts.standings.get(person, MembershipStatus.UNKNOWN)
    if standing is MembershipStatus.MEMBER:
        return None
    if standing in NEVER or person not in rule.voters(move).users:
        return standing
    return None


def _unfillable(rule: Rule, move: Move, facts: KnownPeople) -> str | None:
    """Why *move* can never be decided, if its roles need more people than there are in them."""
    roles = rule.roles_for(move)
    known = _all_of(roles, facts)
    if known is None:
        return None
    able = [person for person in sorted(known) if not _is_out(rule, move, person, facts)]
    most = tally(roles, {person: roles_of(person, roles, facts) for person in able})
    if most.complete:
        return None
    return (
        f"Nobody may decide: the rule for this group needs {many(most.needed, 'person')} "
        f"for this move, and only {many(most.have, 'person')} can fill its roles."
    )


def _is_out(rule: Rule, move: Move, person: str, facts: KnownPeople) -> bool:
    """Whether it is known already that *person* may not vote, although they are in a role."""
    own = move.target is Status.APPROVED and person == facts.submitter.id
    asked = facts.standings.get(person, MembershipStatus.UNKNOWN) is not MembershipStatus.UNKNOWN
    outside = asked and _outsider(rule, move, person, facts) is not None
    return outside or (own and not rule.break_glass)


def _all_of(roles: Sequence[Role], facts: KnownPeople) -> set[str] | None:
    """Everybody who is in one of *roles*; None if that is not known."""
    found: set[str] = set()
    for role in roles:
        found |= set(role.people.users)
        for group in role.people.user_groups:
            members = facts.members.get(group, LookupFailure.OTHER)
            if isinstance(members, LookupFailure):
                return None
            found |= members
    return found


def _who_may(rule: Rule, move: Move, facts: KnownPeople) -> Sentence:
    people = rule.voters(move)
    sentence = (f"You may not {move.key} this version. ", *listed(people.named), " may.")
    unread = {
        reason: [group for group in people.user_groups if facts.members.get(group) is reason]
        for reason in LookupFailure
    }
    for reason, groups in unread.items():
        if groups:
            sentence += (*_not_read(groups), f", because {reason}.")
    if unasked := [group for group in people.user_groups if group not in facts.members]:
        sentence += (*_not_read(unasked), ".")
    return sentence


def _not_read(groups: Sequence[str]) -> tuple[Part, ...]:
    parts = [Team(group) for group in groups]
    return (" Nobody counts as a member of ", *listed(parts), ", which could not be read")


def _by(rule: Rule) -> Sentence:
    return (f" (Rule: {rule.name}.)",) if rule.name else ()
