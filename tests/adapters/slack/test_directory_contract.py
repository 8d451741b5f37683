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

STANDINGS = {
    GONE.id: MembershipStatus.GONE,
    VISITOR.id: MembershipStatus.GUEST,
    PARTNER.id: MembershipStatus.STRANGER,
    ROBOT.id: MembershipStatus.ROBOT,
    NOBODY: MembershipStatus.UNKNOWN,
}
WORDS: Final = {
    LookupFailure.PLAN: "plan_upgrade_required",
    LookupFailure.SCOPE: "missing_scope",
    LookupFailure.NONE: "no_such_subteam",
    LookupFailure.OTHER: "access_denied",
}
"""Slack's words for why it does not say something."""


class Team(Protocol):
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
            standings=dict(STANDINGS),
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
        self.slack.faults.add("usergroups.users.list", WORDS[why])

    def hide_emails(self, why: LookupFailure) -> None:
        self.slack.faults.add("users.lookupByEmail", WORDS[why])


@pytest.fixture(params=["memory", "slack"])
def team(request: pytest.FixtureRequest) -> Team:
    if request.param == "memory":
        return InMemory()
    return InSlack(request.getfixturevalue("slack"))


def test_members_of_a_user_group_are_known(team: Team) -> None:
    assert team.directory.members(APPROVERS.id) == frozenset({ANN.id, BEN.id})


def test_nobody_is_in_an_empty_user_group(team: Team) -> None:
    assert team.directory.members(EMPTY.id) == frozenset()


def test_a_user_group_that_is_not_there_is_not_an_empty_one(team: Team) -> None:
    assert team.directory.members("S0NOBODY") is LookupFailure.NONE


@pytest.mark.parametrize("why", [why for why in LookupFailure if why is not LookupFailure.UNCLEAR])
def test_it_is_said_why_a_user_group_cannot_be_read(team: Team, why: LookupFailure) -> None:
    team.hide(APPROVERS.id, why)

    assert team.directory.members(APPROVERS.id) is why


@pytest.mark.parametrize(
    ("person", "standing"), [(ANN.id, MembershipStatus.MEMBER), *STANDINGS.items()]
)
def test_it_is_known_what_somebody_is(team: Team, person: str, standing: MembershipStatus) -> None:
    assert team.directory.standing(person) is standing


@pytest.mark.parametrize("email", ["ben@example.com", "Ben@Example.com"])
def test_somebody_is_found_by_email_in_any_case(team: Team, email: str) -> None:
    assert team.directory.with_email(email) == BEN.id


def test_a_guest_is_found_by_email(team: Team) -> None:
    assert team.directory.with_email(VISITOR.email) == VISITOR.id


@pytest.mark.parametrize("email", ["nobody@example.com", GONE.email, ROBOT.email])
def test_an_email_of_nobody_who_works_here_leads_to_nobody(team: Team, email: str) -> None:
    assert team.directory.with_email(email) is None


@pytest.mark.parametrize("why", [LookupFailure.SCOPE, LookupFailure.OTHER])
def test_an_email_that_cannot_be_looked_up_is_not_nobodys(team: Team, why: LookupFailure) -> None:
    team.hide_emails(why)

    assert team.directory.with_email(ANN.email) is why
