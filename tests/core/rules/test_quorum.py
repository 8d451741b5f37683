"""How votes fill roles, compared with trying every way of assigning people to places."""

from itertools import permutations, product

from hypothesis import given
from hypothesis import strategies as st

from bot.core.rules.quorum import Tally, tally
from bot.core.rules.rule import Role

LEADS, RISK = Role(name="ml-leads"), Role(name="risk")
BOTH = frozenset({"ml-leads", "risk"})
LEAD, OF_RISK = frozenset({"ml-leads"}), frozenset({"risk"})

names = st.sampled_from(["ml-leads", "risk", "legal"])
roles = st.lists(names, min_size=1, max_size=3, unique=True).flatmap(
    lambda chosen: st.tuples(
        *(st.builds(Role, name=st.just(n), needs=st.integers(1, 2)) for n in chosen)
    )
)
voters = st.dictionaries(st.sampled_from("ABCDE"), st.frozensets(names), max_size=5)


def most(needed: tuple[Role, ...], can_fill: dict[str, frozenset[str]]) -> int:
    """How many places can be filled at once, by trying them all."""
    room = {role.name: role.needs for role in needed}
    assignments = product(*([*sorted(each & room.keys()), ""] for each in can_fill.values()))
    fit = [s for s in assignments if all(s.count(name) <= many for name, many in room.items())]
    return max(sum(map(bool, assignment)) for assignment in fit)


def test_one_vote_for_each_role_is_complete() -> None:
    counted = tally((LEADS, RISK), {"ana": LEAD, "ben": OF_RISK})

    assert counted.complete
    assert counted.counted == (("ana",), ("ben",))
    assert counted.role_of("ben") == "risk"


def test_two_people_of_one_role_do_not_fill_the_other() -> None:
    counted = tally((LEADS, RISK), {"ana": LEAD, "dan": LEAD})

    assert not counted.complete
    assert (counted.have, counted.needed) == (1, 2)
    assert counted.waiting_for == ((RISK, 1),)
    assert counted.role_of("dan") == ""


def test_any_two_people_fill_a_role_that_needs_two() -> None:
    two = Role(needs=2)

    for first, second in permutations(["ana", "ben", "dan"], 2):
        can_fill = {first: frozenset({two.name}), second: frozenset({two.name})}
        assert tally((two,), can_fill).complete
    assert tally((two,), {"ana": frozenset({two.name})}).waiting_for == ((two, 1),)


def test_a_person_in_two_roles_counts_once() -> None:
    counted = tally((LEADS, RISK), {"ana": BOTH})

    assert counted.have == 1
    assert not counted.complete


def test_a_person_counts_for_the_role_that_needs_them_whoever_voted_first() -> None:
    for order in (["ana", "ben"], ["ben", "ana"]):
        counted = tally((LEADS, RISK), {p: {"ana": BOTH, "ben": LEAD}[p] for p in order})

        assert counted.complete
        assert (counted.role_of("ana"), counted.role_of("ben")) == ("risk", "ml-leads")


def test_an_earlier_voter_takes_a_place_before_a_later_one() -> None:
    assert tally((LEADS,), {"ana": LEAD, "ben": LEAD}).counted == (("ana",),)
    assert tally((LEADS,), {"ben": LEAD, "ana": LEAD}).counted == (("ben",),)


def test_no_roles_and_roles_that_need_nobody_are_never_complete() -> None:
    assert not tally((), {"ana": LEAD}).complete
    assert not tally((Role(name="ml-leads", needs=0),), {"ana": LEAD}).complete
    assert not Tally((), ()).complete


def test_a_thousand_members_fill_forty_places() -> None:
    twenty = (Role(name="ml-leads", needs=20), Role(name="risk", needs=20))

    assert tally(twenty, {f"U{n}": BOTH for n in range(1_000)}).have == 40


@given(roles, voters)
def test_nobody_is_counted_twice(
    needed: tuple[Role, ...], can_fill: dict[str, frozenset[str]]
) -> None:
    counted = [person for people in tally(needed, can_fill).counted for person in people]

    assert len(counted) == len(set(counted))


@given(roles, voters)
def test_nobody_is_counted_for_a_role_they_are_not_in(
    needed: tuple[Role, ...], can_fill: dict[str, frozenset[str]]
) -> None:
    for role, people in zip(needed, tally(needed, can_fill).counted, strict=True):
        assert all(role.name in can_fill[person] for person in people)


@given(roles, voters)
def test_no_role_gets_more_than_it_needs(
    needed: tuple[Role, ...], can_fill: dict[str, frozenset[str]]
) -> None:
    for role, people in zip(needed, tally(needed, can_fill).counted, strict=True):
        assert len(people) <= role.needs


@given(roles, voters)
def test_no_other_assignment_fills_more_places(
    needed: tuple[Role, ...], can_fill: dict[str, frozenset[str]]
) -> None:
    assert tally(needed, can_fill).have == most(needed, can_fill)


@given(roles, voters, st.data())
def test_the_order_of_votes_never_changes_how_much_is_filled(
    needed: tuple[Role, ...], can_fill: dict[str, frozenset[str]], data: st.DataObject
) -> None:
    order = data.draw(st.permutations(sorted(can_fill)))
    shuffled = tally(needed, {person: can_fill[person] for person in order})

    assert shuffled.have == tally(needed, can_fill).have
    assert shuffled.complete is tally(needed, can_fill).complete


@given(roles, voters, st.frozensets(names))
def test_one_more_vote_takes_nobodys_place_away(
    needed: tuple[Role, ...], can_fill: dict[str, frozenset[str]], more: frozenset[str]
) -> None:
    before, after = tally(needed, can_fill), tally(needed, {**can_fill, "Z": more})

    assert {p for people in before.counted for p in people} <= {
        p for people in after.counted for p in people
    }
