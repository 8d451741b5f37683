from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.core.votes.rate_limit import EDITS, RateLimit, Slot
from tests.doubles.builders import CARDS, NOON

PER_MINUTE = {CARDS: 60, EDITS: 50}
"""What Slack takes in a channel, and of edits (docs.slack.dev/apis/web-api/rate-limits)."""
AT_ONCE = {CARDS: 11, EDITS: 6}

gaps = st.lists(st.sampled_from([0.0, 0.1, 0.5, 1.0, 7.0, 90.0]), min_size=1, max_size=150)


def reserve_all(name: str, asked: list[float]) -> list[tuple[datetime, Slot]]:
    """Reserve slots, each so many seconds after the one before; return when, and which."""
    limit, now = RateLimit(name=name, read_at=NOON), NOON
    slots = []
    for seconds in asked:
        now += timedelta(seconds=seconds)
        slot, limit = replace(limit, read_at=now).reserve()
        slots.append((now, slot))
    return slots


def used(slots: list[tuple[datetime, Slot]]) -> list[datetime]:
    """When each slot is used: as early as it may be."""
    return sorted(max(now, now + slot.time_left(now)) for now, slot in slots)


@given(name=st.sampled_from([CARDS, EDITS]), asked=gaps)
def test_after_a_few_at_once_no_more_slots_are_used_than_slack_takes_with_some_left_for_others(
    name: str, asked: list[float]
) -> None:
    times = used(reserve_all(name, asked))

    for time in times:
        in_minute = [each for each in times if time <= each < time + timedelta(minutes=1)]
        assert len(in_minute) <= AT_ONCE[name] + 0.92 * PER_MINUTE[name]
        assert times.count(time) <= AT_ONCE[name]


@given(name=st.sampled_from([CARDS, EDITS]), asked=gaps)
def test_no_slot_is_reserved_twice_and_none_is_in_the_past(name: str, asked: list[float]) -> None:
    slots = reserve_all(name, asked)
    times = [slot.time for _, slot in slots]

    assert times == sorted(set(times))
    assert all(slot.time >= now for now, slot in slots)


def test_a_message_that_is_alone_waits_for_nothing() -> None:
    for now, slot in reserve_all(CARDS, [0, 10, 10]):
        assert slot.time_left(now) <= timedelta()


def test_one_channel_does_not_wait_for_another() -> None:
    _, busy = RateLimit(name=CARDS, read_at=NOON).reserve()
    slot, _ = RateLimit(name="C0OTHER000", read_at=NOON).reserve()

    assert busy.next_slot_at
    assert slot.time == NOON
