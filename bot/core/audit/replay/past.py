"""
Read entries of the audit trail back: what of them matters to the rules.

They were written by `bot.core.audit.entries`. How they would have gone under other rules is for
`replay`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, TypeVar

from bot.core.audit.entries import EntryKind
from bot.core.errors import Refused
from bot.core.reason import Reason, ReasonCode, parse_reason
from bot.core.registry.moves import Move, move_between
from bot.core.registry.version import Status
from bot.core.rules.people import LookupFailure, MembershipStatus, Person, Submitter
from bot.core.votes.vote import Vote

EntryContent = Mapping[str, Any]
_CLICKS: Final = (EntryKind.VOTE, EntryKind.REFUSAL)
_WITH_MOVE: Final = (*_CLICKS, EntryKind.WITHDRAWAL, EntryKind.DECISION)
_WITH_REASON: Final = (EntryKind.REFUSAL, EntryKind.VOID)
_Code = TypeVar("_Code", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class RecordedPerson:
    """What was known of somebody when they clicked; what was not looked up is missing."""

    membership: MembershipStatus | None = None
    user_groups: Mapping[str, bool | LookupFailure] = field(default_factory=dict)
    """Whether they were in a user group, or why that could not be looked up."""

    @property
    def was_looked_up(self) -> bool:
        """Whether anything was looked up at all."""
        return self.membership is not None or bool(self.user_groups)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastEntry:
    """What happened, to which version, and what was known of whoever did it."""

    kind: EntryKind
    chain: str
    number: int
    id: str
    group: str
    version: int
    time: datetime
    rules_digest: str
    """Digest of the rules file of that moment."""
    votes: tuple[Vote, ...] = ()
    """The vote, the click that was refused, all votes that a decision rests on or that are void."""
    move: Move | None = None
    reason: Reason | None = None
    """Why a click was refused, or votes became void."""
    person: RecordedPerson = RecordedPerson()
    """What was known of whoever clicked."""
    voters: Mapping[str, RecordedPerson] = field(default_factory=dict)
    """The same of those who had voted before, by their ids."""
    submitter: Submitter | None = None
    """Who registered the version; None if that was not looked up."""

    @property
    def had_too_few_people(self) -> bool:
        """Whether it was refused because too few people were in the roles, whoever they were."""
        return self.reason is not None and self.reason.code is ReasonCode.TOO_FEW_PEOPLE


def parse_entry(content: EntryContent) -> PastEntry:
    """Read the entry in *content*. Raises ValueError, with a sentence for a terminal."""
    if "unreadable" in content:
        raise ValueError("the entry cannot be read; `audit verify` says more")
    kind = _code(EntryKind, content, "kind")
    is_click = kind in _CLICKS
    return PastEntry(
        kind=kind,
        chain=_text(content, "chain"),
        number=_number(content, "number"),
        id=_text(content, "id"),
        group=_text(content, "group"),
        version=_number(content, "version"),
        time=_time(content),
        rules_digest=_text(content, "rules_digest"),
        votes=_votes(kind, content),
        move=_move(content) if kind in _WITH_MOVE else None,
        reason=_reason(content) if kind in _WITH_REASON else None,
        person=_person(content) if is_click else RecordedPerson(),
        voters=_voters(content) if is_click else {},
        submitter=_submitter(kind, content),
    )


def _votes(kind: EntryKind, content: EntryContent) -> tuple[Vote, ...]:
    match kind:
        case EntryKind.VOTE | EntryKind.REFUSAL | EntryKind.WITHDRAWAL:
            return (_vote(content),)
        case EntryKind.DECISION | EntryKind.VOID:
            votes = content.get("votes")
            if not isinstance(votes, list) or not all(isinstance(each, dict) for each in votes):
                raise ValueError("`votes` is no list of votes")
            if kind is EntryKind.DECISION and not votes:
                raise ValueError("`votes` is empty, and a decision rests on some")
            return tuple(_vote(each) for each in votes)
        case EntryKind.EXTERNAL_CHANGE | EntryKind.MISSED_CHANGE:
            return ()


def _vote(content: EntryContent) -> Vote:
    return Vote(
        id=_text(content, "id"),
        source=_code(Status, content, "source"),
        target=_code(Status, content, "target"),
        brief_digest=_text(content, "brief_digest"),
        by=Person(_text(content, "who"), _text(content, "name")),
        comment=_text(content, "comment"),
        at=_time(content),
        override=content.get("override") is True,
    )


def _move(content: EntryContent) -> Move | None:
    try:
        return move_between(_code(Status, content, "source"), _code(Status, content, "target"))
    except Refused:
        return None


def _reason(content: EntryContent) -> Reason:
    stored = _object(content, "reason")
    _code(ReasonCode, stored, "code")
    _object(stored, "params")
    return parse_reason(stored)


def _person(content: EntryContent) -> RecordedPerson:
    was_looked_up = _text(content, "membership") != ""
    membership = _code(MembershipStatus, content, "membership") if was_looked_up else None
    groups = _object(content, "user_groups")
    return RecordedPerson(
        membership, {group: _is_in(group, answer) for group, answer in groups.items()}
    )


def _voters(content: EntryContent) -> dict[str, RecordedPerson]:
    voters = _object(content, "voters") if "voters" in content else {}
    return {id_: _person(_object(voters, id_)) for id_ in voters}


def _is_in(group: str, answer: object) -> bool | LookupFailure:
    if isinstance(answer, bool):
        return answer
    if answer in tuple(LookupFailure):
        return LookupFailure(str(answer))
    raise ValueError(f"`user_groups` says neither yes nor no for {group}, nor why not")


def _submitter(kind: EntryKind, content: EntryContent) -> Submitter | None:
    """Who registered the version, which is looked up before somebody approves it."""
    stored = _object(content, "submitter")
    name, ids = _text(stored, "name"), _submitter_ids(stored)
    approves = kind in _CLICKS and content.get("target") == Status.APPROVED
    was_looked_up = approves and content.get("membership") != ""
    failure = _code(LookupFailure, stored, "failure") if stored.get("failure") else None
    return Submitter(name, ids, failure) if was_looked_up or name or ids else None


def _submitter_ids(stored: EntryContent) -> tuple[str, ...]:
    first, others = stored.get("id"), stored.get("others", [])
    if first is not None and not isinstance(first, str):
        raise ValueError("`id` of `submitter` is no text")
    if not isinstance(others, list) or not all(isinstance(each, str) for each in others):
        raise ValueError("`others` of `submitter` is no list of texts")
    return (first, *others) if first else ()


def _text(content: EntryContent, key: str) -> str:
    return str(_value(content, key, str, "text"))


def _number(content: EntryContent, key: str) -> int:
    return int(_value(content, key, int, "whole number"))


def _object(content: EntryContent, key: str) -> EntryContent:
    value: EntryContent = _value(content, key, dict, "object")
    return value


def _value(content: EntryContent, key: str, kind: type, kind_name: str) -> Any:
    if key not in content:
        raise ValueError(f"`{key}` is missing")
    value = content[key]
    if not isinstance(value, kind) or isinstance(value, bool):
        raise ValueError(f"`{key}` is no {kind_name}")  # noqa: TRY004 - one error for unreadable
    return value


def _code(codes: type[_Code], content: EntryContent, key: str) -> _Code:
    text = _text(content, key)
    try:
        return codes(text)
    except ValueError as error:
        raise ValueError(f"`{key}` is {text!r}, which is unknown") from error


def _time(content: EntryContent) -> datetime:
    text = _text(content, "at")
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"`at` is {text!r}, which is no time") from error
