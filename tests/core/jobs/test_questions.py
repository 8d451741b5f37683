import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.jobs.questions import (
    Help,
    History,
    HistoryHelp,
    OfArn,
    OfGroup,
    OfVersion,
    Overview,
    Question,
    Waiting,
    named,
    nearest,
    parse,
    text_of,
)
from bot.core.registry.version import Arn
from tests.core.strategies import names, numbers, outside
from tests.doubles.builders import an_arn

THERE = "222222222222/eu-west-1"
GROUPS = ("fraud-eu", "Fraud-US", "house-prices", "support-routing")


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("", Overview()),
        ("   ", Overview()),
        ("pending", Waiting()),
        (" Pending ", Waiting()),
        ("help", Help()),
        ("HELP", Help()),
        ("history", HistoryHelp()),
        (" History ", HistoryHelp()),
        ("fraud", OfGroup("fraud")),
        ("Fraud-EU", OfGroup("Fraud-EU")),
        ("pending-orders", OfGroup("pending-orders")),
        ("42", OfGroup("42")),
        ("fraud 3", OfVersion("fraud", 3)),
        ("fraud/3", OfVersion("fraud", 3)),
        (" fraud / 3 ", OfVersion("fraud", 3)),
        ("fraud v3", OfVersion("fraud", 3)),
        ("fraud   12", OfVersion("fraud", 12)),
        ("house-prices 3", OfVersion("house-prices", 3)),
        (an_arn(), OfArn(an_arn())),
        (f" {an_arn()} ", OfArn(an_arn())),
        ("ARN:aws:sagemaker:x", OfArn(Arn("ARN:aws:sagemaker:x"))),
        (f"{THERE}/fraud", OfGroup(f"{THERE}/fraud")),
        (f"{THERE}/fraud 3", OfVersion(f"{THERE}/fraud", 3)),
        (f"{THERE}/fraud/3", OfVersion(f"{THERE}/fraud", 3)),
        (f"{THERE}/42", OfGroup(f"{THERE}/42")),
        (f"{THERE}/42 v3", OfVersion(f"{THERE}/42", 3)),
        ("222222222222/3", OfVersion("222222222222", 3)),
        (f"history {THERE}/fraud", History(f"{THERE}/fraud")),
        (f"history {THERE}/fraud 3", History(f"{THERE}/fraud", 3)),
        (f"{THERE}/", Help(f"{THERE}/")),
        (f"{THERE}/a/b", Help(f"{THERE}/a/b")),
        (THERE, Help(THERE)),
        ("eu-west-1/fraud", Help("eu-west-1/fraud")),
        ("fraud three", Help("fraud three")),
        ("fraud 3 4", Help("fraud 3 4")),
        ("fraud/", Help("fraud/")),
        ("-fraud", Help("-fraud")),
        ("fraud 1234567890", Help("fraud 1234567890")),
        ("arn:aws:sagemaker and more", Help("arn:aws:sagemaker and more")),
        ("what is live?", Help("what is live?")),
        ("<!channel>", Help("<!channel>")),
    ],
)
def test_every_typed_text_is_understood_or_answered_with_help(
    text: str, question: Question
) -> None:
    assert parse(text) == question


@pytest.mark.parametrize("word", ["history", "pending", "help", "History", "group"])
def test_a_group_with_the_name_of_a_command_can_be_asked_for(word: str) -> None:
    assert parse(f"group {word}") == OfGroup(word)
    assert parse(f"group {word} 3") == parse(f"Group  {word}/3") == OfVersion(word, 3)
    assert parse(f"history {word}") == History(word)
    assert parse(f"history {word} 3") == History(word, 3)


def test_the_version_of_a_group_called_group_comes_first() -> None:
    assert parse("group 3") == OfVersion("group", 3)


group_names = st.sampled_from(["history", "Pending", "help", "group", "42"]) | names


@given(
    st.builds(OfGroup, group_names)
    | st.builds(OfVersion, group_names, numbers)
    | st.builds(History, group_names, st.none() | numbers)
)
def test_every_question_is_understood_as_the_bot_itself_writes_it(
    question: OfGroup | OfVersion | History,
) -> None:
    assert parse(text_of(question)) == question


def test_an_arn_longer_than_sagemaker_takes_is_not_asked_for() -> None:
    """Nor would DynamoDB take it as a key, if it is much longer."""
    longest = "arn:".ljust(176, "x")

    assert parse(longest) == OfArn(Arn(longest))
    assert parse(f"{longest}x") == Help(f"{longest}x")


@given(names, numbers)
def test_every_name_that_sagemaker_allows_can_be_asked_for(name: str, number: int) -> None:
    assert parse(f"{name} {number}") == OfVersion(name, number)
    assert parse(f"{name}/{number}") == OfVersion(name, number)


@given(outside | st.text(alphabet="a-/ v3"))
def test_no_text_raises(text: str) -> None:
    question = parse(text)

    assert question != Help("") or text.strip().lower() == "help"


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("fraud-eu", "fraud-eu"),
        ("FRAUD-EU", "fraud-eu"),
        ("fraud-us", "Fraud-US"),
        ("fraud", None),
        ("", None),
    ],
)
def test_group_names_match_in_any_letter_case(name: str, group: str | None) -> None:
    assert named(name, GROUPS) == group


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("fraud", ("Fraud-US", "fraud-eu")),
        ("FRAUD-U", ("Fraud-US", "fraud-eu")),
        ("fruad-eu", ("fraud-eu", "Fraud-US")),
        ("house-price", ("house-prices",)),
        ("suport-routing", ("support-routing",)),
        ("zzz", ()),
    ],
)
def test_the_nearest_names_begin_like_the_text_or_look_like_it(
    name: str, expected: tuple[str, ...]
) -> None:
    assert nearest(name, GROUPS) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("frud", "fraud-detector"),
        ("Freud", "fraud-detector"),
        ("detectr", "fraud-detector"),
        ("fraud-detctor", "fraud-detector"),
        ("hosue", "house-prices"),
        ("huose-prices-lisbon", "house-prices-lisbon-and-porto"),
        (f"{THERE}/rnet", f"{THERE}/rent"),
        ("rnet", f"{THERE}/rent"),
    ],
)
def test_a_misspelled_beginning_or_word_of_a_name_is_understood(name: str, expected: str) -> None:
    groups = (
        *("churn", "fraud-detector", "house-prices", "house-prices-lisbon-and-porto"),
        f"{THERE}/rent",
    )

    assert nearest(name, groups)[0] == expected


@given(st.data())
def test_one_wrong_letter_does_not_hide_a_group(data: st.DataObject) -> None:
    word = data.draw(st.text("abcdefgh", min_size=4, max_size=12))
    group = data.draw(st.sampled_from(["{}", "{}-detector", "eu-{}", f"{THERE}/{{}}-model"]))
    place, letter = data.draw(st.integers(0, len(word) - 1)), data.draw(st.sampled_from("xyz"))
    after = data.draw(st.sampled_from([word[place + 1 :], word[place:], letter + word[place:]]))

    assert nearest(word[:place] + after, [group.format(word)]) == (group.format(word),)


def test_the_nearest_names_come_from_all_registries_with_our_own_registry_first() -> None:
    groups = (f"{THERE}/fraud-eu", f"{THERE}/rent", "fraud-us")

    assert nearest("fraud", groups) == ("fraud-us", f"{THERE}/fraud-eu")
    assert nearest("222222222222/eu-west-2/rent", groups)[0] == f"{THERE}/rent"


def test_a_group_is_never_mistaken_for_one_of_the_same_name_in_another_registry() -> None:
    assert named("rent", (f"{THERE}/rent",)) is None
    assert named(f"{THERE.upper()}/Rent", ("rent", f"{THERE}/rent")) == f"{THERE}/rent"


def test_no_more_than_three_names_are_suggested() -> None:
    assert nearest("fraud", [f"fraud-{letter}" for letter in "edcba"]) == (
        "fraud-a",
        "fraud-b",
        "fraud-c",
    )
    assert nearest("fraud", []) == ()
