from __future__ import annotations

from dataclasses import replace
from datetime import timedelta, timezone
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.audit.chain import CHECKPOINTS, ChainHead, Entry
from bot.core.audit.checkpoints import checkpoints_in
from bot.core.audit.verify import verify
from bot.core.errors import Unavailable
from bot.core.registry.version import Arn
from bot.flows.clock.checkpoint import MOST, write_checkpoint
from tests.doubles.builders import NOON, an_arn
from tests.doubles.failures import none, nth, on
from tests.flows.conftest import FakeBot

if TYPE_CHECKING:
    from bot.core.audit.checkpoints import Checkpoint
    from tests.doubles.failures import Failures

TODAY, TOMORROW = "2026-03-02", "2026-03-03"
CHAINS = [an_arn(number) for number in range(1, 6)]
FEW = 2
"""How many chains an entry holds here, where many would take too long."""


def checkpoint(bot: FakeBot, failures: Failures = none, most: int = MOST) -> int:
    """Write a checkpoint, as the first sweep of a day does."""
    ports = bot.ports(failures)
    return write_checkpoint(ports.ledger, ports.now(), most)


def grow(bot: FakeBot, *arns: Arn) -> None:
    """Add an entry to the chain of each of *arns*."""
    for arn in arns:
        record = bot.ledger.get(arn)
        bot.ledger.save(record.with_entry({"kind": "something"}))


def checkpoint_entries(bot: FakeBot) -> list[Entry]:
    return list(bot.ledger.entries(CHECKPOINTS))


def days(bot: FakeBot) -> list[tuple[str, int, bool]]:
    """Of each entry: its day, how many chains it holds, and whether more of that day follows."""
    contents = [entry.content for entry in checkpoint_entries(bot)]
    return [(content["day"], len(content["ends"]), content["more"]) for content in contents]


def checkpoints_of(bot: FakeBot, arn: Arn) -> list[Checkpoint]:
    return [
        checkpoint for name, checkpoint in checkpoints_in(checkpoint_entries(bot)) if name == arn
    ]


def flaws(bot: FakeBot) -> list[str]:
    """What is wrong with the checkpoints, or with any chain according to them."""
    ledger = bot.ledger
    return [
        str(flaw)
        for name in ledger.chains()
        for flaw in verify(
            name, ledger.entries(name), ledger.chain_head(name), checkpoints_of(bot, Arn(name))
        )
    ]


def the_next_day(bot: FakeBot) -> None:
    bot.clock += timedelta(days=1)


def test_a_checkpoint_holds_the_head_of_every_chain_that_grew(bot: FakeBot) -> None:
    grow(bot, CHAINS[0], CHAINS[1], CHAINS[1])

    assert checkpoint(bot) == 2
    assert days(bot) == [(TODAY, 2, False)]
    for arn in CHAINS[:2]:
        assert [checkpoint.head for checkpoint in checkpoints_of(bot, arn)] == [
            bot.ledger.chain_head(arn)
        ]


def test_a_day_has_one_checkpoint(bot: FakeBot) -> None:
    grow(bot, CHAINS[0])
    checkpoint(bot)
    grow(bot, CHAINS[0])

    assert checkpoint(bot) == 0
    assert days(bot) == [(TODAY, 1, False)]


def test_the_next_checkpoint_holds_only_the_chains_that_grew_since(bot: FakeBot) -> None:
    grow(bot, *CHAINS)
    checkpoint(bot)
    grow(bot, CHAINS[3])
    the_next_day(bot)

    assert checkpoint(bot) == 1
    assert days(bot) == [(TODAY, len(CHAINS), False), (TOMORROW, 1, False)]
    assert [checkpoint.head.count for checkpoint in checkpoints_of(bot, CHAINS[3])] == [1, 2]


def test_a_checkpoint_has_the_day_in_utc(bot: FakeBot) -> None:
    bot.clock = NOON.replace(hour=23, minute=59, second=57)
    checkpoint(bot)
    checkpoint(bot)
    checkpoint(bot)

    assert days(bot) == [(TODAY, 0, False), (TOMORROW, 0, False)]


def test_a_clock_in_another_time_zone_does_not_change_the_day(bot: FakeBot) -> None:
    bot.clock = NOON.replace(hour=1, tzinfo=timezone(timedelta(hours=2)))
    checkpoint(bot)

    assert days(bot) == [("2026-03-01", 0, False)]


def test_a_day_without_changes_has_a_checkpoint_as_well(bot: FakeBot) -> None:
    checkpoint(bot)
    the_next_day(bot)
    checkpoint(bot)

    assert days(bot) == [(TODAY, 0, False), (TOMORROW, 0, False)]


def test_a_checkpoint_leaves_out_a_version_without_entries(bot: FakeBot) -> None:
    bot.ledger.save(bot.ledger.get(CHAINS[0]))
    checkpoint(bot)

    assert days(bot) == [(TODAY, 0, False)]


@pytest.mark.parametrize(
    ("many", "sizes"), [(MOST, [MOST]), (MOST + 1, [MOST, 1]), (2 * MOST, [MOST, MOST])]
)
def test_many_chain_heads_take_several_entries(bot: FakeBot, many: int, sizes: list[int]) -> None:
    grow(bot, *map(an_arn, range(1, many + 1)))

    assert checkpoint(bot) == many
    last = len(sizes)
    assert days(bot) == [(TODAY, size, number < last) for number, size in enumerate(sizes, start=1)]


def test_an_entry_with_the_most_chain_heads_is_small_enough_for_an_item(bot: FakeBot) -> None:
    """DynamoDB takes 400 kB; this is with names as long as SageMaker allows them."""
    group = "g" * 63
    grow(bot, *(an_arn(999_999_000 + number, group) for number in range(MOST)))
    checkpoint(bot)

    (entry,) = checkpoint_entries(bot)
    assert len(entry.body.encode()) < 200_000


def test_a_second_checkpoint_on_the_same_day_costs_two_small_reads(bot: FakeBot) -> None:
    grow(bot, *CHAINS)
    checkpoint(bot)
    calls: list[str] = []
    checkpoint(bot, lambda name: calls.append(name) or "")  # type: ignore[func-returns-value]

    assert [name for name in calls if name != "now"] == ["chain_head", "entries"]


def test_an_interrupted_checkpoint_continues_where_it_stopped(bot: FakeBot) -> None:
    grow(bot, *CHAINS)
    with pytest.raises(Unavailable):
        checkpoint(bot, nth_call_of("append_checkpoint", 1, "before"), FEW)
    assert days(bot) == [(TODAY, 2, True)]

    assert checkpoint(bot, most=FEW) == 3
    assert days(bot) == [(TODAY, 2, True), (TODAY, 2, True), (TODAY, 1, False)]
    assert [len(checkpoints_of(bot, arn)) for arn in CHAINS] == [1] * len(CHAINS)


def test_a_checkpoint_whose_answer_was_lost_is_not_written_twice(bot: FakeBot) -> None:
    grow(bot, CHAINS[0])
    with pytest.raises(Unavailable):
        checkpoint(bot, on("append_checkpoint", "after"))

    assert checkpoint(bot) == 0
    assert days(bot) == [(TODAY, 1, False)]


@pytest.mark.parametrize("call", range(7))
@pytest.mark.parametrize("most", [1, FEW, MOST])
def test_one_of_two_checkpoints_at_once_stops(bot: FakeBot, call: int, most: int) -> None:
    """Whichever of its calls the first one makes when the second one begins and finishes."""
    grow(bot, *CHAINS)
    calls = count()

    def meanwhile(_name: str) -> str:
        if next(calls) == call:
            checkpoint(bot, most=most)
        return ""

    checkpoint(bot, meanwhile, FEW)

    assert [len(checkpoints_of(bot, arn)) for arn in CHAINS] == [1] * len(CHAINS)
    *others, last = [more for _, _, more in days(bot)]
    assert all(others)
    assert not last
    assert flaws(bot) == []


def test_an_unreadable_checkpoint_does_not_stop_the_next_one(bot: FakeBot) -> None:
    grow(bot, CHAINS[0])
    checkpoint(bot)
    bot.ledger.audit[CHECKPOINTS][1] = replace(checkpoint_entries(bot)[0], body="{")

    assert checkpoint(bot) == 1
    assert checkpoint(bot) == 0
    assert [entry.number for entry in checkpoint_entries(bot)] == [1, 2]


def test_a_removed_checkpoint_is_not_replaced(bot: FakeBot) -> None:
    """Its number is not used again: what is missing has to stay missing, to be found."""
    checkpoint(bot)
    grow(bot, CHAINS[0])
    the_next_day(bot)
    checkpoint(bot)
    del bot.ledger.audit[CHECKPOINTS][2]
    checkpoint(bot)

    assert [entry.number for entry in checkpoint_entries(bot)] == [1, 3]
    assert flaws(bot) != []


def nth_call_of(name: str, call: int, when: str) -> Failures:
    """The call of *name* that comes after so many others of it fails."""
    failures = nth(call, when)
    return lambda called: failures(called) if called == name else ""


events = st.lists(
    st.one_of(
        st.tuples(st.just("grow"), st.sampled_from(CHAINS)),
        st.tuples(st.just("day"), st.none()),
        st.tuples(
            st.just("append_checkpoint"),
            st.tuples(st.integers(0, 8), st.sampled_from(["", "before", "after", "rival", "grow"])),
        ),
    ),
    max_size=25,
)


@given(events)
def test_whatever_happens_no_chain_head_is_lost_or_recorded_twice(events: list[Any]) -> None:
    bot = FakeBot()
    for what, more in events:
        if what == "grow":
            grow(bot, more)
        elif what == "day":
            the_next_day(bot)
        else:
            checkpoint_with_trouble(bot, *more)

    the_next_day(bot)
    checkpoint(bot, most=FEW)
    for arn in bot.ledger.records:
        counts = [checkpoint.head.count for checkpoint in checkpoints_of(bot, arn)]
        assert counts == sorted(set(counts))
        assert checkpoints_of(bot, arn)[-1].head == bot.ledger.chain_head(arn)
    closed = [day for day, _, more in days(bot) if not more]
    assert closed == sorted(set(closed))
    assert flaws(bot) == []


def checkpoint_with_trouble(bot: FakeBot, call: int, when: str) -> None:
    """Write a checkpoint; at the call with this number, something fails or happens."""
    calls = count()

    def meanwhile(_name: str) -> str:
        if next(calls) != call:
            return ""
        if when == "rival":
            checkpoint(bot, most=FEW)
        if when == "grow":
            grow(bot, *CHAINS)
        return when if when in {"before", "after"} else ""

    try:
        checkpoint(bot, meanwhile, FEW)
    except Unavailable:
        return


def test_the_first_checkpoint_begins_the_chain(bot: FakeBot) -> None:
    checkpoint(bot)

    assert bot.ledger.chain_head(CHECKPOINTS) == ChainHead(1, checkpoint_entries(bot)[0].hash)
