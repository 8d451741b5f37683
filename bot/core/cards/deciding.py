"""
Who can decide, and how far the votes have come: on the card, in its thread and in the form.

People whom the rule does not want pinged are not named; their role is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.core.registry.version import Status
from bot.core.rules.reach import MOST_NAMED, pinged, watchers
from bot.core.rules.rule import UNNAMED_ROLE
from bot.core.text import Mention, Part, Sentence, cut, one_line
from bot.core.words import moves, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.core.registry.moves import Move
    from bot.core.rules.people import Person
    from bot.core.rules.quorum import Tally
    from bot.core.rules.rule import Role, Rule
    from bot.core.votes.polls import Poll
    from bot.core.words import Item

_COMMENT_LIMIT: Final = 300


def who_may(rule: Rule, moves_shown: Sequence[Move]) -> Iterable[Sentence]:
    """Say whose votes *moves_shown* take, in as few lines as possible."""
    if _is_same_for_all(rule, moves_shown):
        people = rule.roles_for(moves_shown[0])[0].people
        yield say("deciders", people=few(people.mentions))
    else:
        for move in moves_shown:
            if roles := rule.roles_for(move):
                needed = [_role(role, rule) for role in roles]
                yield say("deciders_of_move", move=moves.label(move.key), roles=needed)
    can_veto = few(pinged(rule.veto, rule).mentions)
    if can_veto and any(move.target is Status.REJECTED for move in moves_shown):
        yield say("deciders_by_veto", people=can_veto)
    if watching := few(watchers(rule).mentions):
        yield say("deciders_watching", people=watching)


def _is_same_for_all(rule: Rule, moves_shown: Sequence[Move]) -> bool:
    """Whether any one of the same people decides any of *moves_shown*."""
    roles = [rule.roles_for(move) for move in moves_shown]
    one = all(len(each) == 1 and each[0].needs == 1 for each in roles)
    same = one and len({each[0] for each in roles}) == 1
    return same and rule.mention is None and roles[0][0].name == UNNAMED_ROLE


def _role(role: Role, rule: Rule) -> Sentence:
    people = few(pinged(role.people, rule).mentions)
    if role.name != UNNAMED_ROLE and people:
        return say("role_people", needs=role.needs, role=role.name, people=people)
    if people and rule.mention is None:
        return say("approvers_people", needs=role.needs, people=people)
    if people:
        return say("approvers_asked", needs=role.needs, people=people)
    return role_needed(role.name, role.needs)


def role_needed(role: str, needs: int) -> Sentence:
    """Say how many people of *role* a move needs."""
    if role == UNNAMED_ROLE:
        return say("approvers", needs=needs)
    return say("role", needs=needs, role=role)


def few(people: Sequence[Part]) -> list[Item]:
    """Return the first of *people*, and how many more there are."""
    more = len(people) - MOST_NAMED
    return [*people[:MOST_NAMED], *([say("people_more", count=more)] if more > 0 else [])]


def how_far(poll: Poll) -> Sentence:
    """Say how far a move has come: whose votes count for what, and which are missing."""
    move = moves.label(poll.move.key)
    return say(
        "poll",
        move=move,
        have=poll.tally.have,
        needed=poll.tally.needed,
        parts=[*_counting(poll.tally), *_missing(poll.tally)],
        uncounted=_uncounted(poll),
        enough=say("poll_enough", move=move) if poll.tally.complete else (),
    )


def poll_sentences(polls: Iterable[Poll]) -> Sentence:
    """Say how far each of *polls* has come, each as a sentence after a space."""
    return tuple(part for poll in polls for part in say("poll_sentence", poll=how_far(poll)))


def _counting(tally: Tally) -> Iterable[Sentence]:
    for role, ids in zip(tally.roles, tally.counted, strict=True):
        people: list[Item] = [Mention(id_) for id_ in ids]
        if people and role.name == UNNAMED_ROLE:
            yield say("list_and", items=people)
        elif people:
            yield say("poll_counting", people=people, role=role.name)


def _missing(tally: Tally) -> Iterable[Sentence]:
    if waiting := [_missing_of(role, count) for role, count in tally.waiting_for]:
        yield say("poll_waiting", roles=waiting)


def _missing_of(role: Role, count: int) -> Sentence:
    if role.name == UNNAMED_ROLE:
        return say("poll_missing", count=count)
    return (role.name,) if count == 1 else say("role", needs=count, role=role.name)


def _uncounted(poll: Poll) -> Sentence:
    """Name those who voted and count for no role (any more)."""
    counted = {id_ for ids in poll.tally.counted for id_ in ids}
    others = [vote.by for vote in poll.votes if vote.by.id not in counted]
    return say("poll_uncounted", people=[Mention(each.id) for each in others]) if others else ()


def overrides(poll: Poll) -> Iterable[Sentence]:
    """Say who registered the version and voted for it all the same, and why."""
    for vote in poll.votes:
        if vote.override:
            comment = cut(one_line(vote.comment), _COMMENT_LIMIT)
            yield say("poll_override", who=Mention(vote.by.id), comment=comment)


def mentions(people: Iterable[Person]) -> list[Item]:
    """Mention *people*, and count those who are too many."""
    return few([Mention(person.id) for person in people])
