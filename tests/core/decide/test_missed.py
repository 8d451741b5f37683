"""
A change outside that the bot missed: what counts as one, and what is known of it.

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
from bot.core.reason import ReasonCode
from bot.core.registry.version import DatedStatus, Status
from bot.core.votes.approval_record import metadata
from bot.core.votes.lease import LAG
from bot.core.votes.outbox import NoticeKind, To, Way
from bot.core.votes.request import SEEN as MOST_SEEN
from tests.core.decide.test_decide import a_snapshot, after_update, audited, notices
from tests.doubles.builders import (
    ANA,
    BEN,
    CHLOE,
    RELEASES,
    a_decision,
    a_submit,
    a_version,
    a_vote,
    an_offer,
)

if TYPE_CHECKING:
    from bot.core.decide.plan import Plan
    from bot.core.decide.snapshot import Snapshot

PENDING, APPROVED, REJECTED = Status.PENDING, Status.APPROVED, Status.REJECTED
MILLISECOND = timedelta(milliseconds=1)
SEEN = datetime(2026, 3, 2, 13, 0, 0, 100_000, UTC)
REPORTED = datetime(2026, 3, 2, 14, 0, 0, 200_000, UTC)
MADE = datetime(2026, 3, 2, 14, 0, 0, 300_000, UTC)
WAITING = a_version(modified=SEEN)
DECISION = a_decision(WAITING, APPROVED, seen_modified=SEEN, made_modified=MADE)
MADE_HERE = replace(WAITING, status=APPROVED, modified=MADE, metadata=metadata(DECISION))
SET_BACK = replace(WAITING, modified=MADE)
"""The version after somebody set another status and set it back."""
EVENT = DatedStatus(REJECTED, REPORTED)
TOLD = (NoticeKind.MISSED, (To(Way.THREAD), To(Way.CHANNEL, RELEASES)))
NOTHING, MISSED, WHILE_DECIDED = "nothing", "missed", "missed while a decision was made"


def at(now: datetime, snapshot: Snapshot) -> Snapshot:
    """*snapshot*, read when the store's time was *now*."""
    record = replace(snapshot.record, read_at=now)
    return replace(snapshot, stored=record, record=record)


def decided(version: Any = MADE_HERE, now: datetime = MADE + LAG, **request: Any) -> Snapshot:
    """The version after the decision; the store's time is *now*."""
    seen = (DatedStatus(PENDING, SEEN), DatedStatus(APPROVED, MADE))
    fields = {"status": APPROVED, "last_decision": DECISION, "seen": seen, **request}
    return at(now, a_snapshot(version, **fields))


def set_back(version: Any = SET_BACK, now: datetime = MADE + LAG, **request: Any) -> Snapshot:
    """The waiting version, of which the bot saw nothing since SEEN; the store's time is *now*."""
    fields = {"status": PENDING, "seen": (DatedStatus(PENDING, SEEN),), **request}
    return at(now, a_snapshot(version, **fields))


def after(event: DatedStatus | None, snapshot: Snapshot) -> Plan:
    return decide(ReconcileVersion(MADE_HERE.arn, event), snapshot)


def told(event: DatedStatus | None, snapshot: Snapshot) -> str:
    """What a job for *event* tells and records of it."""
    plan = after(event, snapshot)
    recorded = [json.loads(entry.body) for entry in plan.after.record.new_entries]
    missed = [entry for entry in recorded if entry["kind"] == "missed_change"]
    messages = [each for each in plan.after.request.outbox if each.kind is NoticeKind.MISSED]
    assert [bool(each.decision) for each in messages] == [bool(each["decision"]) for each in missed]
    if not missed:
        return NOTHING
    return WHILE_DECIDED if missed[0]["decision"] else MISSED


# --- a decision was made at that time


def test_a_change_between_the_look_and_the_decision_is_recorded_and_told() -> None:
    plan = after(EVENT, decided())
    (entry,) = [json.loads(entry.body) for entry in plan.after.record.new_entries]
    (notice,) = plan.after.request.outbox

    assert (notice.kind, notice.to) == TOLD
    assert (notice.decision, notice.reported) == (replace(DECISION, comment=""), EVENT)
    assert (entry["kind"], entry["decision"]) == ("missed_change", DECISION.id)
    assert (entry["source"], entry["target"]) == ("", REJECTED)
    assert entry["at"] == REPORTED.isoformat()
    assert entry["id"] == notice.id


def test_nothing_else_of_the_request_changes() -> None:
    before = decided().request
    request = after(EVENT, decided()).after.request
    other = {field: getattr(before, field) for field in ("processed", "processed_ids", "seen")}

    assert request.seen == (before.seen[0], EVENT, before.seen[1])
    assert replace(request, outbox=(), **other) == replace(before, description_digest="")


def test_an_event_that_comes_again_is_told_once() -> None:
    first = after(EVENT, decided()).after
    again = replace(first, stored=first.record, record=replace(first.record, new_entries=()))

    assert len(after(EVENT, again).after.request.outbox) == 1
    assert audited(after(EVENT, again)) == []


def test_an_event_whose_time_is_written_otherwise_is_told_once() -> None:
    first = after(EVENT, decided()).after
    later = replace(first.record, new_entries=(), read_at=MADE + 2 * LAG)
    cut = replace(EVENT, modified=REPORTED.replace(microsecond=0))

    assert audited(after(cut, replace(first, stored=later, record=later))) == []


def test_a_decision_that_the_registry_does_not_show_is_not_said_to_have_come_after_it() -> None:
    assert told(EVENT, decided(replace(MADE_HERE, metadata={}))) == MISSED
    other = metadata(replace(DECISION, id="another"))
    assert told(EVENT, decided(replace(MADE_HERE, metadata=other))) == MISSED


def test_a_decision_whose_status_does_not_hold_is_not_said_to_have_come_after_it() -> None:
    moved = replace(MADE_HERE, status=PENDING, modified=MADE + timedelta(hours=1))

    assert told(EVENT, decided(moved, status=None)) == MISSED


@pytest.mark.parametrize("status", [PENDING, APPROVED])
def test_the_status_before_the_decision_and_its_own_are_not_missed(status: Status) -> None:
    assert told(DatedStatus(status, REPORTED), decided()) == NOTHING


@pytest.mark.parametrize(
    ("modified", "what"),
    [
        (SEEN - timedelta(seconds=1), NOTHING),
        (SEEN, NOTHING),
        (SEEN + MILLISECOND, WHILE_DECIDED),
        (MADE, WHILE_DECIDED),
        (MADE + MILLISECOND, NOTHING),
    ],
)
def test_only_what_was_set_after_the_look_and_before_the_decision_came_before_it(
    modified: datetime, what: str
) -> None:
    later = decided(now=MADE + 2 * LAG)

    assert told(replace(EVENT, modified=modified), later) == what


def test_what_was_set_and_set_back_after_the_decision_did_not_come_before_it() -> None:
    back = replace(MADE_HERE, modified=MADE + timedelta(minutes=2))
    event = replace(EVENT, modified=MADE + timedelta(minutes=1))

    assert told(event, decided(back, now=back.modified or MADE)) == MISSED


def test_a_change_of_anything_else_after_the_decision_hides_nothing() -> None:
    described = replace(MADE_HERE, modified=MADE + timedelta(minutes=2))

    assert told(EVENT, decided(described)) == WHILE_DECIDED


@pytest.mark.parametrize("unknown", ["seen_modified", "made_modified"])
def test_where_the_times_of_the_decision_are_not_known_nothing_is_said_of_it(unknown: str) -> None:
    older = replace(DECISION, **{unknown: None})

    assert told(EVENT, decided(last_decision=older)) == MISSED


# --- a time that is cut to whole seconds

CUT = replace(EVENT, modified=REPORTED.replace(microsecond=0))
SHOWN = CUT.modified + timedelta(seconds=1) + LAG
"""From then on, the registry shows what was set in that second."""


@pytest.mark.parametrize("snapshot", [decided, set_back])
def test_a_time_that_is_cut_to_seconds_is_not_judged_before_the_registry_shows_what_was_last(
    snapshot: Any,
) -> None:
    with pytest.raises(Unavailable) as error:
        after(CUT, snapshot(now=SHOWN - timedelta(seconds=3)))

    assert error.value.retry_after == 3


def test_a_time_in_the_second_of_the_decision_came_before_it_if_nothing_came_after_that() -> None:
    assert told(CUT, decided(now=SHOWN)) == WHILE_DECIDED


def test_a_time_in_the_second_of_the_decision_may_be_later_if_something_came_after_it() -> None:
    later = replace(MADE_HERE, modified=MADE + MILLISECOND)

    assert told(CUT, decided(later, now=SHOWN)) == MISSED


def test_a_time_in_a_second_before_that_of_the_decision_is_told_at_once() -> None:
    event = replace(CUT, modified=CUT.modified - timedelta(seconds=1))
    later = replace(MADE_HERE, modified=MADE + MILLISECOND)

    assert told(event, decided(later, now=MADE)) == WHILE_DECIDED


def test_a_time_in_the_second_of_the_first_state_that_is_known_may_be_older() -> None:
    assert told(replace(EVENT, modified=SEEN.replace(microsecond=0)), decided()) == NOTHING


def test_what_was_set_when_the_next_second_began_came_after_it() -> None:
    begin = CUT.modified + timedelta(seconds=1)
    last = DatedStatus(REJECTED, begin + MILLISECOND)
    rejected = replace(WAITING, status=REJECTED, modified=last.modified)
    seen = (DatedStatus(PENDING, SEEN), DatedStatus(PENDING, begin), last)

    assert told(CUT, set_back(rejected, status=REJECTED, now=SHOWN, seen=seen)) == MISSED


def test_a_status_that_was_seen_in_that_second_was_not_missed() -> None:
    rejected = replace(WAITING, status=REJECTED, modified=REPORTED)
    seen = (DatedStatus(PENDING, SEEN), DatedStatus(REJECTED, REPORTED))

    assert told(CUT, set_back(rejected, status=REJECTED, seen=seen)) == NOTHING
    assert told(CUT, set_back(now=SHOWN, seen=seen)) == NOTHING


# --- it was set back, or another change outside came after it


def test_a_status_that_was_set_and_set_back_unseen_is_recorded_and_told() -> None:
    plan = after(EVENT, set_back())
    (entry,) = [json.loads(entry.body) for entry in plan.after.record.new_entries]

    assert notices(plan) == [TOLD]
    assert (entry["kind"], entry["decision"]) == ("missed_change", "")
    assert (entry["source"], entry["target"]) == ("", REJECTED)


def test_a_status_before_another_that_was_seen_is_recorded_and_told_after_that() -> None:
    approved = replace(WAITING, status=APPROVED, modified=MADE)
    plan = after(EVENT, set_back(approved))

    assert audited(plan) == ["external_change", "missed_change"]


def test_the_event_of_what_the_registry_shows_tells_of_no_missed_change() -> None:
    rejected = replace(WAITING, status=REJECTED, modified=REPORTED)

    assert audited(after(EVENT, set_back(rejected))) == ["external_change"]


@pytest.mark.parametrize("status", [PENDING, APPROVED])
def test_an_event_of_a_change_of_something_else_tells_of_no_missed_change(status: Status) -> None:
    """The version was described anew, before or after the status was set."""
    approved = replace(WAITING, status=APPROVED, modified=MADE)

    assert told(DatedStatus(status, REPORTED), set_back(approved)) == NOTHING


def test_a_late_event_of_a_change_that_was_seen_tells_of_no_missed_change() -> None:
    seen = (DatedStatus(PENDING, SEEN), DatedStatus(REJECTED, REPORTED))

    assert told(EVENT, set_back(seen=seen)) == NOTHING


def test_a_version_that_was_edited_while_it_had_that_status_is_told_of_once() -> None:
    edited = DatedStatus(REJECTED, REPORTED + timedelta(milliseconds=50))
    for first, second in ((EVENT, edited), (edited, EVENT)):
        once = after(first, set_back()).after
        again = replace(once, stored=once.record, record=replace(once.record, new_entries=()))

        assert audited(after(second, again)) == []
        assert [each.modified for each in once.request.seen] == [SEEN, first.modified, MADE]


def test_what_a_decision_that_is_proved_late_shows_first_hides_no_change_after_it() -> None:
    """The status was set outside after the decision, and then something else was edited."""
    pending = replace(DECISION, made_modified=None)
    edited = replace(MADE_HERE, status=REJECTED, modified=MADE + timedelta(minutes=1))
    snapshot = set_back(edited, open_decision=pending)

    plan = after(DatedStatus(REJECTED, MADE), snapshot)

    assert audited(plan) == ["decision", "external_change"]


def test_an_open_decision_is_void_if_the_event_tells_that_another_status_was_set_since() -> None:
    plan = after(EVENT, set_back(open_decision=submitted().update))
    reasons = [json.loads(entry.body).get("reason") for entry in plan.after.record.new_entries]

    assert plan.update is None
    assert audited(plan) == ["void", "missed_change"]
    assert reasons[0]["code"] == ReasonCode.STATUS_CHANGED_SINCE_DECISION


def test_an_open_decision_is_made_if_the_event_is_older_or_of_its_first_status() -> None:
    pending = submitted().update
    older = replace(EVENT, modified=SEEN - timedelta(hours=1))
    for event in (None, older, DatedStatus(PENDING, REPORTED)):
        assert after(event, set_back(open_decision=pending)).update


@pytest.mark.parametrize("far", [timedelta(hours=5), datetime.max.replace(tzinfo=UTC) - MADE])
def test_an_event_with_a_time_far_in_the_future_is_not_waited_for(far: timedelta) -> None:
    assert told(DatedStatus(REJECTED, MADE + far), set_back()) == NOTHING


def test_an_event_that_is_older_than_what_is_known_tells_of_no_missed_change() -> None:
    assert told(EVENT, set_back(seen=())) == NOTHING


def test_an_event_is_not_judged_before_the_registry_may_show_it() -> None:
    with pytest.raises(Unavailable) as error:
        after(EVENT, set_back(WAITING, now=REPORTED + timedelta(seconds=4)))

    assert error.value.retry_after == 6
    assert told(EVENT, set_back(WAITING, now=REPORTED + LAG)) == NOTHING


def test_votes_that_were_cast_before_it_no_longer_count() -> None:
    before = a_vote(WAITING, APPROVED, ANA, seen_modified=SEEN)
    since = a_vote(WAITING, APPROVED, BEN, seen_modified=MADE)
    older = a_vote(WAITING, REJECTED, CHLOE, id="of an older version of the code")
    plan = after(EVENT, set_back(votes=(before, since, older)))
    request = plan.after.request
    void = json.loads(plan.after.record.new_entries[-1].body)

    assert request.votes == (since,)
    assert request.void_voters == (ANA, CHLOE)
    assert request.outbox[-1].votes == (before, older)
    assert audited(plan) == ["missed_change", "void"]
    assert [vote["id"] for vote in void["votes"]] == [before.id, older.id]
    assert void["reason"]["code"] == ReasonCode.STATUS_CHANGED_TWICE_SINCE_VOTES


def test_a_vote_knows_when_what_it_was_cast_on_was_last_modified() -> None:
    update = submitted().update
    assert update
    (vote,) = update.votes

    assert vote.seen_modified == SEEN


def test_the_states_that_were_seen_are_kept_up_to_a_number() -> None:
    many = tuple(
        DatedStatus(PENDING, SEEN - timedelta(hours=MOST_SEEN - number))
        for number in range(MOST_SEEN)
    )
    seen = after(None, set_back(seen=many)).after.request.seen

    assert seen == (*many[1:], DatedStatus(PENDING, MADE))
    assert after(None, set_back(WAITING, seen=seen[:-1])).after.request.seen[-1].modified == SEEN


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
