"""The bot's own rate limits: what nobody waits for is told when Slack takes it."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.core.errors import LeftToSweep, Stale, Throttled, Unavailable, WaitsForSlot
from bot.core.jobs.messages import ReconcileVersion, message_group
from bot.core.registry.version import Status
from bot.core.votes.rate_limit import EDITS, RateLimit, Slot
from bot.flows.clock.sweep import sweep
from bot.flows.fetch.snapshot import fetch_snapshot
from bot.flows.left_to_sweep import ATTEMPTS_BEFORE_SWEEP, ATTEMPTS_BEHIND_NOBODY
from bot.flows.tell.still_trying import LAST_ATTEMPT
from bot.flows.tell.told import Told
from bot.flows.tell.untold import hand_over_untold
from bot.flows.work import work
from tests.doubles.builders import ANA, CARDS, NOON, RELEASES, a_submit, a_version, an_offer
from tests.doubles.failures import on
from tests.flows.test_votes import a_card, ruled, vote

if TYPE_CHECKING:
    from bot.core.registry.version import DescribedVersion
    from tests.flows.conftest import FakeBot

MINUTE = timedelta(minutes=1)


def fill(bot: FakeBot, *limits: str, length: timedelta = MINUTE) -> None:
    """Let the slots of *limits* be reserved for so long."""
    for name in limits:
        revision = bot.ledger.rate_limit(name).revision
        full = RateLimit(
            name=name, next_slot_at=bot.clock + length, revision=revision, read_at=bot.clock
        )
        bot.ledger.save_rate_limit(full)


def waits(bot: FakeBot, version: DescribedVersion) -> ReconcileVersion:
    """Let the job of *version* begin, which needs a slot; return the job that waits for that."""
    work(ReconcileVersion(version.arn), bot.ports())
    (job,) = bot.queue.waiting()
    assert isinstance(job, ReconcileVersion)
    bot.queue.message_groups.clear()
    return job


def slot_of(job: ReconcileVersion) -> Slot:
    assert job.slot
    return job.slot


def test_a_card_waits_for_a_slot_and_is_posted_then_without_a_search(bot: FakeBot) -> None:
    version = bot.registry.add(a_version())
    fill(bot, CARDS)
    job = waits(bot, version)

    assert bot.chat.posted == []
    assert bot.ledger.get(version.arn).request.slot == job.slot
    bot.clock = slot_of(job).time
    bot.do(job)
    assert len(bot.chat.cards()) == 1
    assert bot.chat.searches == 0
    assert bot.ledger.get(version.arn).request.slot is None


def test_a_job_whose_slot_is_later_calls_nobody_and_comes_again_at_that_time(bot: FakeBot) -> None:
    version = bot.registry.add(a_version())
    fill(bot, CARDS)
    job, called = waits(bot, version), []
    with pytest.raises(WaitsForSlot) as caught:
        work(job, bot.ports(lambda name: called.append(name) or ""))

    assert called == []
    assert 30 < caught.value.retry_after <= 60


def test_a_job_that_comes_before_its_slot_by_the_stores_clock_comes_again(bot: FakeBot) -> None:
    version = bot.registry.add(a_version())
    fill(bot, CARDS)
    job, bot.skew = waits(bot, version), 2 * MINUTE
    with pytest.raises(WaitsForSlot):
        work(job, bot.ports())

    bot.clock = slot_of(job).time
    bot.do(job)
    assert len(bot.chat.cards()) == 1


def test_the_slot_that_a_job_has_reserved_stays_its_own(bot: FakeBot) -> None:
    """And no other job of the version reserves another."""
    version = bot.registry.add(a_version())
    fill(bot, CARDS)
    job = waits(bot, version)
    fill(bot, CARDS, length=60 * MINUTE)  # others come after it
    work(ReconcileVersion(version.arn), bot.ports())

    assert bot.queue.waiting() == []
    assert bot.ledger.get(version.arn).request.slot == job.slot
    bot.clock = slot_of(job).time
    bot.do(job)
    assert len(bot.chat.cards()) == 1


def test_two_slots_of_one_moment_have_a_job_each(bot: FakeBot) -> None:
    for limit in (CARDS, EDITS):
        told = Told(
            fetch_snapshot(ReconcileVersion(a_version_in(bot).arn), bot.ports()),
            WaitsForSlot(Slot(limit, NOON), MINUTE),
        )
        hand_over_untold(ReconcileVersion(a_version().arn), told, None, bot.ports())

    assert len(bot.queue.waiting()) == 2


def a_version_in(bot: FakeBot) -> DescribedVersion:
    return bot.registry.add(a_version())


@pytest.mark.parametrize("kind", ["slot", "of_click"])
def test_a_job_that_only_tells_is_left_to_the_sweep_if_the_registry_is_away(
    bot: FakeBot, kind: str
) -> None:
    version = bot.registry.add(a_version())
    more = {"slot": Slot(CARDS, bot.clock)} if kind == "slot" else {"of_click": True}
    bot.attempt = LAST_ATTEMPT - 1
    with pytest.raises(LeftToSweep):
        work(ReconcileVersion(version.arn, **more), bot.ports(on("describe", "before")))  # type: ignore[arg-type]


def test_the_attempt_at_which_a_job_began_to_wait_for_its_slot_does_not_count(
    bot: FakeBot,
) -> None:
    version = bot.registry.add(a_version())
    fill(bot, CARDS)
    job = waits(bot, version)
    bot.clock = slot_of(job).time
    bot.attempt = ATTEMPTS_BEFORE_SWEEP
    with pytest.raises(Unavailable):
        work(job, bot.ports(on("post", "before")))

    bot.clock += MINUTE
    bot.attempt += 1
    with pytest.raises(LeftToSweep):
        work(job, bot.ports(on("post", "before")))


def test_a_card_that_may_be_posted_is_looked_for_though_no_slot_is_free(bot: FakeBot) -> None:
    version = bot.registry.add(a_version())
    with pytest.raises(Unavailable):
        work(ReconcileVersion(version.arn), bot.ports(on("post", "after")))
    bot.clock += MINUTE
    revision = bot.ledger.rate_limit(CARDS).revision
    fill(bot, CARDS)
    with suppress(WaitsForSlot):  # for the edit that follows
        work(ReconcileVersion(version.arn), bot.ports())

    assert len(bot.chat.cards()) == bot.chat.searches == 1
    assert bot.ledger.rate_limit(CARDS).revision == revision + 1


def test_a_job_for_a_slot_that_could_not_be_sent_is_sent_by_the_next_attempt(bot: FakeBot) -> None:
    version = bot.registry.add(a_version())
    fill(bot, CARDS)
    with pytest.raises(Unavailable):
        work(ReconcileVersion(version.arn), bot.ports(on("send", "before")))
    slot = bot.ledger.get(version.arn).request.slot
    bot.attempt = 2
    job = waits(bot, version)

    assert slot == job.slot


def test_a_change_is_recorded_while_the_version_waits_for_a_slot(bot: FakeBot) -> None:
    """Else a decision could be made on votes that do not count any more."""
    ruled(bot)
    version = a_card(bot)
    vote(bot, version, Status.APPROVED, ANA)
    bot.change(version, description="changed")
    fill(bot, EDITS)
    job = waits(bot, version)
    for status in (Status.REJECTED, Status.PENDING):
        bot.clock += MINUTE / 6
        bot.registry.move_outside(version.arn, status, at=bot.clock)
        work(ReconcileVersion(version.arn), bot.ports())

    assert message_group(job) != message_group(ReconcileVersion(version.arn))
    assert bot.ledger.get(version.arn).request.votes == ()


def test_while_a_job_waits_for_its_slot_it_holds_no_lease(bot: FakeBot) -> None:
    version = bot.registry.add(a_version())
    fill(bot, CARDS)
    waits(bot, version)
    bot.do(a_submit(an_offer(version, Status.APPROVED)))

    assert bot.status(version.arn) is Status.APPROVED
    assert len(bot.chat.cards()) == 1
    assert bot.ledger.get(version.arn).request.slot is None


def test_a_decision_is_told_at_once_though_all_slots_are_reserved(bot: FakeBot) -> None:
    version = bot.registry.add(a_version())
    bot.do(ReconcileVersion(version.arn))
    fill(bot, CARDS, RELEASES, EDITS)
    work(a_submit(an_offer(version, Status.APPROVED)), bot.ports())

    assert len(bot.chat.texts_in_channel(RELEASES)) == 1
    assert bot.ledger.get(version.arn).request.outbox == ()


def test_a_job_that_tells_what_a_decision_left_to_tell_needs_no_slot(bot: FakeBot) -> None:
    version = bot.registry.add(a_version())
    bot.do(ReconcileVersion(version.arn))
    fill(bot, CARDS, RELEASES, EDITS)
    work(a_submit(an_offer(version, Status.APPROVED)), bot.ports(on("update", "throttled")))
    bot.finish()

    assert len(bot.chat.texts_in_channel(RELEASES)) == 1


def test_what_a_click_left_to_tell_is_tried_twelve_times_before_the_sweep(bot: FakeBot) -> None:
    version = bot.registry.add(a_version())
    job = ReconcileVersion(version.arn, of_click=True)
    bot.attempt = ATTEMPTS_BEHIND_NOBODY - 1
    with pytest.raises(Unavailable):
        work(job, bot.ports(on("post", "before")))
    bot.clock += MINUTE
    bot.attempt += 1
    with pytest.raises(LeftToSweep):
        work(job, bot.ports(on("post", "before")))


@pytest.mark.parametrize("limit", [CARDS, RELEASES, EDITS])
def test_a_change_outside_waits_for_slots_and_is_told_once(bot: FakeBot, limit: str) -> None:
    version = bot.registry.add(a_version())
    bot.do(ReconcileVersion(version.arn))
    bot.registry.move_outside(version.arn, Status.APPROVED)
    fill(bot, limit)
    job = waits(bot, version)
    bot.clock = slot_of(job).time
    bot.do(job)

    assert slot_of(job).limit == limit
    assert len(bot.chat.thread(bot.chat.cards()[0].place)) == 1
    assert len(bot.chat.texts_in_channel(RELEASES)) == 1
    assert bot.chat.searches == 0


def test_a_sweep_sends_no_second_job_for_what_waits_for_a_slot_until_it_is_late(
    bot: FakeBot,
) -> None:
    version = bot.registry.add(a_version())
    fill(bot, CARDS, length=30 * MINUTE)
    slot = slot_of(waits(bot, version))
    found = Counter()
    for time in (bot.clock, slot.time + 9 * MINUTE, slot.time + 11 * MINUTE):
        bot.clock = time
        sweep(bot.ports())
        found[time] = len(bot.queue.message_groups)
        bot.queue.message_groups.clear()

    assert [*found.values()] == [0, 0, 1]


@pytest.mark.parametrize("call", ["rate_limit", "save_rate_limit"])
def test_if_no_slot_can_be_reserved_the_card_is_not_marked_as_being_posted(
    bot: FakeBot, call: str
) -> None:
    version = bot.registry.add(a_version())
    with pytest.raises(Throttled):
        work(ReconcileVersion(version.arn), bot.ports(on(call, "before")))

    assert bot.ledger.get(version.arn).request.cards == ()
    bot.do(ReconcileVersion(version.arn))
    assert (len(bot.chat.cards()), bot.chat.searches) == (1, 0)


def test_a_slot_that_another_worker_was_faster_to_reserve_is_not_used_twice(bot: FakeBot) -> None:
    version = bot.registry.add(a_version())
    save = bot.ledger.save_rate_limit
    refusals = [True]

    def stale_once(limit: RateLimit) -> None:
        if refusals and refusals.pop():
            fill(bot, CARDS)
            raise Stale(limit.name)
        save(limit)

    bot.ledger.save_rate_limit = stale_once  # type: ignore[method-assign]

    assert slot_of(waits(bot, version)).time > bot.clock + MINUTE / 2
