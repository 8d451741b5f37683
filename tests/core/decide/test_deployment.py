"""After an approval, an endpoint of the group is expected to report the version."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.core.decide import decide
from bot.core.followup.endpoints import EndpointStatus
from bot.core.jobs.messages import ReconcileVersion
from bot.core.reason import ReasonCode
from bot.core.registry.outcome import Outcome
from bot.core.registry.version import Status
from bot.core.votes.approval_record import metadata
from bot.core.votes.outbox import NoticeKind
from tests.core.decide.test_decide import a_snapshot
from tests.core.situations.headlines import serving
from tests.doubles.builders import ANA, NOON, RULE, a_decision, a_version, a_vote

if TYPE_CHECKING:
    from bot.core.followup.endpoints import Serving
    from bot.core.votes.request import Request

BEFORE = a_version(1, Status.APPROVED, created=NOON - timedelta(days=3))
NEW = a_version(2, Status.APPROVED, created=NOON - timedelta(days=2))
WAITING = replace(NEW, status=Status.PENDING)
DECISION = replace(
    a_decision(WAITING, Status.APPROVED),
    at=NOON,
    outcome=Outcome(1, 2),
    votes=(a_vote(WAITING, Status.APPROVED, ANA),),
)
SERVES_BEFORE = serving(BEFORE, changed=NOON - timedelta(days=1))


def after(minutes: int, *servings: Serving, minutes_of_rule: int = 30, **changes: Any) -> Request:
    """The request of the approved version so many minutes after the decision."""
    fields = {
        "status": Status.APPROVED,
        "last_decision": DECISION,
        "deploy_due": NOON + timedelta(minutes=30),
        **changes,
    }
    rule = replace(RULE, deploy_minutes=minutes_of_rule)
    snapshot = replace(a_snapshot(NEW, BEFORE, rule=rule, **fields), servings=servings)
    stored = replace(snapshot.stored, read_at=NOON + timedelta(minutes=minutes))
    snapshot = replace(snapshot, stored=stored)
    return decide(ReconcileVersion(NEW.arn), snapshot).after.request


def test_within_the_time_nothing_is_said() -> None:
    request = after(29, SERVES_BEFORE)

    assert request.deploy_due
    assert request.outbox == ()


def test_after_the_time_it_is_said_once_that_no_endpoint_has_reported() -> None:
    request = after(30, SERVES_BEFORE)
    (notice,) = request.outbox

    assert request.deploy_due is None
    assert notice.kind is NoticeKind.DEPLOY_UNHEARD
    assert notice.reason
    assert notice.reason.code is ReasonCode.DEPLOY_UNHEARD
    assert notice.reason.params == {"number": 2, "minutes": 30, "endpoints": ["fraud-prod"]}
    assert [vote.by for vote in notice.votes] == [ANA]


@pytest.mark.parametrize(
    "heard",
    [
        serving(NEW, changed=NOON + timedelta(minutes=5)),
        serving(BEFORE, pending=(NEW,), changed=NOON + timedelta(minutes=5)),
        serving(BEFORE, failed=(NEW,), changed=NOON + timedelta(minutes=5)),
    ],
    ids=["serving", "deploying", "failed"],
)
def test_an_endpoint_that_has_reported_ends_the_wait(heard: Serving) -> None:
    request = after(60, heard)

    assert request.deploy_due is None
    assert request.outbox == ()


def test_what_an_endpoint_did_before_the_decision_is_no_report() -> None:
    earlier = serving(BEFORE, failed=(NEW,), changed=NOON - timedelta(minutes=1))

    assert after(60, earlier).outbox != ()


# --- when it is waited for ------------------------------------------------------------------------


def due(*servings: Serving, minutes: int = 30, others: tuple[Any, ...] = (BEFORE,)) -> Any:
    """By when an endpoint should report a version that was just approved outside."""
    rule = replace(RULE, deploy_minutes=minutes)
    snapshot = a_snapshot(replace(NEW, modified=NOON), *others, rule=rule, status=Status.PENDING)
    plan = decide(ReconcileVersion(NEW.arn), replace(snapshot, servings=servings))
    return plan.after.request.deploy_due


def test_a_group_with_an_endpoint_is_expected_to_deploy() -> None:
    assert due(SERVES_BEFORE) == NOON + timedelta(minutes=30)
    assert due(SERVES_BEFORE, minutes=60) == NOON + timedelta(minutes=60)


@pytest.mark.parametrize(
    "servings", [(), (serving(state=EndpointStatus.GONE),)], ids=["none", "deleted"]
)
def test_without_an_endpoint_nothing_is_expected(servings: tuple[Serving, ...]) -> None:
    assert due(*servings) is None


def test_a_rule_can_switch_it_off() -> None:
    assert due(SERVES_BEFORE, minutes=0) is None


def test_an_approval_that_changes_nothing_next_to_deploy_is_not_waited_for() -> None:
    newer = a_version(3, Status.APPROVED, created=NOON - timedelta(days=1))

    assert due(SERVES_BEFORE, others=(newer,)) is None


def test_the_time_of_a_decision_that_was_made_late_begins_when_it_was_made() -> None:
    """It was written down, and the worker died before it could make it."""
    made = NOON + timedelta(hours=2)
    version = replace(NEW, modified=made, metadata=metadata(DECISION), modified_by="the-bots-role")
    snapshot = a_snapshot(version, BEFORE, status=Status.PENDING, open_decision=DECISION)
    snapshot = replace(
        snapshot,
        servings=(SERVES_BEFORE,),
        stored=replace(snapshot.stored, read_at=made),
        updated=True,
    )
    request = decide(ReconcileVersion(NEW.arn), snapshot).after.request

    assert request.last_decision
    assert request.deploy_due == made + timedelta(minutes=30)
    assert NoticeKind.DEPLOY_UNHEARD not in {notice.kind for notice in request.outbox}


def test_a_rule_that_does_not_watch_deployments_any_more_has_nobody_told() -> None:
    request = after(30, SERVES_BEFORE, minutes_of_rule=0)

    assert request.deploy_due is None
    assert request.outbox == ()
