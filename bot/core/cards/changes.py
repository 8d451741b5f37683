"""Who changed the status of a version, when and how: on the card, in its thread, in the trail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.cards import deciding
from bot.core.registry.moves import move_between
from bot.core.text import Mention, When
from bot.core.votes.vote import Decision
from bot.core.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from bot.core.registry.version import Status
    from bot.core.text import Sentence
    from bot.core.votes.vote import Change
    from bot.core.words import Item


def decided(change: Change) -> Sentence:
    """Say who made *change*, and when."""
    if isinstance(change, Decision):
        return say("decision_dated", decision=_of_decision(change), when=When(change.at))
    if change.source is None:
        return external_creation(change.by, change.at)
    return external_change(change.target, change.by, change.at)


def _of_decision(decision: Decision) -> Sentence:
    move = move_between(decision.source, decision.target).key
    others = deciding.mentions(decision.others)
    return decision_by(
        move, Mention(decision.by.id), others, veto=decision.veto, override=decision.override
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
