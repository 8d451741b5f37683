"""The five steps of a job under what goes wrong between them. What each decides is in core/jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.core.errors import Unavailable
from bot.core.jobs.messages import ReconcileVersion
from bot.core.registry.version import Status
from tests.doubles.builders import ANA, BEN, CHLOE, RELEASES, a_submit, a_version, an_offer
from tests.doubles.registry import FakeRegistry
from tests.doubles.trouble import on
from tests.flows.test_votes import a_card, a_vote, ruled, thread, vote

if TYPE_CHECKING:
    from bot.core.votes.vote import Decision
    from tests.flows.conftest import Office


class ForgetfulRegistry(FakeRegistry):
    """A registry that accepts a decision and does not show it yet."""

    shows = False

    def apply(self, decision: Decision) -> None:
        if self.shows:
            super().apply(decision)


class MovedOnRegistry(FakeRegistry):
    """A registry in which somebody moves on right behind each decision."""

    def apply(self, decision: Decision) -> None:
        super().apply(decision)
        self.move_outside(decision.arn, Status.REJECTED, "eve")


def test_a_decision_that_the_registry_does_not_show_is_told_to_nobody_and_comes_again(
    office: Office,
) -> None:
    office.registry = ForgetfulRegistry()
    version = office.registry.add(a_version())
    office.do(ReconcileVersion(version.arn))
    job = a_submit(an_offer(version, Status.APPROVED))
    with pytest.raises(Unavailable):
        office.do(job)
    pending = office.ledger.get(version.arn).request.pending

    assert pending is not None
    assert (thread(office), office.chat.said_in(RELEASES)) == ([], [])

    office.registry.shows = True
    office.do(job)
    assert office.ledger.get(version.arn).request.last_decision == pending
    assert len(thread(office)) == 1


def test_somebody_who_moves_on_behind_a_decision_is_noticed_by_the_same_job(office: Office) -> None:
    office.registry = MovedOnRegistry()
    version = office.registry.add(a_version())
    office.do(ReconcileVersion(version.arn))
    office.do(a_submit(an_offer(version, Status.APPROVED)))
    request = office.ledger.get(version.arn).request

    assert request.status is Status.REJECTED
    assert request.last_external is not None
    assert len(thread(office)) == 2  # the decision, and what came behind it


def test_that_a_decision_was_not_made_is_told_once_in_the_thread_whatever_is_repeated(
    office: Office,
) -> None:
    ruled(office)
    version = a_card(office)
    vote(office, version, Status.APPROVED, ANA)
    before = len(thread(office))
    with pytest.raises(Unavailable):
        office.do(a_vote(office, version, Status.APPROVED, CHLOE), on("apply", "before"))
    office.registry.move_outside(version.arn, Status.REJECTED, "eve")
    with pytest.raises(Unavailable):  # it was told, and the process dies before that is noted
        office.do(ReconcileVersion(version.arn), on("save", "before"))
    told = len(thread(office))
    office.do(ReconcileVersion(version.arn))

    assert told > before
    assert len(thread(office)) == told


def test_members_of_a_user_group_fill_a_quorum(office: Office) -> None:
    """BEN is a lead, and CHLOE in risk, only through their user groups."""
    ruled(office)
    version = a_card(office)
    vote(office, version, Status.APPROVED, BEN)
    vote(office, version, Status.APPROVED, CHLOE)

    assert office.status(version.arn) is Status.APPROVED


def test_slack_being_away_does_not_hold_up_a_decision_and_what_was_not_told_is_told_later(
    office: Office,
) -> None:
    version = a_card(office)
    with pytest.raises(Unavailable):
        office.do(a_submit(an_offer(version, Status.APPROVED)), on("update", "before"))
    request = office.ledger.get(version.arn).request

    assert request.pending is None
    assert request.last_decision is not None
    assert request.outbox
    office.do(ReconcileVersion(version.arn))
    assert not office.ledger.get(version.arn).request.unfinished
    assert len(office.chat.said_in(RELEASES)) == 1


def test_a_card_that_cannot_be_posted_does_not_hold_up_a_decision(office: Office) -> None:
    version = office.registry.add(a_version())
    office.chat.missing.add(office.rules.find(version.group).channel)
    office.do(ReconcileVersion(version.arn))
    office.do(a_submit(an_offer(version, Status.APPROVED)))

    assert office.status(version.arn) is Status.APPROVED
    assert not office.ledger.get(version.arn).request.unfinished
    assert len(office.chat.said_in(RELEASES)) == 1
