import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.core.text import (
    CUT,
    clean,
    count_of,
    cut,
    has_visible_character,
    join_parts,
    length,
    one_line,
)
from tests.core.strategies import outside

BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
ZERO_WIDTH = "\u200b\u2060\u2061\u2064\ufeff\u00ad\u180e\u115f\u1160\u3164\uffa0"
CONTROLS = "".join(map(chr, [*range(9), *range(11, 32), *range(127, 160)]))
LINE_ENDS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
VISIBLE = [
    "plain text, ¡olé! ñ 漢字 Ω",
    "❤️ 👍🏽 👩‍🚀 👨‍👩‍👧 🇵🇹 1️⃣",
    "نمی‌خواهم",
    "עברית",
    "<!channel> & <@U1> :aws: *bold* `code`",
]


def in_utf16(text: str) -> int:
    return sum(1 + (ord(letter) > 0xFFFF) for letter in text)


@pytest.mark.parametrize("text", VISIBLE)
def test_visible_text_is_not_changed(text: str) -> None:
    assert clean(text) == text
    assert one_line(text) == text


@pytest.mark.parametrize(
    "invisible", [BIDI, ZERO_WIDTH, CONTROLS, "\ud83d", "\U000e0041"], ids=ascii
)
def test_invisible_characters_are_removed(invisible: str) -> None:
    assert clean(f"a{invisible}b") == "ab"


BLANK = {
    "Braille blank": "\u2800",
    "Hangul fillers": "\u115f\u1160\u3164\uffa0",
    "joiners": "\u200c\u200d",
    "variation selectors": "\ufe0f\ufe0e\U000e0100\u180b",
    "combining marks": "\u0301\u20e3",
    "spaces": " \t\n\u00a0\u2003\u3000",
    "tags": "\U000e0041",
    "a musical notehead that is not drawn": "\U0001d159",
    "the place of an object": "\ufffc",
    "private use": "\ue000",
    "not assigned": "\u0378",
}


@pytest.mark.parametrize("text", BLANK.values(), ids=BLANK.keys())
def test_text_without_a_visible_character_is_no_text(text: str) -> None:
    assert not has_visible_character(text)
    assert one_line(text) == ""
    assert has_visible_character(f"{text}.{text}")


@pytest.mark.parametrize("text", [*VISIBLE, "1", ".", "👍", "é", "ok\u2800", "+", "€"])
def test_letters_digits_punctuation_and_symbols_are_visible(text: str) -> None:
    assert has_visible_character(text)
    assert one_line(text) == text


@given(st.text(alphabet=st.characters(categories=["C", "M", "Z"])))
def test_no_control_mark_or_space_is_visible(text: str) -> None:
    assert not has_visible_character(text)


@given(st.characters(categories=["L", "N", "P", "S"], exclude_characters="".join(BLANK.values())))
def test_each_letter_digit_punctuation_mark_and_symbol_is_visible(letter: str) -> None:
    assert has_visible_character(letter)


@given(st.text(), st.text())
def test_text_is_visible_if_a_part_of_it_is(one: str, other: str) -> None:
    parts = has_visible_character(one), has_visible_character(other)

    assert has_visible_character(one + other) is any(parts)


@given(outside)
def test_no_control_bidi_mark_zero_width_space_or_half_character_survives(text: str) -> None:
    cleaned = clean(text)

    assert not set(cleaned) & set(BIDI + ZERO_WIDTH + CONTROLS)
    assert not [letter for letter in cleaned if unicodedata.category(letter) == "Cs"]
    assert clean(cleaned) == cleaned


@given(st.text(alphabet=st.sampled_from("ab\n\t é漢🙂\u200c\u200d")))
def test_no_other_character_is_removed(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("one\ntwo", "one / two"),
        ("one\r\n\r\n  two", "one / two"),
        ("\n one \u2028 two\u0085", "one / two"),
        ("one\ttwo", "one two"),
        ("", ""),
    ],
)
def test_line_breaks_show_as_slashes(text: str, line: str) -> None:
    assert one_line(text) == line


def test_lines_without_visible_text_leave_no_slash() -> None:
    assert one_line("\u200b\n\u202e") == ""
    assert one_line("one\n\u200b\ntwo") == "one / two"


@given(outside | st.text(alphabet="a \t" + LINE_ENDS))
def test_one_line_is_one_line_in_every_language(text: str) -> None:
    line = one_line(text)

    assert line.splitlines() in ([], [line])
    assert not set(line) & set(LINE_ENDS)
    assert line == line.strip()


@given(st.text())
def test_length_is_counted_in_utf_16_units(text: str) -> None:
    assert length(text) == in_utf16(text)


def test_an_emoji_counts_twice() -> None:
    assert length("🙂") == 2
    assert length("é漢a") == 3


@given(outside, st.integers(len(CUT), 3000))
def test_cut_text_is_never_longer_than_the_limit_and_shows_the_cut(text: str, limit: int) -> None:
    assume("\ud800" not in text)

    short = cut(text, limit)

    if in_utf16(text) <= limit:
        assert short == text
    else:
        assert in_utf16(short) <= limit
        assert short.endswith(CUT)
        assert text.startswith(short.removesuffix(CUT))


@given(st.text(alphabet="🙂a", min_size=30), st.integers(len(CUT), 30))
def test_a_cut_never_halves_a_character_and_wastes_no_room(text: str, limit: int) -> None:
    short = cut(text, limit)

    assert "\ud83d" not in short
    assert limit - in_utf16(short) <= 1 or short == text


def test_parts_are_listed_as_in_a_sentence() -> None:
    assert join_parts((), ", ", " or ") == ()
    assert join_parts(("a",), ", ", " or ") == ("a",)
    assert join_parts(("a", "b"), ", ", " or ") == ("a", " or ", "b")
    assert join_parts(("a", "b", "c"), ", ", " or ") == ("a", ", ", "b", " or ", "c")
    assert join_parts(("a", "b", "c", "d"), ", ", " and ") == (
        "a",
        ", ",
        "b",
        ", ",
        "c",
        " and ",
        "d",
    )


@pytest.mark.parametrize(
    ("count", "thing", "expected"),
    [
        (0, "entry", "0 entries"),
        (1, "entry", "1 entry"),
        (2, "entry", "2 entries"),
        (1, "person", "1 person"),
        (5, "person", "5 people"),
        (1, "day", "1 day"),
        (3, "day", "3 days"),
    ],
)
def test_a_count_has_its_noun_in_the_singular_or_the_plural(
    count: int, thing: str, expected: str
) -> None:
    assert count_of(count, thing) == expected
