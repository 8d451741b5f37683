"""
What a rule has to know of people: who they are in Slack, and who registered the version.

`bot.flows.fetch` looks these values up, and `bot.core.rules.judge` judges by them. Where a lookup
failed, the reason stands in place of the answer, and nobody counts by it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from bot.core.registry.version import DescribedVersion
from bot.core.text import one_line
from bot.core.wire import NonEmpty

SUBMITTED_BY: Final = "submitted-by"
"""The entry of a version's metadata that says who registered it."""
SLACK_ID: Final = re.compile(r"[UW][A-Z0-9]{8,}")
_MENTION: Final = re.compile(r"<@([UW][A-Z0-9]{8,})(?:\|[^<>]*)?>", re.ASCII | re.IGNORECASE)
_ID_ALONE: Final = re.compile(r"(?:@|slack:)?([UW][A-Z0-9]{8,})", re.ASCII | re.IGNORECASE)
"""An id, or a mention as metadata can hold it: SageMaker allows no `<` or `>` there."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in Slack. Decisions go by *id*; *name* is only shown."""

    id: NonEmpty
    name: str


class LookupFailure(StrEnum):
    """Why something could not be looked up in Slack. The codes are stored, so they never change."""

    PLAN = "plan"
    """User groups need a paid plan of Slack."""
    SCOPE = "scope"
    """The Slack app lacks a scope."""
    NONE = "none"
    """There is no such user group."""
    UNCLEAR = "unclear"
    """The name could be that of several people; only older entries of the audit trail have it."""
    OTHER = "other"
    """Slack did not answer the question."""


Members = frozenset[str] | LookupFailure
"""Who is in a user group, or why that could not be looked up."""


class MembershipStatus(StrEnum):
    """What somebody is in this workspace. The codes are stored, so they never change."""

    MEMBER = "member"
    GUEST = "guest"
    STRANGER = "stranger"
    """A member of another workspace, in a shared channel."""
    ROBOT = "robot"
    """An app, a workflow or Slackbot."""
    GONE = "gone"
    """A deactivated account."""
    UNKNOWN = "unknown"
    """Slack did not say."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What Slack says of somebody: what they are in this workspace, and their name."""

    membership: MembershipStatus
    name: str = ""
    """Their real name; empty if Slack did not say."""


NEVER: Final = frozenset({MembershipStatus.GONE, MembershipStatus.UNKNOWN, MembershipStatus.ROBOT})
"""Whoever is one of these may never decide, not even if a rule names them."""


@dataclass(frozen=True, slots=True)
class Submitter:
    """
    Who registered a version: *name* as the registry has it, *ids* in Slack where known.

    If there are several ids, each may be the one who registered it, and none of them may approve.
    """

    name: str = ""
    ids: tuple[str, ...] = ()
    failure: LookupFailure | None = None
    """Why it could not be looked up who *name* is in Slack, though it should have been."""

    @property
    def stored(self) -> dict[str, Any]:
        """The values as JSON, as the audit trail stores them: the first id apart (ADR 0017)."""
        first, *others = self.ids or (None,)
        more = {"others": others} if others else {}
        return {"name": self.name, "id": first, "failure": self.failure, **more}


@dataclass(frozen=True, slots=True)
class KnownPeople:
    """What was looked up of the people whom a rule is about, at one moment."""

    members: Mapping[str, Members] = field(default_factory=dict)
    """Who is in each user group, by the group's id."""
    memberships: Mapping[str, MembershipStatus] = field(default_factory=dict)
    """What people are in the workspace, by their ids."""
    submitter: Submitter = Submitter()
    names: Mapping[str, str] = field(default_factory=dict)
    """The real names of people, by their ids, without those whom Slack did not name."""

    def with_real_name(self, person: Person) -> Person:
        """Return *person* with their real name, if it is known: a click only has their handle."""
        return Person(person.id, self.names.get(person.id) or person.name)


def ids_in(name: str) -> tuple[str, ...]:
    """
    Return the Slack ids that *name* consists of or mentions, in capitals.

    Other words that look like ids are none: roles, employee numbers and e-mail addresses do, too.
    """
    words = re.split(r"[\s,;/]+", _MENTION.sub(" ", name).strip())
    alone = [match[1] for word in words if (match := _ID_ALONE.fullmatch(word))]
    ids = [*_MENTION.findall(name), *(alone if len(alone) == len(words) else ())]
    return tuple(dict.fromkeys(id_.upper() for id_ in ids))


def submitter_of(version: DescribedVersion) -> str:
    """Name who registered *version*, as the registry does: its metadata, else its creator."""
    return one_line(version.metadata.get(SUBMITTED_BY, "")) or version.created_by
