from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.core.audit.chain import CHECKPOINTS, ChainHead, Entry, append
from bot.core.audit.checkpoints import Checkpoint, checkpoint_entry, checkpoints_in, is_last_of_day
from bot.core.audit.verify import Flaw, verify

if TYPE_CHECKING:
    from collections.abc import Callable

FRAUD, PRICES, ROUTER = "arn:fraud/1", "arn:prices/1", "arn:prices/10"
DAY = "2026-03-02"


@dataclass
class Trail:
    """All chains as they are stored, which a test then changes by hand."""

    chains: dict[str, list[Entry]] = field(default_factory=dict)
    ends: dict[str, ChainHead | None] = field(default_factory=dict)
    days: int = 0

    def end(self, chain: str) -> ChainHead:
        return self.ends.get(chain) or ChainHead()

    def say(self, chain: str, said: dict[str, Any]) -> None:
        self._store(append(chain, self.end(chain), said))

    def gather(self) -> None:
        """A day on which all chains are gathered, in two entries."""
        self.days += 1
        ends = {name: self.end(name) for name in self.chains if name != CHECKPOINTS}
        for each, more in (
            (dict(list(ends.items())[:1]), True),
            (dict(list(ends.items())[1:]), False),
        ):
            self._store(
                checkpoint_entry(self.end(CHECKPOINTS), f"day {self.days}", each, more=more)
            )

    def _store(self, appended: tuple[Entry, ChainHead]) -> None:
        entry, self.ends[entry.chain] = appended
        self.chains.setdefault(entry.chain, []).append(entry)

    def flaws(self) -> list[Flaw]:
        seen = list(checkpoints_in(self.chains.get(CHECKPOINTS, [])))
        return [
            flaw
            for chain in {*self.chains, *self.ends, *(name for name, _ in seen)}
            for flaw in verify(
                chain,
                self.chains.get(chain, []),
                self.ends.get(chain),
                [sighting for name, sighting in seen if name == chain],
            )
        ]

    def numbers(self, chain: str) -> set[int]:
        """The numbers of the entries of *chain* that something is wrong with."""
        return {flaw.number for flaw in self.flaws() if flaw.chain == chain}

    def blamed(self) -> set[str]:
        return {flaw.chain for flaw in self.flaws()}


said = st.dictionaries(st.text(max_size=8), st.text(max_size=12) | st.integers(), max_size=3)
steps = st.lists(
    st.tuples(st.sampled_from([FRAUD, PRICES, ROUTER]), said) | st.none(), min_size=1, max_size=12
)


@st.composite
def trails(draw: st.DrawFn) -> Trail:
    """A trail of which all was gathered, as it is a day after the last change."""
    trail = Trail()
    trail.say(FRAUD, draw(said))
    for step in draw(steps):
        if step is None:
            trail.gather()
        else:
            trail.say(*step)
    trail.gather()
    return trail


@st.composite
def places(draw: st.DrawFn) -> tuple[Trail, str, int]:
    """A trail, the name of one of its chains, and the number of one of its entries."""
    trail = draw(trails())
    chain = draw(st.sampled_from(sorted(trail.chains)))
    return trail, chain, draw(st.integers(1, len(trail.chains[chain])))


def changed(place: tuple[Trail, str, int], **changes: Any) -> Trail:
    """The trail with one field of one entry changed, read by number as the store does."""
    trail, chain, number = place
    entries = trail.chains[chain]
    entries[number - 1] = replace(entries[number - 1], **changes)
    entries.sort(key=lambda entry: entry.number)
    return trail


def entry_at(place: tuple[Trail, str, int]) -> Entry:
    trail, chain, number = place
    return trail.chains[chain][number - 1]


def forged(entry: Entry, before: str, **said: Any) -> Entry:
    """*entry*, saying something else, with the hash that goes with it."""
    made, _ = append(entry.chain, ChainHead(entry.number - 1, before), entry.content | said)
    return made


# --- what was not touched ---------------------------------------------------------------------


@given(trails())
def test_a_trail_that_nobody_touched_has_no_flaw(trail: Trail) -> None:
    assert trail.flaws() == []


@given(st.lists(said, max_size=5))
def test_a_chain_without_gatherings_has_no_flaw_either(all_said: list[dict[str, Any]]) -> None:
    trail = Trail(ends={FRAUD: ChainHead()})
    for each in all_said:
        trail.say(FRAUD, each)

    assert trail.flaws() == []


@given(said)
def test_an_entry_says_what_it_was_given_and_where_it_belongs(said: dict[str, Any]) -> None:
    trail = Trail()
    trail.say(FRAUD, {"said": "first"})
    trail.say(FRAUD, said)
    first, second = trail.chains[FRAUD]

    assert second.content == said | {"chain": FRAUD, "number": 2, "before": first.hash}
    assert trail.end(FRAUD) == ChainHead(2, second.hash)


@given(st.lists(st.datetimes(), min_size=2, max_size=6))
def test_no_clock_reorders_a_chain(times: list[Any]) -> None:
    """Times that are equal, or run backwards, are what entries say, and no more than that."""
    trail = Trail()
    for number, at in enumerate([*times, times[0]], start=1):
        trail.say(FRAUD, {"at": at.isoformat(), "n": number})

    assert [entry.content["n"] for entry in trail.chains[FRAUD]] == list(range(1, len(times) + 2))
    assert trail.flaws() == []


# --- one field of one entry -------------------------------------------------------------------


@given(places(), st.text())
def test_a_body_that_was_written_over_is_found(place: tuple[Trail, str, int], body: str) -> None:
    assume(body != entry_at(place).body)
    trail = changed(place, body=body)

    assert trail.blamed() == {place[1]}
    assert trail.numbers(place[1]) == {place[2]}


@given(places(), st.data())
def test_any_changed_letter_of_a_body_is_found(
    place: tuple[Trail, str, int], data: st.DataObject
) -> None:
    body = entry_at(place).body
    at = data.draw(st.integers(0, len(body) - 1))
    letter = data.draw(st.characters().filter(lambda drawn: drawn != body[at]))
    trail = changed(place, body=body[:at] + letter + body[at + 1 :])

    assert trail.blamed() == {place[1]}
    assert trail.numbers(place[1]) == {place[2]}


def test_half_a_letter_in_a_body_is_found() -> None:
    """It is nothing that a file could hold, and some would write a question mark for it."""
    trail = Trail()
    trail.say(FRAUD, {"said": "why?"})
    (entry,) = trail.chains[FRAUD]
    changed((trail, FRAUD, 1), body=entry.body.replace("?", "\ud800"))

    assert trail.numbers(FRAUD) == {1}


@given(places())
def test_the_same_said_in_other_bytes_is_found(place: tuple[Trail, str, int]) -> None:
    trail = changed(place, body=json.dumps(entry_at(place).content, indent=1))

    assert trail.numbers(place[1]) == {place[2]}


@given(places(), st.text(max_size=64))
def test_a_changed_hash_is_found(place: tuple[Trail, str, int], other: str) -> None:
    assume(other != entry_at(place).hash)
    trail = changed(place, hash=other)

    assert trail.blamed() == {place[1]}
    assert trail.numbers(place[1]) == {place[2]}


@given(places(), st.integers(0, 20))
def test_an_entry_under_another_number_is_found(place: tuple[Trail, str, int], other: int) -> None:
    assume(other != place[2])
    trail = changed(place, number=other)

    assert trail.blamed() == {place[1]}
    assert trail.numbers(place[1]) >= {place[2], other}


@given(places(), st.sampled_from([FRAUD, PRICES, ROUTER, CHECKPOINTS, "arn:another"]))
def test_an_entry_in_another_chain_is_found_in_both(
    place: tuple[Trail, str, int], other: str
) -> None:
    trail, chain, number = place
    assume(other != chain)
    moved = replace(trail.chains[chain].pop(number - 1), chain=other)
    trail.chains.setdefault(other, []).append(moved)
    trail.chains[other].sort(key=lambda entry: entry.number)

    assert number in trail.numbers(chain)
    assert number in trail.numbers(other)


@given(places())
def test_an_entry_rewritten_with_its_hash_is_found(place: tuple[Trail, str, int]) -> None:
    trail, chain, number = place
    entry = entry_at(place)
    again = forged(entry, entry.content["before"], forged="yes")
    trail = changed(place, body=again.body, hash=again.hash)

    assert chain in trail.blamed()
    assert trail.numbers(chain)
    assert trail.numbers(chain) <= {number, number + 1}


# --- entries that come and go -----------------------------------------------------------------


@given(places())
def test_an_entry_that_was_removed_is_found(place: tuple[Trail, str, int]) -> None:
    trail, chain, number = place
    del trail.chains[chain][number - 1]

    assert trail.blamed() == {chain}
    assert trail.numbers(chain) == {number}


@given(places())
def test_an_entry_that_is_there_twice_is_found(place: tuple[Trail, str, int]) -> None:
    trail, chain, number = place
    trail.chains[chain].insert(number, entry_at(place))

    assert trail.blamed() == {chain}
    assert trail.numbers(chain) == {number}


@given(places())
def test_a_copy_of_an_entry_at_the_end_is_found(place: tuple[Trail, str, int]) -> None:
    trail, chain, _ = place
    last = len(trail.chains[chain]) + 1
    trail.chains[chain].append(replace(entry_at(place), number=last))

    assert trail.blamed() == {chain}
    assert trail.numbers(chain) == {last}


@given(places(), said)
def test_an_entry_that_was_put_in_is_found(
    place: tuple[Trail, str, int], said: dict[str, Any]
) -> None:
    """It is made as ours are, and those after it move up."""
    trail, chain, number = place
    entries = trail.chains[chain]
    before = entry_at(place).content["before"]
    added, _ = append(chain, ChainHead(number - 1, before), said | {"added": "yes"})
    moved = [replace(entry, number=entry.number + 1) for entry in entries[number - 1 :]]
    trail.chains[chain] = [*entries[: number - 1], added, *moved]

    assert chain in trail.blamed()
    assert trail.numbers(chain) >= {entry.number for entry in moved}


@given(places(), said)
def test_an_entry_that_was_added_at_the_end_is_found(
    place: tuple[Trail, str, int], said: dict[str, Any]
) -> None:
    trail, chain, _ = place
    added, end = append(chain, trail.end(chain), said)
    trail.chains[chain].append(added)

    assert trail.blamed() == {chain}
    assert trail.numbers(chain) == {end.count}


@given(places(), st.data())
def test_two_entries_that_were_exchanged_are_found(
    place: tuple[Trail, str, int], data: st.DataObject
) -> None:
    trail, chain, first = place
    entries = trail.chains[chain]
    assume(len(entries) > 1)
    second = data.draw(st.integers(1, len(entries)).filter(lambda drawn: drawn != first))
    one, other = entries[first - 1], entries[second - 1]
    entries[first - 1] = replace(other, number=first)
    entries[second - 1] = replace(one, number=second)

    assert chain in trail.blamed()
    assert trail.numbers(chain) >= {first, second}


@given(places())
def test_a_tail_that_was_cut_off_is_found(place: tuple[Trail, str, int]) -> None:
    trail, chain, number = place
    del trail.chains[chain][number - 1 :]

    assert trail.blamed() == {chain}
    assert number in trail.numbers(chain)


@given(places())
def test_a_tail_that_was_cut_off_together_with_the_end_is_found(
    place: tuple[Trail, str, int],
) -> None:
    trail, chain, number = place
    assume(chain != CHECKPOINTS)  # of those, only a hash that was noted vouches for the end
    del trail.chains[chain][number - 1 :]
    entries = trail.chains[chain]
    trail.ends[chain] = ChainHead(len(entries), entries[-1].hash) if entries else ChainHead()

    assert trail.blamed() == {chain}
    assert min(trail.numbers(chain)) >= number


# --- whole chains and their ends --------------------------------------------------------------


@given(places(), st.integers(0, 20))
def test_an_end_that_names_another_number_is_found(
    place: tuple[Trail, str, int], count: int
) -> None:
    trail, chain, _ = place
    end = trail.end(chain)
    assume(count != end.count)
    trail.ends[chain] = replace(end, count=count)

    assert trail.blamed() == {chain}
    assert trail.numbers(chain) == {min(count, end.count) + 1}


@given(places(), st.text(max_size=64))
def test_an_end_that_names_another_hash_is_found(place: tuple[Trail, str, int], head: str) -> None:
    trail, chain, _ = place
    end = trail.end(chain)
    assume(head != end.head)
    trail.ends[chain] = replace(end, head=head)

    assert trail.blamed() == {chain}
    assert trail.numbers(chain) == {end.count}


def test_an_end_of_nothing_that_names_a_hash_is_found() -> None:
    assert Trail(ends={FRAUD: ChainHead(0, "a hash")}).blamed() == {FRAUD}


@given(places())
def test_an_end_that_is_gone_is_found(place: tuple[Trail, str, int]) -> None:
    trail, chain, _ = place
    del trail.ends[chain]

    assert trail.blamed() == {chain}


@given(places())
def test_a_chain_that_was_emptied_is_found(place: tuple[Trail, str, int]) -> None:
    trail, chain, _ = place
    trail.chains[chain] = []

    assert trail.blamed() == {chain}
    assert 1 in trail.numbers(chain)


@given(places())
def test_a_chain_of_which_nothing_is_left_is_found(place: tuple[Trail, str, int]) -> None:
    trail, chain, _ = place
    assume(chain != CHECKPOINTS)  # of those, only a hash that was noted vouches for the whole
    del trail.chains[chain], trail.ends[chain]

    assert trail.blamed() == {chain}


@given(places())
def test_a_chain_that_was_rewritten_to_its_end_is_found_by_the_gatherings(
    place: tuple[Trail, str, int],
) -> None:
    trail, chain, number = place
    assume(chain != CHECKPOINTS)
    entries = trail.chains[chain]
    for at in range(number - 1, len(entries)):
        before = entries[at - 1].hash if at else ""
        entries[at] = forged(entries[at], before, forged="yes")
    trail.ends[chain] = ChainHead(len(entries), entries[-1].hash)

    assert list(verify(chain, entries, trail.ends[chain])) == []
    assert trail.blamed() == {chain}
    assert min(trail.numbers(chain)) >= number


@given(trails())
def test_gatherings_that_were_rewritten_as_well_keep_no_hash_that_was_noted(trail: Trail) -> None:
    """Nothing in the store can tell; that is why an auditor notes a hash."""
    noted = {entry.hash for entry in trail.chains[CHECKPOINTS]}
    rewritten = Trail()
    for chain in (name for name in trail.chains if name != CHECKPOINTS):
        for entry in trail.chains[chain]:
            rewritten.say(chain, entry.content | {"forged": "yes"})
    for _ in range(trail.days):
        rewritten.gather()

    assert rewritten.flaws() == []
    assert not noted & {entry.hash for entry in rewritten.chains[CHECKPOINTS][1:]}


# --- what it is called ------------------------------------------------------------------------


def three() -> Trail:
    trail = Trail()
    for text in ("one", "two", "three"):
        trail.say(FRAUD, {"said": text})
    return trail


def cut_two(trail: Trail) -> None:
    del trail.chains[FRAUD][1:]


def remove_first(trail: Trail) -> None:
    del trail.chains[FRAUD][0]


def double(trail: Trail) -> None:
    trail.chains[FRAUD].insert(1, trail.chains[FRAUD][0])


def scribble(trail: Trail) -> None:
    trail.chains[FRAUD][1] = replace(trail.chains[FRAUD][1], body="not JSON")


def nest(trail: Trail) -> None:
    trail.chains[FRAUD][1] = replace(trail.chains[FRAUD][1], body="[" * 100_000)


def list_(trail: Trail) -> None:
    trail.chains[FRAUD][1] = replace(trail.chains[FRAUD][1], body="[]")


def retell(trail: Trail) -> None:
    entry = trail.chains[FRAUD][1]
    trail.chains[FRAUD][1] = replace(entry, body=entry.body.replace("two", "2"))


def retell_the_last(trail: Trail) -> None:
    second, third = trail.chains[FRAUD][1:]
    trail.chains[FRAUD][2] = forged(third, second.hash, said="3")


def retell_the_second(trail: Trail) -> None:
    first, second, _ = trail.chains[FRAUD]
    trail.chains[FRAUD][1] = forged(second, first.hash, said="2")


def exchange(trail: Trail) -> None:
    first, second, third = trail.chains[FRAUD]
    trail.chains[FRAUD] = [first, replace(third, number=2), replace(second, number=3)]


def forget_the_end(trail: Trail) -> None:
    trail.ends[FRAUD] = None


def end_sooner(trail: Trail) -> None:
    trail.ends[FRAUD] = ChainHead(2, trail.chains[FRAUD][1].hash)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (cut_two, ["entry 2: missing, up to entry 3"]),
        (remove_first, ["entry 1: missing"]),
        (double, ["entry 1: added or moved: it comes after entry 1"]),
        (scribble, ["entry 2: changed: it cannot be read"]),
        (nest, ["entry 2: changed: it cannot be read"]),
        (list_, ["entry 2: changed: it cannot be read"]),
        (retell, ["entry 2: changed: its hash is another one"]),
        (retell_the_last, ["entry 3: changed, or the record of where the chain ends was"]),
        (
            retell_the_second,
            ["entry 3: changed or added, or the one before it was: it does not follow that one"],
        ),
        (
            exchange,
            [
                "entry 2: moved: it was written as entry 3 of arn:fraud/1",
                "entry 3: moved: it was written as entry 2 of arn:fraud/1",
                "entry 3: changed, or the record of where the chain ends was",
            ],
        ),
        (end_sooner, ["entry 3: added: the chain is recorded to end before it"]),
    ],
)
def test_each_flaw_is_called_by_its_name(change: Callable[[Trail], None], said: list[str]) -> None:
    trail = three()
    change(trail)

    assert [str(flaw) for flaw in trail.flaws()] == [f"arn:fraud/1, {each}" for each in said]


def test_a_flaw_of_the_whole_chain_names_no_entry() -> None:
    trail = three()
    forget_the_end(trail)

    (flaw,) = trail.flaws()
    assert str(flaw) == "arn:fraud/1: the record of where it ends is missing"


@pytest.mark.parametrize(
    "name", ["x\n9 entries in 3 chains hold together.", "\x1b[2K\r", "x" * 400_000, "\ud800"]
)
def test_what_a_forged_entry_says_of_itself_stays_in_its_line(name: str) -> None:
    trail = three()
    second, _ = append(name, ChainHead(1, trail.chains[FRAUD][0].hash), {})
    trail.chains[FRAUD][1] = replace(second, chain=FRAUD)

    said = str(trail.flaws()[0])
    assert said.startswith(f"{FRAUD}, entry 2: moved: it was written as entry 2 of")
    assert len(said) <= 500
    assert said.isprintable()


def test_what_a_gathering_saw_is_told_with_its_day() -> None:
    trail = three()
    seen = [
        Checkpoint("2026-03-03", trail.end(FRAUD)),
        Checkpoint(DAY, ChainHead(2, "another hash")),
    ]
    entries = trail.chains[FRAUD]

    (flaw,) = verify(FRAUD, entries, trail.end(FRAUD), seen)
    assert str(flaw) == f"arn:fraud/1, entry 2: it, or one before it, was changed after {DAY}"
    (flaw,) = verify(FRAUD, [], None, seen)
    assert str(flaw) == f"arn:fraud/1, entry 2: missing, although the checkpoint of {DAY} names it"


def test_a_gathering_that_saw_an_empty_chain_says_nothing_of_it() -> None:
    trail = three()

    assert (
        list(verify(FRAUD, trail.chains[FRAUD], trail.end(FRAUD), [Checkpoint(DAY, ChainHead())]))
        == []
    )
    assert list(verify(PRICES, [], None, [Checkpoint(DAY, ChainHead())])) == []


# --- gatherings -------------------------------------------------------------------------------


def test_a_gathering_says_which_ends_it_saw_on_which_day() -> None:
    ends = {FRAUD: ChainHead(2, "hash of two"), PRICES: ChainHead(1, "hash of one")}
    first, end = checkpoint_entry(ChainHead(), DAY, ends, more=True)
    second, end = checkpoint_entry(end, DAY, {ROUTER: ChainHead(5, "hash of five")}, more=False)

    assert list(verify(CHECKPOINTS, [first, second], end)) == []
    assert dict(checkpoints_in([first, second])) == {
        FRAUD: Checkpoint(DAY, ChainHead(2, "hash of two")),
        PRICES: Checkpoint(DAY, ChainHead(1, "hash of one")),
        ROUTER: Checkpoint(DAY, ChainHead(5, "hash of five")),
    }


def test_only_the_last_gathering_of_a_day_closes_it() -> None:
    first, end = checkpoint_entry(ChainHead(), DAY, {}, more=True)
    second, _ = checkpoint_entry(end, DAY, {}, more=False)

    assert [
        is_last_of_day(first, DAY),
        is_last_of_day(second, DAY),
        is_last_of_day(second, "2026-03-03"),
    ] == [
        False,
        True,
        False,
    ]
    assert not is_last_of_day(replace(second, body="{"), DAY)


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"day": DAY, "ends": None},
        {"day": DAY, "ends": [1]},
        {"day": DAY, "ends": {FRAUD: [1]}},
        {"day": DAY, "ends": {FRAUD: ["one", "hash"]}},
        {"day": DAY, "ends": {FRAUD: [float("inf"), "hash"]}},
        {"day": DAY, "ends": {FRAUD: [float("nan"), "hash"]}},
        {"day": DAY, "ends": {FRAUD: [None, "hash"]}},
    ],
)
def test_a_gathering_that_cannot_be_understood_saw_nothing(said: dict[str, Any]) -> None:
    entry, _ = append(CHECKPOINTS, ChainHead(), said)

    assert list(checkpoints_in([entry])) == []


def test_a_gathering_that_was_changed_is_no_witness() -> None:
    entry, _ = checkpoint_entry(ChainHead(), DAY, {FRAUD: ChainHead(1, "a hash")}, more=False)

    assert list(checkpoints_in([replace(entry, body=entry.body.replace("a hash", "b hash"))])) == []
