from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.core.text import Code, Mention, Strong
from bot.core.words import LANGUAGES, Language, bold, in_language, say, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ANA, BEN, CHLOE = Mention("U0ANA00000"), Mention("U0BEN00000"), Mention("U0CHLOE000")


@pytest.fixture
def sentences(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mapping[str, str]]:
    """A language of which a test writes the sentences."""
    sentences = {"join_comma": ", ", "join_and": " und ", "join_or": " oder "}
    monkeypatch.setitem(LANGUAGES, "xx", Language(sentences, lambda count: int(count > 1)))
    with in_language("xx"):
        yield sentences


def test_parameters_are_put_where_the_sentence_has_them(sentences: dict[str, str]) -> None:
    sentences["key"] = "{who} hat {number} Stimmen."

    assert say("key", who=ANA, number=2) == (ANA, " hat 2 Stimmen.")


def test_a_sentence_can_be_part_of_another(sentences: dict[str, str]) -> None:
    sentences |= {"outer": "Also: {inner}!", "inner": "{who} stimmt zu"}

    assert say("outer", inner=say("inner", who=ANA)) == ("Also: ", ANA, " stimmt zu!")
    assert say("outer", inner=()) == ("Also: !",)


def test_a_list_is_joined_with_the_words_of_the_language(sentences: dict[str, str]) -> None:
    sentences |= {"all": "{people:and}", "any": "{people:or}", "row": "{people:comma}"}

    assert say("all", people=[]) == ()
    assert say("all", people=[ANA]) == (ANA,)
    assert say("all", people=[ANA, BEN]) == (ANA, " und ", BEN)
    assert say("any", people=[ANA, BEN, "wer mag"]) == (ANA, ", ", BEN, " oder wer mag")
    assert say("row", people=[ANA, (BEN, "!"), CHLOE]) == (ANA, ", ", BEN, "!, ", CHLOE)


@pytest.mark.parametrize(("count", "expected"), [(0, "0 vote"), (1, "1 vote"), (2, "2 votes")])
def test_the_language_says_which_form_goes_with_a_number(
    count: int, expected: str, sentences: dict[str, str]
) -> None:
    sentences["key"] = "{count} {count:vote|votes}"

    assert text("key", count=count) == expected


def test_in_english_only_one_is_singular() -> None:
    assert [text("age_days", count=count) for count in range(3)] == ["0 days", "1 day", "2 days"]


def test_a_parameter_can_be_bold_or_code(sentences: dict[str, str]) -> None:
    sentences["key"] = "{name!b} {arn!c}"

    assert say("key", name="fraud", arn="arn:x") == (Strong("fraud"), " ", Code("arn:x"))
    assert bold("key", name="fraud", arn="arn:x") == (Strong("fraud arn:x"),)


def test_braces_in_what_people_wrote_stay_as_they_are(sentences: dict[str, str]) -> None:
    sentences["key"] = "„{comment}“"

    assert say("key", comment="{who} {0} %s") == ("„{who} {0} %s“",)


def test_an_unknown_key_parameter_or_language_is_an_error(sentences: dict[str, str]) -> None:
    sentences["key"] = "{who}"

    with pytest.raises(KeyError, match="unknown"):
        say("unknown")
    with pytest.raises(KeyError, match="who"):
        say("key")
    with pytest.raises(KeyError, match="yy"), in_language("yy"):
        raise AssertionError("there is no such language")


def test_the_language_holds_for_a_block_and_is_english_otherwise(sentences: dict[str, str]) -> None:
    sentences["move_label_approve"] = "Zustimmen"

    assert text("move_label_approve") == "Zustimmen"
    with in_language("en"):
        assert text("move_label_approve") == "Approve"
    assert text("move_label_approve") == "Zustimmen"
