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
from tests.doubles.trouble import nth, on
from tests.flows.conftest import Office

if TYPE_CHECKING:
    from bot.core.audit.checkpoints import Checkpoint
    from tests.doubles.trouble import Trouble

TODAY, TOMORROW = "2026-03-02", "2026-03-03"
CHAINS = [an_arn(number) for number in range(1, 6)]
FEW = 2
"""How many chains an entry holds here, where many would take too long."""


def grow(office: Office, *arns: Arn) -> None:
    """Let something be said of each of *arns*."""
    for arn in arns:
        record = office.ledger.get(arn)
        office.ledger.save(record.with_entry({"kind": "something"}))


def gatherings(office: Office) -> list[Entry]:
    return list(office.ledger.entries(CHECKPOINTS))


def days(office: Office) -> list[tuple[str, int, bool]]:
    """Of each gathering: its day, how many chains it saw, and whether more of that day follows."""
    said = [entry.content for entry in gatherings(office)]
    return [(each["day"], len(each["ends"]), each["more"]) for each in said]


def sightings(office: Office, arn: Arn) -> list[Checkpoint]:
    return [seen for name, seen in checkpoints_in(gatherings(office)) if name == arn]


def flaws(office: Office) -> list[str]:
    """What is wrong with the gatherings, or with what they say of any version."""
    ledger = office.ledger
    return [
        str(flaw)
        for name in ledger.chains()
        for flaw in verify(
            name, ledger.entries(name), ledger.chain_head(name), sightings(office, Arn(name))
        )
    ]


def the_next_day(office: Office) -> None:
    office.clock += timedelta(days=1)


def test_the_ends_of_all_chains_are_gathered(office: Office) -> None:
    grow(office, CHAINS[0], CHAINS[1], CHAINS[1])

    assert write_checkpoint(office.ports()) == 2
    assert days(office) == [(TODAY, 2, False)]
    for arn in CHAINS[:2]:
        assert [seen.head for seen in sightings(office, arn)] == [office.ledger.chain_head(arn)]


def test_a_day_is_gathered_once(office: Office) -> None:
    grow(office, CHAINS[0])
    write_checkpoint(office.ports())
    grow(office, CHAINS[0])

    assert write_checkpoint(office.ports()) == 0
    assert days(office) == [(TODAY, 1, False)]


def test_the_next_day_gathers_only_what_grew_since(office: Office) -> None:
    grow(office, *CHAINS)
    write_checkpoint(office.ports())
    grow(office, CHAINS[3])
    the_next_day(office)

    assert write_checkpoint(office.ports()) == 1
    assert days(office) == [(TODAY, len(CHAINS), False), (TOMORROW, 1, False)]
    assert [seen.head.count for seen in sightings(office, CHAINS[3])] == [1, 2]


def test_a_day_is_that_of_utc(office: Office) -> None:
    office.clock = NOON.replace(hour=23, minute=59, second=57)
    write_checkpoint(office.ports())
    write_checkpoint(office.ports())
    write_checkpoint(office.ports())

    assert days(office) == [(TODAY, 0, False), (TOMORROW, 0, False)]


def test_a_clock_of_another_place_makes_no_other_day(office: Office) -> None:
    office.clock = NOON.replace(hour=1, tzinfo=timezone(timedelta(hours=2)))
    write_checkpoint(office.ports())

    assert days(office) == [("2026-03-01", 0, False)]


def test_a_day_without_changes_is_gathered_as_well(office: Office) -> None:
    write_checkpoint(office.ports())
    the_next_day(office)
    write_checkpoint(office.ports())

    assert days(office) == [(TODAY, 0, False), (TOMORROW, 0, False)]


def test_a_version_of_which_nothing_was_said_is_not_gathered(office: Office) -> None:
    office.ledger.save(office.ledger.get(CHAINS[0]))
    write_checkpoint(office.ports())

    assert days(office) == [(TODAY, 0, False)]


@pytest.mark.parametrize(
    ("many", "sizes"), [(MOST, [MOST]), (MOST + 1, [MOST, 1]), (2 * MOST, [MOST, MOST])]
)
def test_many_ends_take_several_entries(office: Office, many: int, sizes: list[int]) -> None:
    grow(office, *map(an_arn, range(1, many + 1)))

    assert write_checkpoint(office.ports()) == many
    last = len(sizes)
    assert days(office) == [(TODAY, size, at < last) for at, size in enumerate(sizes, start=1)]


def test_an_entry_with_the_most_ends_is_small_enough_for_an_item(office: Office) -> None:
    """DynamoDB takes 400 kB; this is with names as long as SageMaker allows them."""
    group = "g" * 63
    grow(office, *(an_arn(999_999_000 + number, group) for number in range(MOST)))
    write_checkpoint(office.ports())

    (entry,) = gatherings(office)
    assert len(entry.body.encode()) < 200_000


def test_a_day_that_is_gathered_costs_two_small_reads(office: Office) -> None:
    grow(office, *CHAINS)
    write_checkpoint(office.ports())
    asked: list[str] = []
    write_checkpoint(office.ports(lambda name: asked.append(name) or ""))  # type: ignore[func-returns-value]

    assert [name for name in asked if name != "now"] == ["chain_head", "entries"]


def test_a_gathering_that_was_interrupted_goes_on_where_it_stopped(office: Office) -> None:
    grow(office, *CHAINS)
    with pytest.raises(Unavailable):
        write_checkpoint(office.ports(nth_call_of("append_checkpoint", 1, "before")), FEW)
    assert days(office) == [(TODAY, 2, True)]

    assert write_checkpoint(office.ports(), FEW) == 3
    assert days(office) == [(TODAY, 2, True), (TODAY, 2, True), (TODAY, 1, False)]
    assert [len(sightings(office, arn)) for arn in CHAINS] == [1] * len(CHAINS)


def test_a_gathering_whose_answer_was_lost_is_not_made_twice(office: Office) -> None:
    grow(office, CHAINS[0])
    with pytest.raises(Unavailable):
        write_checkpoint(office.ports(on("append_checkpoint", "after")))

    assert write_checkpoint(office.ports()) == 0
    assert days(office) == [(TODAY, 1, False)]


@pytest.mark.parametrize("call", range(7))
@pytest.mark.parametrize("most", [1, FEW, MOST])
def test_of_two_that_gather_at_once_one_stops(office: Office, call: int, most: int) -> None:
    """Whichever of its calls the first one makes when the second one begins and finishes."""
    grow(office, *CHAINS)
    calls = count()

    def meanwhile(_name: str) -> str:
        if next(calls) == call:
            write_checkpoint(office.ports(), most)
        return ""

    write_checkpoint(office.ports(meanwhile), FEW)

    assert [len(sightings(office, arn)) for arn in CHAINS] == [1] * len(CHAINS)
    *others, last = [more for _, _, more in days(office)]
    assert all(others)
    assert not last
    assert flaws(office) == []


def test_a_gathering_that_somebody_made_unreadable_stops_nothing(office: Office) -> None:
    grow(office, CHAINS[0])
    write_checkpoint(office.ports())
    office.ledger.audit[CHECKPOINTS][1] = replace(gatherings(office)[0], body="{")

    assert write_checkpoint(office.ports()) == 1
    assert write_checkpoint(office.ports()) == 0
    assert [entry.number for entry in gatherings(office)] == [1, 2]


def test_a_gathering_that_somebody_removed_is_not_replaced(office: Office) -> None:
    """Its number is not given again: what is missing has to stay missing, to be found."""
    write_checkpoint(office.ports())
    grow(office, CHAINS[0])
    the_next_day(office)
    write_checkpoint(office.ports())
    del office.ledger.audit[CHECKPOINTS][2]
    write_checkpoint(office.ports())

    assert [entry.number for entry in gatherings(office)] == [1, 3]
    assert flaws(office) != []


def nth_call_of(name: str, call: int, when: str) -> Trouble:
    """The call of *name* that comes after so many others of it fails."""
    trouble = nth(call, when)
    return lambda called: trouble(called) if called == name else ""


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
def test_whatever_happens_nothing_is_lost_or_gathered_twice(events: list[Any]) -> None:
    office = Office()
    for what, more in events:
        if what == "grow":
            grow(office, more)
        elif what == "day":
            the_next_day(office)
        else:
            gather_somehow(office, *more)

    the_next_day(office)
    write_checkpoint(office.ports(), FEW)
    for arn in office.ledger.records:
        counts = [seen.head.count for seen in sightings(office, arn)]
        assert counts == sorted(set(counts))
        assert sightings(office, arn)[-1].head == office.ledger.chain_head(arn)
    closed = [day for day, _, more in days(office) if not more]
    assert closed == sorted(set(closed))
    assert flaws(office) == []


def gather_somehow(office: Office, call: int, when: str) -> None:
    """Gather, and let something go wrong, or happen, at the call that comes after so many."""
    calls = count()

    def meanwhile(_name: str) -> str:
        if next(calls) != call:
            return ""
        if when == "rival":
            write_checkpoint(office.ports(), FEW)
        if when == "grow":
            grow(office, *CHAINS)
        return when if when in {"before", "after"} else ""

    try:
        write_checkpoint(office.ports(meanwhile), FEW)
    except Unavailable:
        return


def test_where_nothing_was_gathered_the_chain_begins(office: Office) -> None:
    write_checkpoint(office.ports())

    assert office.ledger.chain_head(CHECKPOINTS) == ChainHead(1, gatherings(office)[0].hash)
