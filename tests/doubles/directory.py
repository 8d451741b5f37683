"""Who is who, in memory, held to the same contract as Slack's directory (tests/adapters)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.core.rules.people import LookupFailure, MembershipStatus

if TYPE_CHECKING:
    from bot.core.rules.people import Members


@dataclass
class FakeDirectory:
    """`bot.flows.ports.Directory` in memory."""

    groups: dict[str, Members] = field(default_factory=dict)
    memberships: dict[str, MembershipStatus] = field(default_factory=dict)
    """Of those who are not simply members."""
    emails: dict[str, str] = field(default_factory=dict)
    """Whose they are, by address in small letters."""
    no_emails: LookupFailure | None = None
    """Why no address can be looked up."""

    def members(self, user_group: str) -> Members:
        return self.groups.get(user_group, LookupFailure.NONE)

    def membership(self, person: str) -> MembershipStatus:
        return self.memberships.get(person, MembershipStatus.MEMBER)

    def with_email(self, email: str) -> str | LookupFailure | None:
        if self.no_emails:
            return self.no_emails
        person = self.emails.get(email.lower())
        gone = person and self.membership(person) in {MembershipStatus.GONE, MembershipStatus.ROBOT}
        return None if gone else person
