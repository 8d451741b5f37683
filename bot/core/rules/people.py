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
from typing import Final

from bot.core.registry.version import DescribedVersion
from bot.core.text import one_line
from bot.core.wire import NonEmpty

SUBMITTED_BY: Final = "submitted-by"
"""The entry of a version's metadata that says who registered it."""
SLACK_ID: Final = re.compile(r"[UW][A-Z0-9]{8,}")
_LIKE_IDS: Final = re.compile(r"(?<![A-Z0-9])[UW](?=[A-Z]*[0-9])[A-Z0-9]{8,}(?![A-Z0-9])")


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
    """The name could be that of several people."""
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


NEVER: Final = frozenset({MembershipStatus.GONE, MembershipStatus.UNKNOWN, MembershipStatus.ROBOT})
"""Whoever is one of these may never decide, not even if a rule names them."""


@dataclass(frozen=True, slots=True)
class Submitter:
    """Who registered a version: *name* as the registry has it, *id* in Slack where known."""

    name: str = ""
    id: str | None = None
    failure: LookupFailure | None = None
    """Why it could not be looked up who *name* is in Slack, though it should have been."""


@dataclass(frozen=True, slots=True)
class KnownPeople:
    """What was looked up of the people whom a rule is about, at one moment."""

    members: Mapping[str, Members] = field(default_factory=dict)
    """Who is in each user group, by the group's id."""
    memberships: Mapping[str, MembershipStatus] = field(default_factory=dict)
    """What people are in the workspace, by their ids."""
    submitter: Submitter = Submitter()


def ids_in(name: str) -> tuple[str, ...]:
    """Find what looks like Slack ids in *name*, in whatever case: `@u0ana00000`, for example."""
    return tuple(dict.fromkeys(_LIKE_IDS.findall(name.upper())))


def submitter_of(version: DescribedVersion) -> str:
    """Name who registered *version*, as the registry does: its metadata, else its creator."""
    return one_line(version.metadata.get(SUBMITTED_BY, "")) or version.created_by
