"""
Entries of the audit trail, read back: what of them the rules have to do with.

What `audit` wrote is checked here. How it would have gone under other rules is for `replay`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, TypeVar

from bot.core.audit import Kind
from bot.core.errors import NotAMove
from bot.core.model import Person, Status, Vote
from bot.core.people import Standing, Submitter, Unread
from bot.core.transitions import Move, between

Said = Mapping[str, Any]
_CLICKS: Final = (Kind.VOTE, Kind.REFUSAL)
_Word = TypeVar("_Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was known of somebody when they clicked; what was not asked is not there."""

    standing: Standing | None = None
    user_groups: Mapping[str, bool | Unread] = field(default_factory=dict)
    """Whether they were in a group, or why that could not be read."""

    @property
    def asked(self) -> bool:
        """Whether anything was asked at all."""
        return self.standing is not None or bool(self.user_groups)


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """An entry: what happened, to which version, and what was known of whoever did it."""

    kind: Kind
    chain: str
    number: int
    id: str
    group: str
    version: int
    at: datetime
    rules: str
    """Digest of the rules file of that moment."""
    votes: tuple[Vote, ...] = ()
    """The vote, the click that was refused, all votes that a decision rests on or that are void."""
    move: Move | None = None
    refused: str = ""
    """Which of our refusals it was."""
    why: str = ""
    """What was said to whoever was refused."""
    recorded: Recorded = Recorded()
    voters: Mapping[str, Recorded] = field(default_factory=dict)
    """The same of those who had voted before, by their ids."""
    submitter: Submitter | None = None
    """Who registered the version; None if that was not asked."""

    @property
    def too_few(self) -> bool:
        """Whether it was refused because too few people were in the roles, whoever they were."""
        return "can fill its roles" in self.why


def past_of(said: Said) -> Past:
    """The entry that says *said*. Raises ValueError, with a sentence."""
    if "unreadable" in said:
        raise ValueError("the entry cannot be read; `audit verify` says more")
    kind = _one_of(Kind, said, "kind")
    return Past(
        kind=kind,
        chain=_text(said, "chain"),
        number=_number(said, "number"),
        id=_text(said, "id"),
        group=_text(said, "group"),
        version=_number(said, "version"),
        at=_moment(said),
        rules=_text(said, "rules_digest"),
        votes=_votes(kind, said),
        move=None if kind is Kind.VOID else _move(said),
        refused=_text(said, "refused") if kind is Kind.REFUSAL else "",
        why=_text(said, "why") if "why" in said else "",
        recorded=_recorded(said) if kind in _CLICKS else Recorded(),
        voters=_voters(said) if kind in _CLICKS else {},
        submitter=_submitter(kind, said),
    )


def _votes(kind: Kind, said: Said) -> tuple[Vote, ...]:
    match kind:
        case Kind.VOTE | Kind.REFUSAL | Kind.WITHDRAWAL:
            return (_vote(said),)
        case Kind.DECISION | Kind.VOID:
            votes = said.get("votes")
            if not isinstance(votes, list) or not all(isinstance(each, dict) for each in votes):
                raise ValueError("`votes` is no list of votes")
            return tuple(_vote(each) for each in votes)
        case Kind.OUTSIDE:
            return ()


def _vote(said: Said) -> Vote:
    return Vote(
        id=_text(said, "id"),
        source=_one_of(Status, said, "source"),
        target=_one_of(Status, said, "target"),
        brief=_text(said, "brief_digest"),
        by=Person(_text(said, "who"), _text(said, "name")),
        comment=_text(said, "comment"),
        at=_moment(said),
        glass=said.get("glass") is True,
    )


def _move(said: Said) -> Move | None:
    try:
        return between(_one_of(Status, said, "source"), _one_of(Status, said, "target"))
    except NotAMove:
        return None


def _recorded(said: Said) -> Recorded:
    name = _text(said, "standing").upper()
    if name and name not in Standing.__members__:
        raise ValueError(f"`standing` is {name.lower()!r}, which nobody is")
    groups = _object(said, "user_groups")
    read = {group: _in_group(group, answer) for group, answer in groups.items()}
    return Recorded(Standing[name] if name else None, read)


def _voters(said: Said) -> dict[str, Recorded]:
    found = _object(said, "voters") if "voters" in said else {}
    return {who: _recorded(_object(found, who)) for who in found}


def _in_group(group: str, answer: object) -> bool | Unread:
    if isinstance(answer, bool):
        return answer
    if answer in tuple(Unread):
        return Unread(str(answer))
    raise ValueError(f"`user_groups` says neither yes nor no for {group}, nor why not")


def _submitter(kind: Kind, said: Said) -> Submitter | None:
    """Who registered the version, which is asked before somebody approves it."""
    found = _object(said, "submitter")
    name, id_ = _text(found, "name"), found.get("id")
    if id_ is not None and not isinstance(id_, str):
        raise ValueError("`id` of `submitter` is no text")
    approves = kind in _CLICKS and said.get("target") == Status.APPROVED
    asked = approves and said.get("standing") != ""
    unread = Unread(str(found["unread"])) if found.get("unread") in tuple(Unread) else None
    return Submitter(name, id_, unread) if asked or name or id_ else None


def _text(said: Said, key: str) -> str:
    return str(_of(said, key, str, "text"))


def _number(said: Said, key: str) -> int:
    return int(_of(said, key, int, "whole number"))


def _object(said: Said, key: str) -> Said:
    found: Said = _of(said, key, dict, "object")
    return found


def _of(said: Said, key: str, kind: type, what: str) -> Any:
    if key not in said:
        raise ValueError(f"`{key}` is missing")
    found = said[key]
    if not isinstance(found, kind) or isinstance(found, bool):
        raise ValueError(f"`{key}` is no {what}")  # noqa: TRY004 - one error for unreadable
    return found


def _one_of(kinds: type[_Word], said: Said, key: str) -> _Word:
    text = _text(said, key)
    try:
        return kinds(text)
    except ValueError as error:
        raise ValueError(f"`{key}` is {text!r}, which is unknown") from error


def _moment(said: Said) -> datetime:
    text = _text(said, "at")
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"`at` is {text!r}, which is no time") from error
