"""What `/model-status` and the Home answer, about the example that `make demo` shows."""

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


def test_alone_it_lists_the_groups_with_what_is_live_and_how_many_wait(example: Embedded) -> None:
    said = words(example.ask(DAN))

    assert "fraud-detector\nversion 3 is live, 1 waiting" in said
    assert "house-prices\nversion 2 is live, 1 waiting" in said
    assert "support-router\nversion 2 is live, 1 waiting" in said


def test_with_a_group_it_lists_its_versions_newest_first(example: Embedded) -> None:
    answer = example.ask(DAN, "fraud-detector")
    said = [line for line in lines(answer) if line.startswith(("Version", "🟡", "🟢", "🔴"))]

    assert said[::2] == ["Version 4", "Version 3", "Version 2", "Version 1"]
    assert said[1].startswith("🟡 Waiting for a decision, registered less than a minute ago")
    assert said[3].startswith("🟢 Approved, and live, registered")
    assert said[5].startswith("🔴 Rejected, registered")
    assert said[7].startswith("🟢 Approved, registered")
    assert len(buttons(answer)) == 4


@pytest.mark.parametrize(
    "question", ["fraud-detector 4", "fraud-detector/4", "FRAUD-Detector 4", "fraud-detector v4"]
)
def test_with_group_and_version_it_shows_the_card_with_its_valid_moves(
    example: Embedded, question: str
) -> None:
    answer = example.ask(DAN, question)

    assert lines(answer)[0] == "fraud-detector version 4"
    assert buttons(answer) == ["approve", "reject"]


def test_with_an_arn_it_shows_the_card(example: Embedded) -> None:
    answer = example.ask(DAN, arn_of(example, "fraud-detector", 2))

    assert lines(answer)[0] == "fraud-detector version 2"
    assert buttons(answer) == ["reinstate"]


def test_pending_lists_everything_that_waits_oldest_first(example: Embedded) -> None:
    said = words(example.ask(DAN, "pending"))
    places = [said.index(title) for title in ("house-prices version 3", "fraud-detector version 4")]

    assert places == sorted(places)
    assert "4 versions waiting for a decision" in said


def test_help_says_what_can_be_asked(example: Embedded) -> None:
    said = words(example.ask(DAN, "help"))

    for form in ("/model-status", "GROUP", "GROUP 3", "pending", "help"):
        assert form in said


def test_what_is_not_understood_is_answered_with_the_help(example: Embedded) -> None:
    said = words(example.ask(DAN, "what is live?"))

    assert "I do not understand “what is live?”." in said
    assert "/model-status pending" in said


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("fraud", "fraud-detector"),
        ("fraud-detectr", "fraud-detector"),
        ("HOUSE-PRICE 3", "house-prices 3"),
    ],
)
def test_an_unknown_name_suggests_the_nearest(example: Embedded, question: str, meant: str) -> None:
    answer = example.ask(DAN, question)

    assert "There is no model package group" in words(answer)
    assert buttons(answer)[0].endswith(meant)


def test_a_suggestion_can_be_taken(example: Embedded) -> None:
    asked = example.ask(DAN, "house-price 3")
    answer = example.click(DAN, asked, buttons(asked)[0])
    (shown,) = answer["ephemeral"]

    assert lines(shown)[0] == "house-prices version 3"


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("fraud-detector 99", "fraud-detector has no version 99."),
        ("arn:aws:sagemaker:us-east-1:1:model-package/x/1", "There is no version"),
        ("zzz", "There is no model package group “zzz”."),
    ],
)
def test_what_is_not_there_is_said_to_be_missing(
    example: Embedded, question: str, said: str
) -> None:
    assert said in words(example.ask(DAN, question))


def test_a_question_that_calls_the_channel_is_answered_without_the_call(example: Embedded) -> None:
    answer = example.ask(DAN, "arn:aws:sagemaker:<!channel>")

    assert "arn:aws:sagemaker:<!channel>" in words(answer)
    assert "<!" not in answer["text"]


def test_an_answer_is_seen_by_the_asker_alone(example: Embedded) -> None:
    before = example.state()
    example.ask(BEN, "house-prices")
    after = example.state()
    news = [each for each in after["ephemeral"] if each not in before["ephemeral"]]

    assert after["messages"] == before["messages"]
    assert {each["user"] for each in news} == {BEN}
    refused = example.click(DAN, news[0], buttons(news[0])[0])
    assert refused["error"] == "There is no such message, or it is not for this person."


def test_a_group_without_versions_is_no_error(world: Embedded) -> None:
    answer = world.ask(DAN, world.new_group("bare"))

    assert "no versions yet" in words(answer)


def test_a_long_answer_is_paged_with_buttons_that_turn_it(world: Embedded) -> None:
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
    assert "page 2 of 3" in words(second)
    assert {each["ts"] for each in (first, second, third, back)} == {first["ts"]}


def turned(world: Embedded, page: Json, action: str) -> Json:
    """The same message after a click on *action*."""
    world.click(DAN, page, action)
    (same,) = [m for m in world.state()["ephemeral"] if m["ts"] == page["ts"]]
    return dict(same)


def numbers(page: Json) -> list[int]:
    found = (line for line in lines(page) if line.startswith("Version "))
    return [int(line.split()[1]) for line in found]


def test_a_card_opened_here_decides_and_both_cards_follow(world: Embedded) -> None:
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
        "the asker's own card, repainted",
    )

    assert mine["channel"] == MODELS
    assert buttons(mine) == ["approve", "reject"]
    assert "from my own card" in words(card)
    assert "from my own card" in words(follows)
    assert "Approved by" in words(follows)
    assert arn not in "".join(w for w in world.private_messages(ANA) if "Waiting" in w and arn in w)
    assert len(world.updates(arn)) == 1


def test_home_lists_what_waits_and_where_its_card_is(example: Embedded) -> None:
    home = example.act("home", user=DAN)["home"]
    said = words(home)

    for title, channel in (
        ("fraud-detector version 4", FRAUD),
        ("house-prices version 3", PRICING),
        ("support-router version 3", MODELS),
    ):
        (line,) = [each for each in said.split("\n") if title in each]
        assert "registered less than a minute ago" in line
        assert f"#{channel}" in line
    assert "/model-status pending" in said


def test_home_forgets_what_was_decided(example: Embedded) -> None:
    arn = example.register("house-prices")
    waits = words(example.act("home", user=BEN)["home"])
    example.decide(BEN, arn, "reject", "a duplicate")
    decided = words(example.act("home", user=BEN)["home"])

    assert "house-prices version 4" in waits
    assert "house-prices version 4" not in decided
