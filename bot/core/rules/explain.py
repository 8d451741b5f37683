"""
What the rules say of one person and one move, for whoever writes the rules: each thing as a line.

It tells what would happen if nobody had voted yet. It decides nothing: `policy` is
asked here as the bot asks it. Who hears of a version is for `reach`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.core.errors import Refused
from bot.core.registry.version import Status
from bot.core.rules.judge import Verdict, judge, roles_of, why_not
from bot.core.rules.patterns import matches
from bot.core.rules.people import KnownPeople, LookupFailure, MembershipStatus
from bot.core.rules.quorum import Tally, tally
from bot.core.rules.reach import channels, pings
from bot.core.rules.rule import ANYBODY, People
from bot.core.text import Channel, Mention, Part, Sentence, Team, listed, spoken
from bot.core.words.reasons import lookup_failure, reason_sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.core.registry.moves import Move
    from bot.core.rules.rule import Role, Rule, Rules


_FEW: Final = 5
"""So many members of a group are named one by one."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody would make a move on a version of a group."""

    group: str
    person: str
    move: Move


@dataclass(frozen=True, slots=True)
class Explanation:
    """What would come of it, in lines of plain text, and whether the person may at all."""

    allowed: bool
    lines: tuple[str, ...]


def explain(rules: Rules, attempt: Attempt, facts: KnownPeople) -> Explanation:
    """What would come of *attempt* under *rules*, and why, by what is known."""
    rule = rules.find(attempt.group)
    allowed, said = _judged(rule, attempt, facts)
    about = [*_which(rule, attempt.group), *said, *_around(rule, attempt, facts)]
    return Explanation(allowed, tuple(spoken(line) for line in about))


def _which(rule: Rule, group: str) -> Iterator[Sentence]:
    pattern = next((each for each in rule.patterns if matches(each, group)), None)
    if pattern is None:
        yield (f"Rule: none matches {group}.",)
    else:
        yield (f"Rule: {rule.name or 'without a name'}, whose pattern {pattern} matches {group}.",)
    yield ("Channel: ", Channel(rule.channel), ".")


def _judged(rule: Rule, attempt: Attempt, facts: KnownPeople) -> tuple[bool, list[Sentence]]:
    """Whether the person may, and what their vote would do or what they would be told."""
    who, move, what = Mention(attempt.person), attempt.move, f"a version of {attempt.group}"
    try:
        verdict = judge(rule, move, attempt.person, (), facts)
    except Refused as no:
        told = ("They would be told: ", *reason_sentence(no.reason))
        return False, [(who, f" may not {move.key} {what}."), told]
    said = [(who, f" may {move.key} {what}."), *_effect(rule, attempt, verdict, facts)]
    return True, [*said, _comment(rule, move, verdict)]


def _effect(
    rule: Rule, attempt: Attempt, verdict: Verdict, facts: KnownPeople
) -> Iterator[Sentence]:
    """What the vote would do, and who else could bring the move further."""
    if verdict.granted:
        yield ("It decides at once, as a veto." if verdict.veto else "It decides at once.",)
        return
    role = verdict.tally.role_of(attempt.person)
    counts = "It counts." if role == ANYBODY else f"It counts for {role}."
    yield (f"{counts} {needed(verdict.tally)}",)
    others = _others(rule, attempt, verdict.tally, facts)
    yield ("Could vote next: ", *listed(others), ".") if others else ("Nobody else could vote.",)


def needed(counted: Tally) -> str:
    """How many more votes *counted* needs, and for which roles."""
    many = counted.needed - counted.have
    roles = [_missing(role, lacking) for role, lacking in counted.waiting_for]
    named = spoken(listed([role for role in roles if role], "and"))
    return f"{many} more {'is' if many == 1 else 'are'} needed{': ' if named else ''}{named}."


def _missing(role: Role, lacking: int) -> str:
    if role.name == ANYBODY:
        return ""
    return role.name if lacking == 1 else f"{lacking} of {role.name}"


def _others(rule: Rule, attempt: Attempt, counted: Tally, facts: KnownPeople) -> list[Part]:
    """Who could bring the move further than the vote of *attempt* does."""
    people = _further(rule, attempt, counted, facts)
    users: list[Part] = [
        Mention(user) for user in people.users if _could_join(rule, attempt, user, facts)
    ]
    teams = [_teams(rule, attempt, team, facts) for team in people.user_groups]
    return [*users, *(team for each in teams for team in each)]


def _further(rule: Rule, attempt: Attempt, counted: Tally, facts: KnownPeople) -> People:
    """
    Those of the roles in which one more person would help.

    These can be more than the roles that wait: the first voter may be moved to another of theirs.
    """
    roles, found = rule.roles_for(attempt.move), People()
    mine = {attempt.person: roles_of(attempt.person, roles, facts)}
    for role in roles:
        if tally(roles, mine | {"": frozenset({role.name})}).have > counted.have:
            found |= role.people
    return found


def _could_join(rule: Rule, attempt: Attempt, user: str, facts: KnownPeople) -> bool:
    if user == attempt.person:
        return False
    memberships = {user: MembershipStatus.MEMBER, **facts.memberships}
    known = KnownPeople(facts.members, memberships, facts.submitter)
    return why_not(rule, attempt.move, user, known) is None


def _teams(rule: Rule, attempt: Attempt, team: str, facts: KnownPeople) -> list[Part]:
    """A member of *team*, if there is one besides those who may not."""
    members = facts.members.get(team, LookupFailure.OTHER)
    if isinstance(members, LookupFailure):
        return [f"a member of @{team}"]
    others = members - {attempt.person}
    if attempt.move.target is Status.APPROVED and not rule.break_glass:
        others -= {facts.submitter.id}
    few = spoken(listed([Mention(other) for other in sorted(others)]))
    said = few if len(others) <= _FEW else f"{len(others)} people"
    return [f"a member of @{team} ({said})"] if others else []


def _comment(rule: Rule, move: Move, verdict: Verdict) -> Sentence:
    if verdict.override:
        said = "They break the glass, for they registered it: a reason is needed, shown to all."
        return (said,)
    return ("A comment is needed." if move.key in rule.comment else "No comment is needed.",)


def _around(rule: Rule, attempt: Attempt, facts: KnownPeople) -> Iterator[Sentence]:
    """What holds whoever makes the move."""
    if attempt.move.target is Status.APPROVED:
        may = "may with a reason, shown to all (break-override)" if rule.break_glass else "may not"
        yield (f"Whoever registered it {may} {attempt.move.key} it.",)
    if rule.veto:
        yield ("May say no alone: ", *listed(rule.veto.named), ".")
    yield pings(rule, attempt.move, facts)
    yield channels(rule)
    for team in rule.everybody.user_groups:
        if not isinstance(members := facts.members.get(team), frozenset):
            because = f", because {lookup_failure(members)}" if members else ""
            no = "Nobody counts as a member of "
            yield (no, Team(team), f": who is in it could not be read{because}.")
