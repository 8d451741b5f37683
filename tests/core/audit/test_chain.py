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
    heads: dict[str, ChainHead | None] = field(default_factory=dict)
    days: int = 0

    def head(self, chain: str) -> ChainHead:
        return self.heads.get(chain) or ChainHead()

    def add(self, chain: str, content: dict[str, Any]) -> None:
        self._store(append(chain, self.head(chain), content))

    def checkpoint(self) -> None:
        """Write the checkpoint of a day, in two entries."""
        self.days += 1
        heads = {name: self.head(name) for name in self.chains if name != CHECKPOINTS}
        for part, more in (
            (dict(list(heads.items())[:1]), True),
            (dict(list(heads.items())[1:]), False),
        ):
            self._store(
                checkpoint_entry(self.head(CHECKPOINTS), f"day {self.days}", part, more=more)
            )

    def _store(self, appended: tuple[Entry, ChainHead]) -> None:
        entry, self.heads[entry.chain] = appended
        self.chains.setdefault(entry.chain, []).append(entry)

    def flaws(self) -> list[Flaw]:
        checkpoints = list(checkpoints_in(self.chains.get(CHECKPOINTS, [])))
        return [
            flaw
            for chain in {*self.chains, *self.heads, *(name for name, _ in checkpoints)}
            for flaw in verify(
                chain,
                self.chains.get(chain, []),
                self.heads.get(chain),
                [checkpoint for name, checkpoint in checkpoints if name == chain],
            )
        ]

    def numbers(self, chain: str) -> set[int]:
        """The numbers of the entries of *chain* that something is wrong with."""
        return {flaw.number for flaw in self.flaws() if flaw.chain == chain}

    def flawed_chains(self) -> set[str]:
        return {flaw.chain for flaw in self.flaws()}


contents = st.dictionaries(st.text(max_size=8), st.text(max_size=12) | st.integers(), max_size=3)
steps = st.lists(
    st.tuples(st.sampled_from([FRAUD, PRICES, ROUTER]), contents) | st.none(),
    min_size=1,
    max_size=12,
)


@st.composite
def trails(draw: st.DrawFn) -> Trail:
    """A trail whose newest checkpoint covers everything, as on the day after the last change."""
    trail = Trail()
    trail.add(FRAUD, draw(contents))
    for step in draw(steps):
        if step is None:
            trail.checkpoint()
        else:
            trail.add(*step)
    trail.checkpoint()
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


def forged(entry: Entry, before: str, **changes: Any) -> Entry:
    """*entry* with *changes* of its content, and with the hash that goes with it."""
    return append(entry.chain, ChainHead(entry.number - 1, before), entry.content | changes)[0]


# --- unchanged trails -------------------------------------------------------------------------


@given(trails())
def test_a_trail_that_nobody_touched_has_no_flaw(trail: Trail) -> None:
    assert trail.flaws() == []


@given(st.lists(contents, max_size=5))
def test_a_chain_without_checkpoints_has_no_flaw_either(all_contents: list[dict[str, Any]]) -> None:
    trail = Trail(heads={FRAUD: ChainHead()})
    for content in all_contents:
        trail.add(FRAUD, content)

    assert trail.flaws() == []


@given(contents)
def test_an_entry_holds_its_content_its_chain_its_number_and_the_hash_before_it(
    content: dict[str, Any],
) -> None:
    trail = Trail()
    trail.add(FRAUD, {"text": "first"})
    trail.add(FRAUD, content)
    first, second = trail.chains[FRAUD]

    assert second.content == content | {"chain": FRAUD, "number": 2, "before": first.hash}
    assert trail.head(FRAUD) == ChainHead(2, second.hash)


@given(st.lists(st.datetimes(), min_size=2, max_size=6))
def test_no_clock_reorders_a_chain(times: list[Any]) -> None:
    """Times that are equal, or run backwards, are what entries say, and no more than that."""
    trail = Trail()
    for number, time in enumerate([*times, times[0]], start=1):
        trail.add(FRAUD, {"at": time.isoformat(), "n": number})

    assert [entry.content["n"] for entry in trail.chains[FRAUD]] == list(range(1, len(times) + 2))
    assert trail.flaws() == []


# --- one field of one entry -------------------------------------------------------------------


@given(places(), st.text())
def test_a_body_that_was_written_over_is_found(place: tuple[Trail, str, int], body: str) -> None:
    assume(body != entry_at(place).body)
    trail = changed(place, body=body)

    assert trail.flawed_chains() == {place[1]}
    assert trail.numbers(place[1]) == {place[2]}


@given(places(), st.data())
def test_any_changed_letter_of_a_body_is_found(
    place: tuple[Trail, str, int], data: st.DataObject
) -> None:
    body = entry_at(place).body
    index = data.draw(st.integers(0, len(body) - 1))
    letter = data.draw(st.characters().filter(lambda letter: letter != body[index]))
    trail = changed(place, body=body[:index] + letter + body[index + 1 :])

    assert trail.flawed_chains() == {place[1]}
    assert trail.numbers(place[1]) == {place[2]}


def test_half_a_letter_in_a_body_is_found() -> None:
    """No file could hold it, and some programs would write a question mark for it."""
    trail = Trail()
    trail.add(FRAUD, {"text": "why?"})
    (entry,) = trail.chains[FRAUD]
    changed((trail, FRAUD, 1), body=entry.body.replace("?", "\ud800"))

    assert trail.numbers(FRAUD) == {1}


@given(places())
def test_the_same_content_in_other_bytes_is_found(place: tuple[Trail, str, int]) -> None:
    trail = changed(place, body=json.dumps(entry_at(place).content, indent=1))

    assert trail.numbers(place[1]) == {place[2]}


@given(places(), st.text(max_size=64))
def test_a_changed_hash_is_found(place: tuple[Trail, str, int], other: str) -> None:
    assume(other != entry_at(place).hash)
    trail = changed(place, hash=other)

    assert trail.flawed_chains() == {place[1]}
    assert trail.numbers(place[1]) == {place[2]}


@given(places(), st.integers(0, 20))
def test_an_entry_under_another_number_is_found(place: tuple[Trail, str, int], other: int) -> None:
    assume(other != place[2])
    trail = changed(place, number=other)

    assert trail.flawed_chains() == {place[1]}
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
    rewritten = forged(entry, entry.content["before"], forged="yes")
    trail = changed(place, body=rewritten.body, hash=rewritten.hash)

    assert chain in trail.flawed_chains()
    assert trail.numbers(chain)
    assert trail.numbers(chain) <= {number, number + 1}


# --- entries that come and go -----------------------------------------------------------------


@given(places())
def test_an_entry_that_was_removed_is_found(place: tuple[Trail, str, int]) -> None:
    trail, chain, number = place
    del trail.chains[chain][number - 1]

    assert trail.flawed_chains() == {chain}
    assert trail.numbers(chain) == {number}


@given(places())
def test_an_entry_that_is_there_twice_is_found(place: tuple[Trail, str, int]) -> None:
    trail, chain, number = place
    trail.chains[chain].insert(number, entry_at(place))

    assert trail.flawed_chains() == {chain}
    assert trail.numbers(chain) == {number}


@given(places())
def test_a_copy_of_an_entry_at_the_end_is_found(place: tuple[Trail, str, int]) -> None:
    trail, chain, _ = place
    last = len(trail.chains[chain]) + 1
    trail.chains[chain].append(replace(entry_at(place), number=last))

    assert trail.flawed_chains() == {chain}
    assert trail.numbers(chain) == {last}


@given(places(), contents)
def test_an_entry_that_was_inserted_is_found(
    place: tuple[Trail, str, int], content: dict[str, Any]
) -> None:
    """It is made as the bot makes them, and those after it move up."""
    trail, chain, number = place
    entries = trail.chains[chain]
    before = entry_at(place).content["before"]
    added, _ = append(chain, ChainHead(number - 1, before), content | {"added": "yes"})
    moved = [replace(entry, number=entry.number + 1) for entry in entries[number - 1 :]]
    trail.chains[chain] = [*entries[: number - 1], added, *moved]

    assert chain in trail.flawed_chains()
    assert trail.numbers(chain) >= {entry.number for entry in moved}


@given(places(), contents)
def test_an_entry_that_was_added_at_the_end_is_found(
    place: tuple[Trail, str, int], content: dict[str, Any]
) -> None:
    trail, chain, _ = place
    added, head = append(chain, trail.head(chain), content)
    trail.chains[chain].append(added)

    assert trail.flawed_chains() == {chain}
    assert trail.numbers(chain) == {head.count}


@given(places(), st.data())
def test_two_entries_that_were_exchanged_are_found(
    place: tuple[Trail, str, int], data: st.DataObject
) -> None:
    trail, chain, first = place
    entries = trail.chains[chain]
    assume(len(entries) > 1)
    second = data.draw(st.integers(1, len(entries)).filter(lambda number: number != first))
    one, other = entries[first - 1], entries[second - 1]
    entries[first - 1] = replace(other, number=first)
    entries[second - 1] = replace(one, number=second)

    assert chain in trail.flawed_chains()
    assert trail.numbers(chain) >= {first, second}


@given(places())
def test_a_tail_that_was_cut_off_is_found(place: tuple[Trail, str, int]) -> None:
    trail, chain, number = place
    del trail.chains[chain][number - 1 :]

    assert trail.flawed_chains() == {chain}
    assert number in trail.numbers(chain)


@given(places())
def test_a_tail_that_was_cut_off_together_with_the_chain_head_is_found(
    place: tuple[Trail, str, int],
) -> None:
    trail, chain, number = place
    assume(chain != CHECKPOINTS)  # of those, only a noted hash proves the head
    del trail.chains[chain][number - 1 :]
    entries = trail.chains[chain]
    trail.heads[chain] = ChainHead(len(entries), entries[-1].hash) if entries else ChainHead()

    assert trail.flawed_chains() == {chain}
    assert min(trail.numbers(chain)) >= number


# --- whole chains and their heads -------------------------------------------------------------


@given(places(), st.integers(0, 20))
def test_a_chain_head_with_another_number_is_found(
    place: tuple[Trail, str, int], count: int
) -> None:
    trail, chain, _ = place
    head = trail.head(chain)
    assume(count != head.count)
    trail.heads[chain] = replace(head, count=count)

    assert trail.flawed_chains() == {chain}
    assert trail.numbers(chain) == {min(count, head.count) + 1}


@given(places(), st.text(max_size=64))
def test_a_chain_head_with_another_hash_is_found(place: tuple[Trail, str, int], other: str) -> None:
    trail, chain, _ = place
    head = trail.head(chain)
    assume(other != head.head)
    trail.heads[chain] = replace(head, head=other)

    assert trail.flawed_chains() == {chain}
    assert trail.numbers(chain) == {head.count}


def test_a_chain_head_with_a_hash_but_without_entries_is_found() -> None:
    assert Trail(heads={FRAUD: ChainHead(0, "a hash")}).flawed_chains() == {FRAUD}


@given(places())
def test_a_missing_chain_head_is_found(place: tuple[Trail, str, int]) -> None:
    trail, chain, _ = place
    del trail.heads[chain]

    assert trail.flawed_chains() == {chain}


@given(places())
def test_a_chain_that_was_emptied_is_found(place: tuple[Trail, str, int]) -> None:
    trail, chain, _ = place
    trail.chains[chain] = []

    assert trail.flawed_chains() == {chain}
    assert 1 in trail.numbers(chain)


@given(places())
def test_a_chain_of_which_nothing_is_left_is_found(place: tuple[Trail, str, int]) -> None:
    trail, chain, _ = place
    assume(chain != CHECKPOINTS)  # of those, only a noted hash proves the whole
    del trail.chains[chain], trail.heads[chain]

    assert trail.flawed_chains() == {chain}


@given(places())
def test_a_chain_that_was_rewritten_to_its_end_is_found_by_the_checkpoints(
    place: tuple[Trail, str, int],
) -> None:
    trail, chain, number = place
    assume(chain != CHECKPOINTS)
    entries = trail.chains[chain]
    for index in range(number - 1, len(entries)):
        before = entries[index - 1].hash if index else ""
        entries[index] = forged(entries[index], before, forged="yes")
    trail.heads[chain] = ChainHead(len(entries), entries[-1].hash)

    assert list(verify(chain, entries, trail.heads[chain])) == []
    assert trail.flawed_chains() == {chain}
    assert min(trail.numbers(chain)) >= number


@given(trails())
def test_rewritten_checkpoints_keep_no_hash_that_an_auditor_noted(trail: Trail) -> None:
    """Nothing in the store can tell; that is why an auditor notes a hash."""
    noted = {entry.hash for entry in trail.chains[CHECKPOINTS]}
    rewritten = Trail()
    for chain in (name for name in trail.chains if name != CHECKPOINTS):
        for entry in trail.chains[chain]:
            rewritten.add(chain, entry.content | {"forged": "yes"})
    for _ in range(trail.days):
        rewritten.checkpoint()

    assert rewritten.flaws() == []
    assert not noted & {entry.hash for entry in rewritten.chains[CHECKPOINTS][1:]}


# --- the text of a flaw -----------------------------------------------------------------------


def three_entries() -> Trail:
    trail = Trail()
    for text in ("one", "two", "three"):
        trail.add(FRAUD, {"text": text})
    return trail


def cut_last_two(trail: Trail) -> None:
    del trail.chains[FRAUD][1:]


def remove_first(trail: Trail) -> None:
    del trail.chains[FRAUD][0]


def duplicate_first(trail: Trail) -> None:
    trail.chains[FRAUD].insert(1, trail.chains[FRAUD][0])


def write_no_json(trail: Trail) -> None:
    trail.chains[FRAUD][1] = replace(trail.chains[FRAUD][1], body="not JSON")


def write_deep_json(trail: Trail) -> None:
    trail.chains[FRAUD][1] = replace(trail.chains[FRAUD][1], body="[" * 100_000)


def write_a_list(trail: Trail) -> None:
    trail.chains[FRAUD][1] = replace(trail.chains[FRAUD][1], body="[]")


def change_second(trail: Trail) -> None:
    entry = trail.chains[FRAUD][1]
    trail.chains[FRAUD][1] = replace(entry, body=entry.body.replace("two", "2"))


def rewrite_last(trail: Trail) -> None:
    second, third = trail.chains[FRAUD][1:]
    trail.chains[FRAUD][2] = forged(third, second.hash, text="3")


def rewrite_second(trail: Trail) -> None:
    first, second, _ = trail.chains[FRAUD]
    trail.chains[FRAUD][1] = forged(second, first.hash, text="2")


def swap_last_two(trail: Trail) -> None:
    first, second, third = trail.chains[FRAUD]
    trail.chains[FRAUD] = [first, replace(third, number=2), replace(second, number=3)]


def remove_head(trail: Trail) -> None:
    trail.heads[FRAUD] = None


def shorten_head(trail: Trail) -> None:
    trail.heads[FRAUD] = ChainHead(2, trail.chains[FRAUD][1].hash)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (cut_last_two, ["entry 2: missing, up to entry 3"]),
        (remove_first, ["entry 1: missing"]),
        (duplicate_first, ["entry 1: added or moved: it comes after entry 1"]),
        (write_no_json, ["entry 2: changed: it cannot be read"]),
        (write_deep_json, ["entry 2: changed: it cannot be read"]),
        (write_a_list, ["entry 2: changed: it cannot be read"]),
        (change_second, ["entry 2: changed: its hash is another one"]),
        (rewrite_last, ["entry 3: changed, or the record of where the chain ends was"]),
        (
            rewrite_second,
            ["entry 3: changed or added, or the one before it was: it does not follow that one"],
        ),
        (
            swap_last_two,
            [
                "entry 2: moved: it was written as entry 3 of arn:fraud/1",
                "entry 3: moved: it was written as entry 2 of arn:fraud/1",
                "entry 3: changed, or the record of where the chain ends was",
            ],
        ),
        (shorten_head, ["entry 3: added: the chain is recorded to end before it"]),
    ],
)
def test_each_flaw_has_its_own_text(change: Callable[[Trail], None], expected: list[str]) -> None:
    trail = three_entries()
    change(trail)

    assert [str(flaw) for flaw in trail.flaws()] == [f"arn:fraud/1, {each}" for each in expected]


def test_a_flaw_of_the_whole_chain_names_no_entry() -> None:
    trail = three_entries()
    remove_head(trail)

    (flaw,) = trail.flaws()
    assert str(flaw) == "arn:fraud/1: the record of where it ends is missing"


@pytest.mark.parametrize(
    "name", ["x\n9 entries in 3 chains hold together.", "\x1b[2K\r", "x" * 400_000, "\ud800"]
)
def test_a_forged_entry_cannot_break_the_line_of_its_flaw(name: str) -> None:
    trail = three_entries()
    second, _ = append(name, ChainHead(1, trail.chains[FRAUD][0].hash), {})
    trail.chains[FRAUD][1] = replace(second, chain=FRAUD)

    text = str(trail.flaws()[0])
    assert text.startswith(f"{FRAUD}, entry 2: moved: it was written as entry 2 of")
    assert len(text) <= 500
    assert text.isprintable()


def test_a_flaw_against_a_checkpoint_names_its_day() -> None:
    trail = three_entries()
    checkpoints = [
        Checkpoint("2026-03-03", trail.head(FRAUD)),
        Checkpoint(DAY, ChainHead(2, "another hash")),
    ]
    entries = trail.chains[FRAUD]

    (flaw,) = verify(FRAUD, entries, trail.head(FRAUD), checkpoints)
    assert str(flaw) == f"arn:fraud/1, entry 2: it, or one before it, was changed after {DAY}"
    (flaw,) = verify(FRAUD, [], None, checkpoints)
    assert str(flaw) == f"arn:fraud/1, entry 2: missing, although the checkpoint of {DAY} names it"


def test_a_checkpoint_of_an_empty_chain_proves_nothing_about_it() -> None:
    trail = three_entries()

    assert (
        list(verify(FRAUD, trail.chains[FRAUD], trail.head(FRAUD), [Checkpoint(DAY, ChainHead())]))
        == []
    )
    assert list(verify(PRICES, [], None, [Checkpoint(DAY, ChainHead())])) == []


# --- checkpoints ------------------------------------------------------------------------------


def test_a_checkpoint_holds_its_day_and_the_chain_heads() -> None:
    heads = {FRAUD: ChainHead(2, "hash of two"), PRICES: ChainHead(1, "hash of one")}
    first, head = checkpoint_entry(ChainHead(), DAY, heads, more=True)
    second, head = checkpoint_entry(head, DAY, {ROUTER: ChainHead(5, "hash of five")}, more=False)

    assert list(verify(CHECKPOINTS, [first, second], head)) == []
    assert dict(checkpoints_in([first, second])) == {
        FRAUD: Checkpoint(DAY, ChainHead(2, "hash of two")),
        PRICES: Checkpoint(DAY, ChainHead(1, "hash of one")),
        ROUTER: Checkpoint(DAY, ChainHead(5, "hash of five")),
    }


def test_only_the_last_checkpoint_entry_of_a_day_completes_it() -> None:
    first, head = checkpoint_entry(ChainHead(), DAY, {}, more=True)
    second, _ = checkpoint_entry(head, DAY, {}, more=False)

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
    "content",
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
def test_an_unreadable_checkpoint_holds_no_chain_heads(content: dict[str, Any]) -> None:
    entry, _ = append(CHECKPOINTS, ChainHead(), content)

    assert list(checkpoints_in([entry])) == []


def test_a_changed_checkpoint_holds_no_chain_heads() -> None:
    entry, _ = checkpoint_entry(ChainHead(), DAY, {FRAUD: ChainHead(1, "a hash")}, more=False)

    assert list(checkpoints_in([replace(entry, body=entry.body.replace("a hash", "b hash"))])) == []
