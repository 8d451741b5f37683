"""Patterns of group names: what they match, and which of them surely never apply."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.rules.patterns import can_match, is_shadowed, matches, shadowed

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
    ("pattern", "group", "expected"),
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
def test_patterns_match_whole_names_without_case(
    pattern: str, group: str, *, expected: bool
) -> None:
    assert matches(pattern, group) is expected


# --- patterns that match no name ------------------------------------------------------------------


@pytest.mark.parametrize(
    "pattern", ["fraud_*", "fraud-", "-fraud", "fraud eu", "fraud.eu", "[abc", "fraud-*-", "für-*"]
)
def test_a_pattern_with_what_no_name_has_cannot_match(pattern: str) -> None:
    assert not can_match(pattern)


@pytest.mark.parametrize(
    "pattern",
    ["fraud", "Fraud-*", "*", "?", "*-[!a-z]*", "[_a]b", "222222222222/eu-west-1/fraud", "*/x"],
)
def test_a_pattern_that_may_match_can_match(pattern: str) -> None:
    assert can_match(pattern)


@given(patterns)
def test_a_pattern_that_cannot_match_matches_no_name(pattern: str) -> None:
    assert can_match(pattern) or not any(matches(pattern, name) for name in NAMES)


# --- patterns that never get their turn -----------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "earlier"),
    [
        ("fraud-eu", "fraud-*"),
        ("Fraud-EU", "fraud-*"),
        ("Fraud-*", "fraud-*"),
        ("fraud-*", "*"),
        ("*", "*"),
        ("fraud-?", "fraud-?"),
        ("fraud-??", "fraud-?*"),
        ("fraud-a", "fraud-[a-f]"),
        ("fraud-[ab]", "Fraud-[ab]"),
        ("*-eu", "*"),
        ("222222222222/*/fraud-*", "*/fraud-*"),
    ],
)
def test_a_pattern_whose_text_an_earlier_one_matches_is_shadowed(
    pattern: str, earlier: str
) -> None:
    assert is_shadowed(pattern, earlier)


@pytest.mark.parametrize(
    ("pattern", "earlier"),
    [
        ("fraud*", "fraud-*"),
        ("*", "?"),
        ("[ab]", "*a*"),
        ("*", "[!a]"),
        ("?", "[!a]"),
        ("fraud-*", "fraud-eu"),
        ("*/fraud-*", "fraud-*"),
    ],
)
def test_a_pattern_that_has_names_of_its_own_is_not_shadowed(pattern: str, earlier: str) -> None:
    assert not is_shadowed(pattern, earlier)


@given(patterns, patterns)
def test_every_name_of_a_shadowed_pattern_is_one_of_the_earlier_one(
    pattern: str, earlier: str
) -> None:
    own = [name for name in NAMES if matches(pattern, name) and not matches(earlier, name)]

    assert not (is_shadowed(pattern, earlier) and own)


@given(st.lists(patterns, max_size=8))
def test_of_many_patterns_each_shadowed_one_is_found_with_the_first_that_shadows_it(
    many: list[str],
) -> None:
    pairs = [
        (number, next(first for first in range(number) if is_shadowed(pattern, many[first])))
        for number, pattern in enumerate(many)
        if any(is_shadowed(pattern, earlier) for earlier in many[:number])
    ]

    assert [*shadowed(many)] == pairs
