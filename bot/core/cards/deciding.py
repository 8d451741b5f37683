"""
Who can decide, and how far the votes have come: on the card, in its thread and in the form.

People whom the rule does not want pinged are named without a mention (`naming`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.cards.naming import EVERYBODY, Naming
from bot.core.cards.shared import COMMENT_LIMIT, role_needed
from bot.core.registry.version import Status
from bot.core.rules.reach import watchers
from bot.core.rules.rule import UNNAMED_ROLE
from bot.core.text import Sentence, cut, one_line
from bot.core.words import moves, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.core.registry.moves import Move
    from bot.core.rules.quorum import Tally
    from bot.core.rules.rule import Role, Rule
    from bot.core.votes.polls import Poll
    from bot.core.words import Item


def who_may(rule: Rule, moves_shown: Sequence[Move], naming: Naming) -> Iterable[Sentence]:
    """Say whose votes *moves_shown* take, in as few lines as possible."""
    if _is_same_for_all(rule, moves_shown):
        people = naming.people(rule.roles_for(moves_shown[0])[0].people)
        yield _one_of(people, moves_shown)
    else:
        for move in moves_shown:
            if roles := rule.roles_for(move):
                needed = [_role(role, naming) for role in roles]
                yield say("deciders_of_move", move=moves.label(move.key), roles=needed)
    yield from _by_veto(rule, moves_shown, naming)
    if watching := naming.people(watchers(rule)):
        yield say("deciders_watching", people=watching)


def _is_same_for_all(rule: Rule, moves_shown: Sequence[Move]) -> bool:
    """Whether any one of the same people decides any of *moves_shown*."""
    roles = [rule.roles_for(move) for move in moves_shown]
    one = all(len(each) == 1 and each[0].needs == 1 for each in roles)
    return one and len({each[0] for each in roles}) == 1 and roles[0][0].name == UNNAMED_ROLE


def _one_of(people: list[Item], moves_shown: Sequence[Move]) -> Sentence:
    """Any one of *people* decides: on a card with one move, say which."""
    if len(moves_shown) > 1:
        return say("deciders", people=people)
    return say("deciders_alone", move=moves.verb(moves_shown[0].key), people=people)


def _by_veto(rule: Rule, moves_shown: Sequence[Move], naming: Naming) -> Iterable[Sentence]:
    """Who can reject, or revoke, whatever the others say."""
    can_veto = naming.people(rule.veto)
    if can_veto and any(move.target is Status.REJECTED for move in moves_shown):
        if moves_shown[0].source is Status.APPROVED:
            yield say("deciders_by_veto_of_approved", people=can_veto)
        else:
            yield say("deciders_by_veto", people=can_veto)


def _role(role: Role, naming: Naming) -> Sentence:
    people = naming.people(role.people) if _is_anybody_named(role, naming) else []
    if role.name != UNNAMED_ROLE and people:
        return say("role_people", needs=role.needs, role=role.name, people=people)
    if people:
        return say("approvers_people", needs=role.needs, people=people)
    return role_needed(role.name, role.needs)


def _is_anybody_named(role: Role, naming: Naming) -> bool:
    """Whether there is more to say of *role* than how many user groups it has."""
    ids = (*role.people.users, *role.people.user_groups)
    return any(naming.by_id(id_) for id_ in ids)


def how_far(poll: Poll, naming: Naming = EVERYBODY) -> Sentence:
    """Say how far a move has come: whose votes count for what, and which are missing."""
    move = moves.label(poll.move.key)
    return say(
        "poll",
        move=move,
        have=poll.tally.have,
        needed=poll.tally.needed,
        parts=[*_counting(poll, naming), *_missing(poll.tally)],
        uncounted=_uncounted(poll, naming),
        enough=say("poll_enough", move=move) if poll.tally.complete else (),
    )


def poll_sentences(polls: Iterable[Poll], naming: Naming = EVERYBODY) -> Sentence:
    """Say how far each of *polls* has come, each as a sentence after a space."""
    each = (say("poll_sentence", poll=how_far(poll, naming)) for poll in polls)
    return tuple(part for sentence in each for part in sentence)


def _counting(poll: Poll, naming: Naming) -> Iterable[Sentence]:
    voters = {vote.by.id: vote.by for vote in poll.votes}
    for role, ids in zip(poll.tally.roles, poll.tally.counted, strict=True):
        people: list[Item] = [naming.person(voters[id_]) for id_ in ids]
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


def _uncounted(poll: Poll, naming: Naming) -> Sentence:
    """Name those who voted and count for no role (any more)."""
    counted = {id_ for ids in poll.tally.counted for id_ in ids}
    others = [vote.by for vote in poll.votes if vote.by.id not in counted]
    return say("poll_uncounted", people=naming.persons(others)) if others else ()


def votes_cast(poll: Poll, naming: Naming) -> Iterable[Sentence]:
    """Say what each vote says: its comment, and whether it is an emergency override."""
    for vote in poll.votes:
        comment = commented(vote.comment)
        if vote.override:
            yield say("poll_override", who=naming.person(vote.by), comment=comment)
        elif comment:
            yield say("poll_comment", who=naming.person(vote.by), comment=comment)


def commented(comment: str) -> Sentence:
    """Quote *comment* on one line, as much as a card has room for; empty if there is none."""
    line = one_line(comment)
    shown = cut(line, COMMENT_LIMIT)
    if shown != line:
        return say("comment_cut", comment=shown)
    return say("comment", comment=line) if line else ()
