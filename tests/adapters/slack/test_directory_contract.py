"""What every directory promises: Slack's, and the one in memory that the flows are tested on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

import pytest

from bot.adapters.slack.directory import SlackDirectory
from bot.core.rules.people import LookupFailure, MembershipStatus
from infra.local.slack.workspace import User, Usergroup
from tests.doubles.directory import FakeDirectory
from tests.local.slack_stand_in import ANN, APPROVERS, BEN, GONE, StandIn

if TYPE_CHECKING:
    from bot.flows.ports import Directory

pytest_plugins = ["tests.local.slack_fixtures"]

VISITOR = User("U0VISITOR", "vic", "Vic Visitor", email="vic@example.com", guest=True)
PARTNER = User("U0PARTNER", "pat", "Pat Partner", team="T0ELSEWHERE")
ROBOT = User("U0ROBOT", "robo", "Robo", email="robo@example.com", robot=True)
EMPTY = Usergroup("S0EMPTY", "empty", "Empty", ())
NOBODY = "U0NOBODY"

MEMBERSHIPS = {
    GONE.id: MembershipStatus.GONE,
    VISITOR.id: MembershipStatus.GUEST,
    PARTNER.id: MembershipStatus.STRANGER,
    ROBOT.id: MembershipStatus.ROBOT,
    NOBODY: MembershipStatus.UNKNOWN,
}
CODES: Final = {
    LookupFailure.PLAN: "plan_upgrade_required",
    LookupFailure.SCOPE: "missing_scope",
    LookupFailure.NONE: "no_such_subteam",
    LookupFailure.OTHER: "access_denied",
}
"""Slack's error codes for each failure."""


class DirectoryCase(Protocol):
    """A workspace, and what may be wrong with it."""

    @property
    def directory(self) -> Directory: ...

    def hide(self, user_group: str, why: LookupFailure) -> None:
        """Let nobody read who is in *user_group*."""
        ...

    def hide_emails(self, why: LookupFailure) -> None: ...


@dataclass
class InMemory:
    directory: FakeDirectory = field(
        default_factory=lambda: FakeDirectory(
            groups={APPROVERS.id: frozenset(APPROVERS.users), EMPTY.id: frozenset()},
            memberships=dict(MEMBERSHIPS),
            names={each.id: each.real_name for each in (ANN, VISITOR, PARTNER)},
            emails={each.email: each.id for each in (ANN, BEN, GONE, VISITOR, ROBOT)},
        )
    )

    def hide(self, user_group: str, why: LookupFailure) -> None:
        self.directory.groups[user_group] = why

    def hide_emails(self, why: LookupFailure) -> None:
        self.directory.no_emails = why


@dataclass
class InSlack:
    slack: StandIn

    def __post_init__(self) -> None:
        workspace = self.slack.workspace
        workspace.users |= {each.id: each for each in (VISITOR, PARTNER, ROBOT)}
        workspace.usergroups[EMPTY.id] = EMPTY
        self.directory: Directory = SlackDirectory(lambda: self.slack.web, self.slack.clock)

    def hide(self, user_group: str, why: LookupFailure) -> None:
        del self.slack.workspace.usergroups[user_group]
        self.slack.faults.add("usergroups.users.list", CODES[why])

    def hide_emails(self, why: LookupFailure) -> None:
        self.slack.faults.add("users.lookupByEmail", CODES[why])


@pytest.fixture(params=["memory", "slack"])
def case(request: pytest.FixtureRequest) -> DirectoryCase:
    if request.param == "memory":
        return InMemory()
    return InSlack(request.getfixturevalue("slack"))


def test_the_members_of_a_user_group_are_read(case: DirectoryCase) -> None:
    assert case.directory.members(APPROVERS.id) == frozenset({ANN.id, BEN.id})


def test_an_empty_user_group_has_no_members(case: DirectoryCase) -> None:
    assert case.directory.members(EMPTY.id) == frozenset()


def test_a_user_group_that_does_not_exist_is_not_an_empty_one(case: DirectoryCase) -> None:
    assert case.directory.members("S0NOBODY") is LookupFailure.NONE


@pytest.mark.parametrize("why", [why for why in LookupFailure if why is not LookupFailure.UNCLEAR])
def test_the_directory_says_why_a_user_group_cannot_be_read(
    case: DirectoryCase, why: LookupFailure
) -> None:
    case.hide(APPROVERS.id, why)

    assert case.directory.members(APPROVERS.id) is why


@pytest.mark.parametrize(
    ("person", "membership"), [(ANN.id, MembershipStatus.MEMBER), *MEMBERSHIPS.items()]
)
def test_the_membership_of_a_person_is_read(
    case: DirectoryCase, person: str, membership: MembershipStatus
) -> None:
    assert case.directory.profile(person).membership is membership


@pytest.mark.parametrize("person", [ANN, VISITOR, PARTNER])
def test_the_real_name_of_a_person_is_read_with_their_membership(
    case: DirectoryCase, person: User
) -> None:
    assert case.directory.profile(person.id).name == person.real_name


def test_somebody_whom_slack_does_not_know_has_no_name(case: DirectoryCase) -> None:
    assert case.directory.profile(NOBODY).name == ""


@pytest.mark.parametrize("email", ["ben@example.com", "Ben@Example.com"])
def test_somebody_is_found_by_email_in_any_case(case: DirectoryCase, email: str) -> None:
    assert case.directory.with_email(email) == BEN.id


def test_a_guest_is_found_by_email(case: DirectoryCase) -> None:
    assert case.directory.with_email(VISITOR.email) == VISITOR.id


@pytest.mark.parametrize("email", ["nobody@example.com", GONE.email, ROBOT.email])
def test_an_email_of_nobody_who_works_here_belongs_to_nobody(
    case: DirectoryCase, email: str
) -> None:
    assert case.directory.with_email(email) is None


@pytest.mark.parametrize("why", [LookupFailure.SCOPE, LookupFailure.OTHER])
def test_an_email_that_cannot_be_looked_up_is_a_failure(
    case: DirectoryCase, why: LookupFailure
) -> None:
    case.hide_emails(why)

    assert case.directory.with_email(ANN.email) is why
