"""
Who people are, as far as a rule has to know: members, guests, and who registered a version.

Values only. Who knows these things is asked in `flows`; what follows from them is for `policy`.
What could not be read is said in its place, and counts for nobody.
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
    """Somebody in Slack. Only *id* may decide anything; *name* is for reading."""

    id: NonEmpty
    name: str


class LookupFailure(StrEnum):
    """Why something could not be read in Slack, as the end of a sentence."""

    PLAN = "user groups need a paid plan of Slack"
    SCOPE = "the Slack app lacks the scope for it"
    NONE = "there is no such user group"
    UNCLEAR = "it is not clear whom that names"
    OTHER = "Slack would not say"


Members = frozenset[str] | LookupFailure
"""Who is in a user group, or why that could not be read."""


class MembershipStatus(StrEnum):
    """What somebody is in this workspace, as the end of a sentence."""

    MEMBER = "a member of this workspace"
    GUEST = "a guest in this workspace"
    STRANGER = "a member of another workspace"
    ROBOT = "an app and no person"
    GONE = "deactivated in Slack"
    UNKNOWN = "somebody of whom Slack would not say who they are"


NEVER: Final = frozenset({MembershipStatus.GONE, MembershipStatus.UNKNOWN, MembershipStatus.ROBOT})
"""Whoever is one of these counts never, not even if a rule names them."""


@dataclass(frozen=True, slots=True)
class Submitter:
    """Who registered a version: *name* as the registry has it, *id* in Slack if that is known."""

    name: str = ""
    id: str | None = None
    unread: LookupFailure | None = None
    """Why it could not be found out who *name* is in Slack, though it should have been."""


@dataclass(frozen=True, slots=True)
class KnownPeople:
    """What is known of the people whom a rule is about, at this moment."""

    members: Mapping[str, Members] = field(default_factory=dict)
    standings: Mapping[str, MembershipStatus] = field(default_factory=dict)
    submitter: Submitter = Submitter()


def ids_in(name: str) -> tuple[str, ...]:
    """What looks like Slack ids in *name*, however it is written: `@u0ana00000`, say."""
    return tuple(dict.fromkeys(_LIKE_IDS.findall(name.upper())))


def submitter_of(version: DescribedVersion) -> str:
    """Who registered *version*, in the registry's words: its metadata, else its creator."""
    return one_line(version.metadata.get(SUBMITTED_BY, "")) or version.created_by
