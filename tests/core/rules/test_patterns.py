"""Patterns of group names: what they stand for, and which of them can never have their turn."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.rules.patterns import Budget, covered, matches

LETTERS = "abc-"
"""`c` stands for all that the patterns below do not name."""
NAMES = [
    "".join(letters)
    for length in range(1, 7)
    for letters in product(LETTERS, repeat=length)
    if letters[0] != "-" and letters[-1] != "-"
]
tokens = st.sampled_from(["a", "b", "-", "*", "?", "[ab]", "[!a]", "[a-b]", "A", "_"])
patterns = st.lists(tokens, min_size=1, max_size=4).map("".join)


@pytest.mark.parametrize(
    ("pattern", "group", "said"),
    [
        ("fraud-*", "fraud-eu", True),
        ("fraud-*", "Fraud-EU", True),
        ("FRAUD-*", "fraud-eu", True),
        ("fraud", "fraud-eu", False),
        ("fraud-?", "fraud-1", True),
        ("fraud-?", "fraud-12", False),
        ("fraud-[ab]", "fraud-b", True),
        ("fraud-[!ab]", "fraud-b", False),
        ("*", "anything", True),
        ("fraud-*", "222222222222/eu-west-1/fraud-eu", False),
        ("*/fraud-*", "222222222222/eu-west-1/fraud-eu", True),
        ("*/fraud-*", "fraud-eu", False),
        ("222222222222/*/fraud-*", "222222222222/eu-west-1/Fraud-EU", True),
        ("222222222222/*", "333333333333/eu-west-1/fraud-eu", False),
        ("*", "222222222222/eu-west-1/fraud-eu", True),
    ],
)
def test_patterns_match_whole_names_without_case(pattern: str, group: str, *, said: bool) -> None:
    assert matches(pattern, group) is said


@pytest.mark.parametrize(
    ("pattern", "earlier"),
    [
        ("fraud-eu", ["fraud-*"]),
        ("Fraud-*", ["fraud-*"]),
        ("fraud-*", ["*"]),
        ("*", ["*"]),
        ("fraud-?", ["fraud-[a-f]", "rent-*", "fraud-[!a-f]"]),
        ("*-eu", ["a*", "[!a]*"]),
        ("?" * 92 + "*", ["?" * 92, "?" * 93]),
        ("222222222222/*/fraud-*", ["*/fraud-*"]),
        ("*/eu-west-1/*", ["222222222222/*", "[!2]*", "2*"]),
        ("*/*/*", ["[0-9]*"]),
        ("*/*", ["*/*/*"]),
        (
            "222222222222/*/fraud-eu",
            ["222222222222/*-*-[0-9]/fraud-*", "*/*-*[!0-9]/*", "*/*[!-]/*"],
        ),
    ],
)
def test_a_pattern_whose_names_all_belong_to_earlier_ones_is_covered(
    pattern: str, earlier: list[str]
) -> None:
    assert covered(pattern, earlier)


@pytest.mark.parametrize(
    ("pattern", "earlier"),
    [
        ("*", []),
        ("*", ["?*-*", "??*"]),
        ("fraud-*", ["fraud-eu", "fraud-us"]),
        ("fraud*", ["fraud-*"]),
        ("fraud-?", ["fraud-[a-f]", "fraud-[!a-g]"]),
        ("fraud-*", ["fraud-*-*", "*-a*"]),
        ("fraud**", ["fraud?*"]),
        ("?" * 63, ["?" * 62]),
        ("?" * 93, ["?" * 92]),
        ("?" * 63 + "*", ["?" * 63]),
        ("*", ["[!0-9]*"]),
        ("*fraud-*", ["fraud-*"]),
        ("*/fraud-*", ["222222222222/*", "fraud-*", "*/eu-west-1/*"]),
        ("222222222222/*/fraud-*", ["222222222222/*/fraud-eu", "222222222222/us-*"]),
    ],
)
def test_a_pattern_with_one_name_of_its_own_is_not_covered(
    pattern: str, earlier: list[str]
) -> None:
    assert not covered(pattern, earlier)


@pytest.mark.parametrize(
    "pattern",
    [
        *("fraud_*", "fraud-", "-fraud", "fraud eu", "fraud-[_.]", "[z-a]", "", "?" * 94),
        *("fraud/*", "22222222222/*", "2222222222222/*", "*/-fraud", "*/fraud-"),
        *("222222222222/*/*/*", "222222222222/-*", "2222-2222222/*", "*/eu/fraud", "/*", "*/"),
    ],
)
def test_a_pattern_that_no_group_can_be_called_by_is_covered_by_nothing_at_all(
    pattern: str,
) -> None:
    assert covered(pattern, [])


@given(patterns, st.lists(patterns, max_size=3))
def test_covered_says_what_a_look_at_all_short_names_says(pattern: str, earlier: list[str]) -> None:
    alone = [
        name
        for name in NAMES
        if matches(pattern, name) and not any(matches(each, name) for each in earlier)
    ]

    assert covered(pattern, earlier) is not bool(alone)


@given(st.sampled_from(["", "*/", "222222222222/*/", "*-1/"]), patterns, st.data())
def test_what_is_covered_has_no_name_of_its_own_elsewhere(
    before: str, pattern: str, data: st.DataObject
) -> None:
    whole = st.builds("".join, st.tuples(st.sampled_from(["", "*/", "2*", "[!2]*-1/"]), patterns))
    earlier = data.draw(st.lists(whole, max_size=3))
    sites = ("222222222222/eu-west-1", "333333333333/us-east-10")
    alone = [
        name
        for site in sites
        for short in NAMES[:500]
        if matches(before + pattern, name := f"{site}/{short}")
        and not any(matches(each, name) for each in earlier)
    ]

    assert not (covered(before + pattern, earlier) and alone)


def test_a_long_list_of_rules_is_checked_at_once() -> None:
    earlier = [f"team-{number}-*" for number in range(60)] + ["*-prod", "*a*b*c*d*"]

    assert covered("team-7-eu", earlier)
    assert not covered("team-*", earlier)


def test_of_patterns_that_take_too_long_to_compare_none_is_said_to_be_covered() -> None:
    """No name ends with a hyphen, but the other one remembers every `a` among thirteen letters."""
    assert covered("*-", ["*a????_"])
    assert not covered("*-", ["*a????????????_"])


def test_of_patterns_that_are_compared_after_too_many_others_none_is_said_to_be_covered() -> None:
    budget, teams = Budget(), [f"*/team-{number}-*" for number in range(200)]

    assert covered("x*", ["?", "??*"], budget)
    assert not any(covered(each, teams[:number], budget) for number, each in enumerate(teams))
    assert budget.left == 0
    assert not covered("x*", ["?", "??*"], budget)


def test_where_nothing_is_left_to_compare_with_nothing_is_compared() -> None:
    assert not covered("x*", ["?", "??*"], Budget(0))
    assert not covered("fraud_*", [], Budget(0))


@pytest.mark.parametrize(
    ("pattern", "earlier"),
    [("Fraud-EU", "fraud-*"), ("fraud-?", "fraud-*"), ("*-eu", "*"), ("2*/*/x", "*/X")],
)
def test_what_one_pattern_with_stars_covers_by_its_letters_takes_no_comparing(
    pattern: str, earlier: str
) -> None:
    budget = Budget(0)

    assert covered(pattern, ["rent", earlier], budget)


@pytest.mark.parametrize(
    ("pattern", "earlier"), [("fraud*", "fraud-*"), ("*", "?"), ("[ab]", "*a*"), ("*", "[!a]")]
)
def test_the_letters_of_a_pattern_are_not_taken_for_its_names(pattern: str, earlier: str) -> None:
    assert not covered(pattern, [earlier], Budget(0))
    assert not covered(pattern, [earlier])
