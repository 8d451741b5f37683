"""Who changed the status of a version, when and how: on the card, in its thread, in the trail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.cards.deciding import commented
from bot.core.cards.naming import EVERYBODY, Naming
from bot.core.registry.moves import move_between
from bot.core.rules.rule import UNNAMED_ROLE
from bot.core.text import When
from bot.core.votes.vote import Decision
from bot.core.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from bot.core.registry.version import Status
    from bot.core.rules.people import Person
    from bot.core.text import Sentence
    from bot.core.votes.vote import Change
    from bot.core.words import Item


def decided(change: Change, naming: Naming = EVERYBODY) -> Sentence:
    """Say who made *change*, and when."""
    if isinstance(change, Decision):
        return say("decision_dated", decision=_of_decision(change, naming), when=When(change.at))
    if change.source is None:
        return external_creation(change.by, change.at)
    return external_change(change.target, change.by, change.at)


def _of_decision(decision: Decision, naming: Naming) -> Sentence:
    move = move_between(decision.source, decision.target).key
    who, others = naming.person(decision.by), naming.persons(decision.others)
    made = decision_by(move, who, others, veto=decision.veto)
    return (*made, *(part for each in _overrides(decision, naming) for part in each))


def _overrides(decision: Decision, naming: Naming) -> Iterator[Sentence]:
    """Say who approved what they registered, and why."""
    for vote in decision.votes:
        if vote.override:
            who, comment = naming.person(vote.by), commented(vote.comment)
            yield say("decision_override_by", who=who, comment=comment)


def decided_by_voter(decision: Decision, naming: Naming) -> Iterator[Sentence]:
    """Say when *decision* was made, and for each who voted for it: in which role, and why."""
    move, each = move_between(decision.source, decision.target).key, voters(decision, naming)
    by = say("card_by_one", voter=each[0])
    if len(each) > 1:
        by = say("card_by_several", count=len(each))
    yield say(f"card_decided_{move}", when=When(decision.at), by=by)
    if len(each) > 1:
        yield from (say("card_voter_row", voter=voter) for voter in each)


def voters(decision: Decision, naming: Naming) -> list[Sentence]:
    """Say who voted for *decision*, each with their role and comment."""
    return [_voter(*vote, naming) for vote in _votes(decision)]


def _votes(decision: Decision) -> Iterator[tuple[Person, str, list[Item]]]:
    """Who voted for *decision*, their comment, and what their vote was; its maker is the last."""
    for vote in decision.votes:
        is_maker = vote.by.id == decision.by.id
        yield vote.by, vote.comment, _marks(vote.role, decision.veto and is_maker, vote.override)
    if decision.by.id not in {vote.by.id for vote in decision.votes}:
        yield decision.by, decision.comment, _marks("", decision.veto, False)  # noqa: FBT003


def _marks(role: str, veto: bool, override: bool) -> list[Item]:  # noqa: FBT001
    roles: list[Item] = [role] if role not in {"", UNNAMED_ROLE} else []
    vetoes: list[Item] = [say("card_voter_veto")] if veto else []
    return [*roles, *vetoes, *([say("card_voter_override")] if override else [])]


def _voter(person: Person, comment: str, marks: list[Item], naming: Naming) -> Sentence:
    return say(
        "card_voter",
        who=naming.person(person),
        marks=say("card_voter_marks", marks=marks) if marks else (),
        comment=commented(comment),
    )


def decision_by(
    move: str, who: Item, others: list[Item], *, veto: bool, override: bool = False
) -> Sentence:
    """Say that *who* made *move*, with which *others*, and how."""
    how = tuple(part for sentence in _how(others, veto, override) for part in sentence)
    return say(f"decided_{move}", who=who, how=how)


def _how(others: list[Item], veto: bool, override: bool) -> Iterator[Sentence]:  # noqa: FBT001
    if veto:
        yield say("decision_by_veto")
    if others:
        yield say("decision_with", people=others)
    if override:
        yield say("decision_override")


def external_change(status: Status, name: str, when: datetime | None) -> Sentence:
    """
    Say that the status was changed outside the bot.

    *name* is who last changed the version in any way, as the registry has it: nobody knows who
    changed the status.
    """
    by = say("external_changed_by", name=name) if name else ()
    return say(f"external_change_{status.name.lower()}", by=by, when=_when(when))


def external_creation(name: str, when: datetime | None) -> Sentence:
    """Say that the version was registered as Approved, by *name* as the registry has it."""
    by = say("external_created_by", name=name) if name else ()
    return say("external_creation", by=by, when=_when(when))


def _when(moment: datetime | None) -> Sentence:
    return say("external_when", when=When(moment)) if moment else ()
