"""
Who may decide and how far that has come, in words: on the card, in its thread and in the form.

Whoever the rule does not want pinged is spoken of by their role.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.core.registry.version import Status
from bot.core.rules.rule import ANYBODY, People
from bot.core.text import Mention, Part, Sentence, Team, cut, listed, many, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.core.registry.moves import Move
    from bot.core.rules.people import Person
    from bot.core.rules.quorum import Tally
    from bot.core.rules.rule import Role, Rule
    from bot.core.votes.polls import Poll

_MOST: Final = 20
"""So many people are named in one place."""
_QUORUM: Final = 200


def who_may(rule: Rule, moves: Sequence[Move]) -> Iterable[Sentence]:
    """Whose votes *moves* take, in as few lines as say it."""
    if _is_plain(rule, moves):
        yield ("May decide: ", *listed(_some(rule.roles_for(moves[0])[0].people.named)))
    else:
        for move in moves:
            if roles := rule.roles_for(move):
                yield (f"{move.verb} takes ", *_roles(roles, rule))
    alone = _some(pinged(rule.veto, rule))
    if alone and any(move.target is Status.REJECTED for move in moves):
        yield ("May say no alone: ", *listed(alone))
    if others := _some(_bystanders(rule)):
        yield ("For the attention of ", *listed(others, "and"))


def _is_plain(rule: Rule, moves: Sequence[Move]) -> bool:
    """Whether any one of the same people decides any of *moves*."""
    roles = [rule.roles_for(move) for move in moves]
    one = all(len(each) == 1 and each[0].needs == 1 for each in roles)
    same = one and len({each[0] for each in roles}) == 1
    return same and rule.mention is None and roles[0][0].name == ANYBODY


def _roles(roles: Sequence[Role], rule: Rule) -> Sentence:
    parts = [_role(role, rule) for role in roles]
    return tuple(piece for part in _and(parts) for piece in part)


def _and(sentences: Sequence[Sentence]) -> list[Sentence]:
    """*sentences* as parts of one: a, b and c."""
    *others, last = sentences
    joined = [part for each in others for part in (each, (", ",))]
    return [*joined[:-1], (" and ",), last] if others else [last]


def _role(role: Role, rule: Rule) -> Sentence:
    people = _some(pinged(role.people, rule))
    if role.name != ANYBODY:
        return (f"{role.needs} of {role.name}", *((" (", *listed(people), ")") if people else ()))
    if people and rule.mention is None:
        return (f"{role.needs} of ", *listed(people))
    asked: Sentence = (" (asked: ", *listed(people, "and"), ")") if people else ()
    return (f"{role.needs} of the approvers", *asked)


def pinged(people: People, rule: Rule) -> tuple[Part, ...]:
    """Those of *people* whom a card pings."""
    if rule.mention is None:
        return people.named
    users = tuple(user for user in people.users if user in rule.mention)
    groups = tuple(group for group in people.user_groups if group in rule.mention)
    return People(users=users, user_groups=groups).named


def _bystanders(rule: Rule) -> tuple[Part, ...]:
    """Those whom a card pings although they may decide nothing under *rule*."""
    deciding = {*rule.everybody.users, *rule.everybody.user_groups}
    named = [id_ for id_ in rule.mention or () if id_ not in deciding]
    return tuple(Team(id_) if id_.startswith("S") else Mention(id_) for id_ in named)


def _some(parts: Sequence[Part]) -> list[Part]:
    others = len(parts) - _MOST
    more = [many(others, "other")] if others > 0 else []
    return [*parts[:_MOST], *more]


def quorum(roles: Sequence[Role]) -> str:
    """Whose votes *roles* take, for the form; empty if a single one is enough."""
    if sum(role.needs for role in roles) <= 1:
        return ""
    named = [f"{role.needs} of {_name(role)}" for role in roles]
    return cut("".join(str(part) for part in listed(named, "and")), _QUORUM)


def _name(role: Role) -> str:
    return "the approvers" if role.name == ANYBODY else role.name


def how_far(poll: Poll) -> Sentence:
    """How far a move has come: who counts for what, and who is waited for."""
    counts = f"{poll.move.verb}, {poll.tally.have} of {poll.tally.needed}: "
    again = f"; enough by now: one of them presses {poll.move.verb} again"
    enough = (again,) if poll.tally.complete else ()
    return (counts, *_who_counts(poll.tally), *_uncounted(poll), *enough)


def _who_counts(tally: Tally) -> Sentence:
    """Who counts for what, and who is waited for."""
    pairs = zip(tally.roles, tally.counted, strict=True)
    there = [_counting(role, people) for role, people in pairs if people]
    missing = [_missing(role, lacking) for role, lacking in tally.waiting_for]
    waits = f"waiting for {''.join(str(part) for part in listed(missing, 'and'))}"
    return tuple(
        piece for part in _commas([*there, *([(waits,)] if missing else [])]) for piece in part
    )


def _counting(role: Role, people: Sequence[str]) -> Sentence:
    who = listed([Mention(person) for person in people], "and")
    return who if role.name == ANYBODY else (*who, f" for {role.name}")


def _missing(role: Role, lacking: int) -> str:
    if role.name == ANYBODY:
        return f"{lacking} more"
    return role.name if lacking == 1 else f"{lacking} of {role.name}"


def _commas(sentences: Sequence[Sentence]) -> list[Sentence]:
    return [each for n, one in enumerate(sentences) for each in ([(", ",)] * (n > 0) + [one])]


def _uncounted(poll: Poll) -> Sentence:
    """Those who voted, and count for no role (any more)."""
    counted = {person for people in poll.tally.counted for person in people}
    idle = [Mention(vote.by.id) for vote in poll.votes if vote.by.id not in counted]
    return ("; not counted: ", *listed(idle, "and")) if idle else ()


def overrides(poll: Poll) -> Iterable[Sentence]:
    """Who registered the version and votes for it all the same."""
    for vote in poll.votes:
        if vote.override:
            why = cut(one_line(vote.comment), 300)
            yield ("🚨 ", Mention(vote.by.id), f" broke the glass: they registered it. “{why}”")


def mentions(people: Sequence[Person], word: str = "and") -> Sentence:
    """*people*, each named."""
    return listed(_some([Mention(person.id) for person in people]), word)
