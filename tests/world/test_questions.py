"""The answers of `/model-status` and Home about the example that `make demo` shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.world.embedded import (
    ANA,
    BEN,
    DAN,
    FRAUD,
    MODELS,
    PRICING,
    Embedded,
    Json,
    buttons,
    running,
    words,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

GROUPS = ["credit-scorer", "fraud-detector", "house-prices", "support-router"]


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    """The example registry; tests here leave its groups as they are."""
    with running("example", tmp_path_factory.mktemp("example")) as world:
        world.rest()
        yield world


def arn_of(world: Embedded, group: str, number: int) -> str:
    return f"arn:aws:sagemaker:{world.region}:{world.account}:model-package/{group}/{number}"


def lines(message: Json) -> list[str]:
    return words(message).split("\n")


def test_without_text_the_answer_lists_the_groups_with_what_is_next_to_deploy_and_waits(
    example: Embedded,
) -> None:
    text = words(example.ask(DAN))

    assert (
        "fraud-detector\nfraud-detector-prod serves version 3; version 3 is next to deploy" in text
    )
    assert "house-prices\nversion 2 is next to deploy, 1 waiting" in text
    assert "support-router\nversion 2 is next to deploy, 1 waiting" in text


def test_for_a_group_the_answer_lists_its_versions_newest_first(example: Embedded) -> None:
    answer = example.ask(DAN, "fraud-detector")
    entries = [
        line for line in lines(answer) if line.startswith(("Version ", "🟡", "🟢", "🔴", "⚪"))
    ]

    assert entries[::2] == ["Version 4", "Version 3", "Version 2", "Version 1"]
    assert entries[1].startswith("🟡 Waiting for a decision, registered less than a minute ago")
    assert entries[3].startswith("🟢 Approved, serving on fraud-detector-prod, registered 30 days")
    assert entries[5].startswith("🔴 Rejected, registered")
    assert entries[7].startswith("⚪ Approved, not serving, registered 90 days")
    assert len(buttons(answer)) == 4


@pytest.mark.parametrize(
    "question", ["fraud-detector 4", "fraud-detector/4", "FRAUD-Detector 4", "fraud-detector v4"]
)
def test_for_a_version_the_answer_is_its_card_with_the_valid_moves(
    example: Embedded, question: str
) -> None:
    answer = example.ask(DAN, question)

    assert lines(answer)[0] == "fraud-detector version 4"
    assert buttons(answer) == ["approve", "reject"]


def test_for_an_arn_the_answer_is_the_card(example: Embedded) -> None:
    answer = example.ask(DAN, arn_of(example, "fraud-detector", 2))

    assert lines(answer)[0] == "fraud-detector version 2"
    assert buttons(answer) == ["reinstate"]


def test_pending_lists_everything_that_waits_oldest_first(example: Embedded) -> None:
    text = words(example.ask(DAN, "pending"))
    places = [text.index(title) for title in ("house-prices version 3", "fraud-detector version 4")]

    assert places == sorted(places)
    assert "4 versions waiting for a decision" in text


def test_help_says_what_can_be_asked(example: Embedded) -> None:
    text = words(example.ask(DAN, "help"))

    for form in ("/model-status", "GROUP", "GROUP 3", "pending", "help"):
        assert form in text


def test_a_question_that_is_not_understood_is_answered_with_the_help(example: Embedded) -> None:
    text = words(example.ask(DAN, "what is live?"))

    assert "I do not understand “what is live?”." in text
    assert "/model-status pending" in text


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("fraud", "fraud-detector"),
        ("frud", "fraud-detector"),
        ("fraud-detectr", "fraud-detector"),
        ("HOUSE-PRICE 3", "house-prices 3"),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest_one(
    example: Embedded, question: str, meant: str
) -> None:
    answer = example.ask(DAN, question)

    assert "There is no model package group" in words(answer)
    assert buttons(answer)[0].endswith(meant)


def test_a_suggestion_can_be_accepted(example: Embedded) -> None:
    asked = example.ask(DAN, "house-price 3")
    answer = example.click(DAN, asked, buttons(asked)[0])
    (shown,) = answer["ephemeral"]

    assert lines(shown)[0] == "house-prices version 3"


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("fraud-detector 99", "fraud-detector has no version 99."),
        ("arn:aws:sagemaker:us-east-1:1:model-package/x/1", "There is no version"),
        ("zzz", "There is no model package group “zzz”."),
    ],
)
def test_a_missing_version_or_group_is_named(example: Embedded, question: str, text: str) -> None:
    assert text in words(example.ask(DAN, question))


def test_a_question_that_mentions_the_channel_is_answered_without_the_mention(
    example: Embedded,
) -> None:
    answer = example.ask(DAN, "arn:aws:sagemaker:<!channel>")

    assert "arn:aws:sagemaker:<!channel>" in words(answer)
    assert "<!" not in answer["text"]


def test_only_the_asker_sees_an_answer(example: Embedded) -> None:
    before = example.state()
    example.ask(BEN, "house-prices")
    after = example.state()
    new_messages = [each for each in after["ephemeral"] if each not in before["ephemeral"]]

    assert after["messages"] == before["messages"]
    assert {each["user"] for each in new_messages} == {BEN}
    refused = example.click(DAN, new_messages[0], buttons(new_messages[0])[0])
    assert refused["error"] == "There is no such message, or it is not for this person."


def test_a_group_without_versions_is_no_error(world: Embedded) -> None:
    answer = world.ask(DAN, world.new_group("bare"))

    assert "no versions in the registry" in words(answer)


def test_a_long_answer_has_pages_and_buttons_to_turn_them(world: Embedded) -> None:
    group = world.new_group("many")
    for _ in range(23):
        world.register(group, "Rejected")
    world.rest()  # so that the answer does not wait behind 23 versions
    first = world.ask(DAN, group)
    second = turned(world, first, "page.next")
    third = turned(world, second, "page.next")
    back = turned(world, third, "page.before")

    assert numbers(first) == list(range(23, 13, -1))
    assert numbers(second) == list(range(13, 3, -1))
    assert numbers(third) == [3, 2, 1]
    assert numbers(back) == numbers(second)
    assert "page.before" not in buttons(first)
    assert "page.next" not in buttons(third)
    assert ", page 2\n" in words(second)
    assert {each["ts"] for each in (first, second, third, back)} == {first["ts"]}


def turned(world: Embedded, page: Json, action: str) -> Json:
    """The same message after a click on *action*."""
    world.click(DAN, page, action)
    (same,) = [m for m in world.state()["ephemeral"] if m["ts"] == page["ts"]]
    return dict(same)


def numbers(page: Json) -> list[int]:
    headings = (line for line in lines(page) if line.startswith("Version "))
    return [int(line.split()[1]) for line in headings]


def test_a_decision_on_a_private_card_updates_both_cards(world: Embedded) -> None:
    group = world.new_group()
    arn = world.register(group)
    world.card(arn)
    listed = world.ask(ANA, group, MODELS)
    (action,) = buttons(listed)
    (mine,) = world.click(ANA, listed, action)["ephemeral"]
    form = world.click(ANA, mine, "approve")["view"]
    world.submit(ANA, form, "from my own card")
    card = world.card_when(arn, lambda card: "revoke" in buttons(card))
    follows = world.wait(
        lambda state: next(
            (
                each
                for each in state["ephemeral"]
                if each["user"] == ANA and arn in words(each) and buttons(each) == ["revoke"]
            ),
            None,
        ),
        "the asker's own card, updated",
    )

    assert mine["channel"] == MODELS
    assert buttons(mine) == ["approve", "reject"]
    assert "from my own card" in words(card)
    assert "from my own card" in words(follows)
    assert "by @" + ANA + ": “from my own card”" in words(follows)
    assert arn not in "".join(w for w in world.private_messages(ANA) if "Waiting" in w and arn in w)
    assert len(world.updates(arn)) == 1


def test_home_lists_what_waits_and_where_its_card_is(example: Embedded) -> None:
    home = example.act("home", user=DAN)["home"]
    text = words(home)

    for title, channel in (
        ("fraud-detector version 4", FRAUD),
        ("house-prices version 3", PRICING),
        ("support-router version 3", MODELS),
    ):
        (line,) = [each for each in text.split("\n") if title in each]
        assert "registered less than a minute ago" in line
        assert f"#{channel}" in line
    assert "/model-status pending" in text


def test_home_does_not_list_a_version_that_was_decided(example: Embedded) -> None:
    arn = example.register("house-prices")
    waits = words(example.act("home", user=BEN)["home"])
    example.decide(BEN, arn, "reject", "a duplicate")
    decided = words(example.act("home", user=BEN)["home"])

    assert "house-prices version 4" in waits
    assert "house-prices version 4" not in decided
