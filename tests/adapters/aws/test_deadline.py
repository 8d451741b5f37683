from __future__ import annotations

from dataclasses import dataclass

import pytest

from bot.adapters.aws.deadline import LEAST, MARGIN, NO_DEADLINE, SLACK_WAITS, Deadline


@dataclass
class Clock:
    seconds: float = 100.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_call_takes_no_longer_than_it_may_and_than_is_left(clock: Clock) -> None:
    deadline = Deadline(clock)
    deadline.begin(age=1.5, opens_form=True)

    assert deadline.seconds(1) == 1
    assert deadline.seconds(9) == pytest.approx(SLACK_WAITS - MARGIN - 1)
    assert deadline.seconds(9, keep=0.5) == pytest.approx(SLACK_WAITS - MARGIN - 1.5)
    clock.seconds += 1
    assert deadline.seconds(9) == pytest.approx(SLACK_WAITS - MARGIN - 2)


def test_after_the_deadline_a_call_gets_a_little_time_all_the_same(clock: Clock) -> None:
    deadline = Deadline(clock)
    deadline.begin(age=0, opens_form=True)
    assert not deadline.is_over
    clock.seconds += SLACK_WAITS

    assert deadline.is_over
    assert deadline.seconds(1, keep=1) == LEAST


def test_a_request_whose_timestamp_lies_in_the_future_gets_no_more_time(clock: Clock) -> None:
    deadline = Deadline(clock)
    deadline.begin(age=-60, opens_form=True)

    assert deadline.seconds(99) == pytest.approx(SLACK_WAITS - MARGIN)


def test_each_request_has_its_own_deadline(clock: Clock) -> None:
    deadline = Deadline(clock)
    deadline.begin(age=0, opens_form=True)
    clock.seconds += 60
    deadline.begin(age=0, opens_form=True)

    assert deadline.seconds(99) == pytest.approx(SLACK_WAITS - MARGIN)


def test_without_a_deadline_a_call_may_take_what_it_may() -> None:
    assert NO_DEADLINE.seconds(10, keep=5) == 10
    assert not NO_DEADLINE.is_over
