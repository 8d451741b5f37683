"""Patterns of group names: what they stand for, and which of them can never have their turn."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.patterns import covered, matches

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
        ("?" * 63 + "*", ["?" * 63]),
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
    ],
)
def test_a_pattern_with_one_name_of_its_own_is_not_covered(
    pattern: str, earlier: list[str]
) -> None:
    assert not covered(pattern, earlier)


@pytest.mark.parametrize(
    "pattern", ["fraud_*", "fraud-", "-fraud", "fraud eu", "fraud-[_.]", "[z-a]", "", "?" * 64]
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


def test_a_long_list_of_rules_is_checked_at_once() -> None:
    earlier = [f"team-{number}-*" for number in range(60)] + ["*-prod", "*a*b*c*d*"]

    assert covered("team-7-eu", earlier)
    assert not covered("team-*", earlier)
