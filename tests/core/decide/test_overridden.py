"""
A change from outside that a decision came after without having seen it: what counts as one.

Each condition has a test that fails if it is dropped.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.core.decide import decide
from bot.core.errors import Unavailable
from bot.core.jobs.messages import ReconcileVersion
from bot.core.registry.version import ReportedStatus, Status
from bot.core.votes.approval_record import metadata
from bot.core.votes.lease import LAG
from bot.core.votes.outbox import NoticeKind, To, Way
from tests.core.decide.test_decide import a_snapshot, after_update, audited, notices
from tests.doubles.builders import ANA, RELEASES, a_decision, a_submit, a_version, an_offer

if TYPE_CHECKING:
    from bot.core.decide.plan import Plan
    from bot.core.decide.snapshot import Snapshot

PENDING, APPROVED, REJECTED = Status.PENDING, Status.APPROVED, Status.REJECTED
SEEN = datetime(2026, 3, 2, 13, 0, 0, 100_000, UTC)
REPORTED = datetime(2026, 3, 2, 14, 0, 0, 200_000, UTC)
MADE = datetime(2026, 3, 2, 14, 0, 0, 300_000, UTC)
WAITING = a_version(modified=SEEN)
DECISION = a_decision(WAITING, APPROVED, seen_modified=SEEN, made_modified=MADE)
MADE_HERE = replace(WAITING, status=APPROVED, modified=MADE, metadata=metadata(DECISION))
EVENT = ReportedStatus(REJECTED, REPORTED)
TOLD = (NoticeKind.OVERRIDDEN, (To(Way.THREAD), To(Way.CHANNEL, RELEASES)))


def decided(version: Any = MADE_HERE, now: datetime = MADE, **request: Any) -> Snapshot:
    """The version after the decision; the store's time is *now*."""
    fields = {"status": APPROVED, "last_decision": DECISION, **request}
    snapshot = a_snapshot(version, **fields)
    record = replace(snapshot.record, read_at=now)
    return replace(snapshot, stored=record, record=record)


def after(event: ReportedStatus | None, snapshot: Snapshot) -> Plan:
    return decide(ReconcileVersion(MADE_HERE.arn, event), snapshot)


def is_told(event: ReportedStatus | None, snapshot: Snapshot) -> bool:
    plan = after(event, snapshot)
    told = TOLD in notices(plan)
    assert told == ("overridden_change" in audited(plan))
    return told


def test_a_change_between_the_look_and_the_decision_is_recorded_and_told() -> None:
    plan = after(EVENT, decided())
    (entry,) = [json.loads(entry.body) for entry in plan.after.record.new_entries]
    (notice,) = plan.after.request.outbox

    assert (notice.kind, notice.to) == TOLD
    assert (notice.decision, notice.reported) == (replace(DECISION, comment=""), EVENT)
    assert (entry["kind"], entry["decision"]) == ("overridden_change", DECISION.id)
    assert (entry["source"], entry["target"]) == (PENDING, REJECTED)
    assert entry["at"] == REPORTED.isoformat()
    assert entry["id"] == notice.id


def test_nothing_else_of_the_request_changes() -> None:
    before = decided().request
    request = after(EVENT, decided()).after.request
    same = {"outbox": (), "processed": before.processed, "processed_ids": before.processed_ids}

    assert replace(request, **same) == replace(before, description_digest="")


def test_an_event_that_comes_again_is_told_once() -> None:
    told = after(EVENT, decided()).after
    again = replace(told, stored=told.record, record=replace(told.record, new_entries=()))

    assert len(after(EVENT, again).after.request.outbox) == 1
    assert audited(after(EVENT, again)) == []


def test_an_event_whose_time_is_written_otherwise_is_told_once() -> None:
    told = after(EVENT, decided()).after
    later = replace(told.record, new_entries=(), read_at=MADE + 2 * LAG)
    cut = replace(EVENT, modified=REPORTED.replace(microsecond=0))

    assert audited(after(cut, replace(told, stored=later, record=later))) == []


def test_another_change_of_the_same_moment_is_told_as_well() -> None:
    revoked = replace(DECISION, source=APPROVED, target=REJECTED)
    version = replace(MADE_HERE, status=REJECTED)
    told = after(EVENT, decided()).after
    other = decided(version, last_decision=revoked, status=REJECTED)
    other = other.change(processed=told.request.processed)

    assert is_told(ReportedStatus(PENDING, REPORTED), other)


def test_what_another_decision_came_after_is_told_as_well() -> None:
    told = after(EVENT, decided()).after
    another = replace(DECISION, id="decision-2")
    version = replace(MADE_HERE, metadata=metadata(another))
    other = decided(version, last_decision=another, processed=told.request.processed)

    assert is_told(EVENT, other)


def test_a_job_that_no_event_led_to_tells_nothing() -> None:
    assert not is_told(None, decided())


def test_without_a_decision_nothing_is_overridden() -> None:
    assert not is_told(EVENT, decided(last_decision=None))


def test_a_decision_that_the_registry_does_not_show_overrides_nothing() -> None:
    assert not is_told(EVENT, decided(replace(MADE_HERE, metadata={})))
    other = metadata(replace(DECISION, id="another"))
    assert not is_told(EVENT, decided(replace(MADE_HERE, metadata=other)))


def test_a_decision_after_which_the_status_was_changed_again_overrides_nothing() -> None:
    moved = replace(MADE_HERE, status=PENDING, modified=MADE + timedelta(hours=1))

    plan = after(EVENT, decided(moved))

    assert audited(plan) == ["external_change"]


def test_a_decision_whose_status_does_not_hold_overrides_nothing_whatever_was_last_seen() -> None:
    moved = replace(MADE_HERE, status=PENDING, modified=MADE + timedelta(hours=1))

    assert not is_told(EVENT, decided(moved, status=None))


@pytest.mark.parametrize("status", [PENDING, APPROVED])
def test_the_status_before_the_decision_and_its_own_are_not_overridden(status: Status) -> None:
    assert not is_told(ReportedStatus(status, REPORTED), decided())


@pytest.mark.parametrize(
    ("modified", "told"),
    [
        (SEEN - timedelta(seconds=1), False),
        (SEEN, False),
        (SEEN + timedelta(milliseconds=1), True),
        (MADE, True),
        (MADE + timedelta(milliseconds=1), False),
    ],
)
def test_only_what_was_set_after_the_look_and_before_the_decision_is_overridden(
    modified: datetime, told: bool
) -> None:
    assert is_told(replace(EVENT, modified=modified), decided()) is told


def test_what_was_set_and_set_back_after_the_decision_is_not_overridden() -> None:
    back = replace(MADE_HERE, modified=MADE + timedelta(minutes=2))

    assert not is_told(replace(EVENT, modified=MADE + timedelta(minutes=1)), decided(back))


def test_a_change_of_anything_else_after_the_decision_hides_nothing() -> None:
    described = replace(MADE_HERE, modified=MADE + timedelta(minutes=2))

    assert is_told(EVENT, decided(described))


@pytest.mark.parametrize("unknown", ["seen_modified", "made_modified"])
def test_where_a_time_is_not_known_nothing_is_said(unknown: str) -> None:
    """Older versions of the code did not write them down."""
    older = replace(DECISION, **{unknown: None})

    assert not is_told(EVENT, decided(last_decision=older))


CUT = replace(EVENT, modified=REPORTED.replace(microsecond=0))
SHOWN = CUT.modified + timedelta(seconds=1) + LAG
"""From then on, the registry shows what was set in that second."""


def test_a_time_that_is_cut_to_seconds_is_not_judged_before_the_registry_shows_what_was_last() -> (
    None
):
    with pytest.raises(Unavailable) as error:
        after(CUT, decided(now=SHOWN - timedelta(seconds=3)))

    assert error.value.retry_after == 3


def test_a_time_in_the_second_of_the_decision_is_told_if_nothing_came_after_that() -> None:
    assert is_told(CUT, decided(now=SHOWN))


def test_a_time_in_the_second_of_the_decision_is_not_told_if_something_came_after_it() -> None:
    later = replace(MADE_HERE, modified=MADE + timedelta(milliseconds=1))

    assert not is_told(CUT, decided(later, now=SHOWN))


def test_a_time_in_a_second_before_that_of_the_decision_is_told_at_once() -> None:
    event = replace(CUT, modified=CUT.modified - timedelta(seconds=1))
    later = replace(MADE_HERE, modified=MADE + timedelta(milliseconds=1))

    assert is_told(event, decided(later))


def test_a_time_in_the_second_of_the_look_is_not_told_for_it_may_be_older() -> None:
    assert not is_told(replace(EVENT, modified=SEEN.replace(microsecond=0)), decided())


# --- the two times of a decision


def submitted(version: Any = WAITING) -> Plan:
    plan = decide(a_submit(an_offer(version, APPROVED), ANA), a_snapshot(version))
    assert plan.update
    return plan


@pytest.mark.parametrize(
    ("modified", "seen"), [(SEEN, SEEN), (None, a_version().created)], ids=["modified", "created"]
)
def test_a_decision_knows_when_what_it_was_judged_on_was_last_modified(
    modified: datetime | None, seen: datetime
) -> None:
    update = submitted(a_version(modified=modified)).update

    assert update
    assert update.seen_modified == seen


def test_a_resumed_decision_knows_when_what_it_was_judged_on_again_was_last_modified() -> None:
    pending = replace(submitted().update, seen_modified=SEEN - timedelta(hours=1))
    plan = decide(ReconcileVersion(WAITING.arn), a_snapshot(WAITING, open_decision=pending))

    assert plan.update
    assert plan.update.seen_modified == SEEN
    assert plan.after.request.open_decision == plan.update


def test_a_decision_that_is_proved_at_once_knows_when_it_was_made() -> None:
    proved = after_update(submitted())
    last = decide(ReconcileVersion(WAITING.arn), proved).after.request.last_decision

    assert last
    assert last.made_modified == proved.version.modified


def test_when_a_decision_was_made_that_is_proved_later_is_not_known() -> None:
    """Somebody may have set another status after it, and set it back."""
    proved = replace(after_update(submitted()), updated=False)
    last = decide(ReconcileVersion(WAITING.arn), proved).after.request.last_decision

    assert last
    assert last.made_modified is None
