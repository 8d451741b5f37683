"""Who is who, in memory, held to the same contract as Slack's directory (tests/adapters)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.core.rules.people import LookupFailure, MembershipStatus, Profile

if TYPE_CHECKING:
    from bot.core.rules.people import Members


@dataclass
class FakeDirectory:
    """`bot.flows.ports.Directory` in memory."""

    groups: dict[str, Members] = field(default_factory=dict)
    memberships: dict[str, MembershipStatus] = field(default_factory=dict)
    """Of those who are not simply members."""
    names: dict[str, str] = field(default_factory=dict)
    """The real names of people."""
    emails: dict[str, str] = field(default_factory=dict)
    """Whose they are, by address in small letters."""
    no_emails: LookupFailure | None = None
    """Why no address can be looked up."""

    def members(self, user_group: str) -> Members:
        return self.groups.get(user_group, LookupFailure.NONE)

    def profile(self, person: str) -> Profile:
        membership = self.memberships.get(person, MembershipStatus.MEMBER)
        return Profile(membership, self.names.get(person, ""))

    def with_email(self, email: str) -> str | LookupFailure | None:
        if self.no_emails:
            return self.no_emails
        person = self.emails.get(email.lower())
        gone = person and self.profile(person).membership in {
            MembershipStatus.GONE,
            MembershipStatus.ROBOT,
        }
        return None if gone else person
