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

from bot.core.audit.entries import EntryKind
from bot.core.errors import Refused
from bot.core.reason import Reason, ReasonCode, parse_reason
from bot.core.registry.moves import Move, between
from bot.core.registry.version import Status
from bot.core.rules.people import LookupFailure, MembershipStatus, Person, Submitter
from bot.core.votes.vote import Vote

EntryContent = Mapping[str, Any]
_CLICKS: Final = (EntryKind.VOTE, EntryKind.REFUSAL)
_WITH_REASON: Final = (EntryKind.REFUSAL, EntryKind.VOID)
_Word = TypeVar("_Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was known of somebody when they clicked; what was not asked is not there."""

    membership: MembershipStatus | None = None
    user_groups: Mapping[str, bool | LookupFailure] = field(default_factory=dict)
    """Whether they were in a group, or why that could not be read."""

    @property
    def asked(self) -> bool:
        """Whether anything was asked at all."""
        return self.membership is not None or bool(self.user_groups)


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """An entry: what happened, to which version, and what was known of whoever did it."""

    kind: EntryKind
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
    reason: Reason | None = None
    """Why a click was refused, or votes came to nothing."""
    recorded: Recorded = Recorded()
    voters: Mapping[str, Recorded] = field(default_factory=dict)
    """The same of those who had voted before, by their ids."""
    submitter: Submitter | None = None
    """Who registered the version; None if that was not asked."""

    @property
    def too_few(self) -> bool:
        """Whether it was refused because too few people were in the roles, whoever they were."""
        return self.reason is not None and self.reason.code is ReasonCode.TOO_FEW_PEOPLE


def parse_entry(said: EntryContent) -> Past:
    """The entry that says *said*. Raises ValueError, with a sentence."""
    if "unreadable" in said:
        raise ValueError("the entry cannot be read; `audit verify` says more")
    kind = _one_of(EntryKind, said, "kind")
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
        move=None if kind is EntryKind.VOID else _move(said),
        reason=_reason(said) if kind in _WITH_REASON else None,
        recorded=_recorded(said) if kind in _CLICKS else Recorded(),
        voters=_voters(said) if kind in _CLICKS else {},
        submitter=_submitter(kind, said),
    )


def _votes(kind: EntryKind, said: EntryContent) -> tuple[Vote, ...]:
    match kind:
        case EntryKind.VOTE | EntryKind.REFUSAL | EntryKind.WITHDRAWAL:
            return (_vote(said),)
        case EntryKind.DECISION | EntryKind.VOID:
            votes = said.get("votes")
            if not isinstance(votes, list) or not all(isinstance(each, dict) for each in votes):
                raise ValueError("`votes` is no list of votes")
            return tuple(_vote(each) for each in votes)
        case EntryKind.OUTSIDE:
            return ()


def _vote(said: EntryContent) -> Vote:
    return Vote(
        id=_text(said, "id"),
        source=_one_of(Status, said, "source"),
        target=_one_of(Status, said, "target"),
        brief=_text(said, "brief_digest"),
        by=Person(_text(said, "who"), _text(said, "name")),
        comment=_text(said, "comment"),
        at=_moment(said),
        override=said.get("override") is True,
    )


def _move(said: EntryContent) -> Move | None:
    try:
        return between(_one_of(Status, said, "source"), _one_of(Status, said, "target"))
    except Refused:
        return None


def _reason(said: EntryContent) -> Reason:
    stored = _object(said, "reason")
    try:
        return parse_reason({"code": _text(stored, "code"), "params": _object(stored, "params")})
    except ValueError as error:
        raise ValueError(f"`reason`: {error}") from error


def _recorded(said: EntryContent) -> Recorded:
    asked = _text(said, "membership") != ""
    membership = _one_of(MembershipStatus, said, "membership") if asked else None
    groups = _object(said, "user_groups")
    read = {group: _in_group(group, answer) for group, answer in groups.items()}
    return Recorded(membership, read)


def _voters(said: EntryContent) -> dict[str, Recorded]:
    found = _object(said, "voters") if "voters" in said else {}
    return {who: _recorded(_object(found, who)) for who in found}


def _in_group(group: str, answer: object) -> bool | LookupFailure:
    if isinstance(answer, bool):
        return answer
    if answer in tuple(LookupFailure):
        return LookupFailure(str(answer))
    raise ValueError(f"`user_groups` says neither yes nor no for {group}, nor why not")


def _submitter(kind: EntryKind, said: EntryContent) -> Submitter | None:
    """Who registered the version, which is asked before somebody approves it."""
    found = _object(said, "submitter")
    name, id_ = _text(found, "name"), found.get("id")
    if id_ is not None and not isinstance(id_, str):
        raise ValueError("`id` of `submitter` is no text")
    approves = kind in _CLICKS and said.get("target") == Status.APPROVED
    asked = approves and said.get("membership") != ""
    failure = _one_of(LookupFailure, found, "failure") if found.get("failure") else None
    return Submitter(name, id_, failure) if asked or name or id_ else None


def _text(said: EntryContent, key: str) -> str:
    return str(_of(said, key, str, "text"))


def _number(said: EntryContent, key: str) -> int:
    return int(_of(said, key, int, "whole number"))


def _object(said: EntryContent, key: str) -> EntryContent:
    found: EntryContent = _of(said, key, dict, "object")
    return found


def _of(said: EntryContent, key: str, kind: type, what: str) -> Any:
    if key not in said:
        raise ValueError(f"`{key}` is missing")
    found = said[key]
    if not isinstance(found, kind) or isinstance(found, bool):
        raise ValueError(f"`{key}` is no {what}")  # noqa: TRY004 - one error for unreadable
    return found


def _one_of(kinds: type[_Word], said: EntryContent, key: str) -> _Word:
    text = _text(said, key)
    try:
        return kinds(text)
    except ValueError as error:
        raise ValueError(f"`{key}` is {text!r}, which is unknown") from error


def _moment(said: EntryContent) -> datetime:
    text = _text(said, "at")
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"`at` is {text!r}, which is no time") from error
