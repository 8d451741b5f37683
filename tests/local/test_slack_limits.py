"""Block Kit's limits in messages: each is checked exactly, and a refusal names the place."""

from typing import Any

import pytest

from tests.local.slack_block_limits import COUNTS, LENGTHS, NUMBERS
from tests.local.slack_block_mistakes import MISTAKES
from tests.local.slack_blocks import (
    Block,
    chart,
    container,
    mrkdwn,
    pie,
    post,
    press,
    rich_text,
    runs,
    section,
    series,
    table,
)
from tests.local.slack_stand_in import (
    ANN,
    GENERAL,
    SECTION,
    StandIn,
    actions,
    button,
    plain,
    refused,
)

pytest_plugins = ["tests.local.slack_fixtures"]


def refusal(slack: StandIn, *blocks: Block) -> Any:
    with refused("invalid_blocks") as answer:
        post(slack, *blocks)
    return answer["errors"]


@pytest.mark.parametrize("name", LENGTHS)
def test_a_text_has_a_maximum_of_characters(lasting_slack: StandIn, name: str) -> None:
    most, block, where = LENGTHS[name]

    post(lasting_slack, block("x" * most))
    assert refusal(lasting_slack, block("x" * (most + 1))) == [
        f"must be less than {most + 1} characters [json-pointer:/blocks/0/{where}]"
    ]


@pytest.mark.parametrize("name", COUNTS)
def test_a_list_has_a_maximum_of_items(lasting_slack: StandIn, name: str) -> None:
    most, block, where = COUNTS[name]

    post(lasting_slack, block(most))
    assert refusal(lasting_slack, block(most + 1)) == [
        f"no more than {most} items allowed [json-pointer:/blocks/0/{where}]"
    ]


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_has_its_range(lasting_slack: StandIn, name: str) -> None:
    least, most, block, where = NUMBERS[name]

    for inside in (least, most):
        post(lasting_slack, block(inside))
    for outside in (least - 1, most + 1):
        assert refusal(lasting_slack, block(outside)) == [
            f"must be between {least} and {most} [json-pointer:/blocks/0/{where}]"
        ]


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_with_its_place(lasting_slack: StandIn, name: str) -> None:
    block, what, where = MISTAKES[name]

    assert refusal(lasting_slack, block) == [f"{what} [json-pointer:/blocks/0{where}]"]


def test_a_refusal_of_blocks_says_everything_twice_as_slack_does(slack: StandIn) -> None:
    with refused("invalid_blocks") as answer:
        post(slack, SECTION, section())

    what = "must define either `text` or `fields` [json-pointer:/blocks/1]"
    assert answer["errors"] == [what]
    assert answer["response_metadata"]["messages"] == [f"[ERROR] {what}"]


def test_all_mistakes_are_named_at_once(slack: StandIn) -> None:
    assert len(refusal(slack, section(), {"type": "header"}, press(disabled=1, value=2))) == 4


def test_a_refused_message_is_not_posted(slack: StandIn) -> None:
    refusal(slack, section())

    assert slack.state()["messages"] == []


def test_characters_are_counted_not_bytes(lasting_slack: StandIn) -> None:
    post(lasting_slack, {"type": "header", "text": plain("😀" * 150)})


def test_a_message_has_at_most_50_blocks(lasting_slack: StandIn) -> None:
    post(lasting_slack, *[SECTION] * 50)
    assert refusal(lasting_slack, *[SECTION] * 51) == [
        "no more than 50 items allowed [json-pointer:/blocks]"
    ]


def test_a_message_has_at_most_13200_characters_in_all_its_blocks(lasting_slack: StandIn) -> None:
    """The longest refused by the live API had 13,202; markup and cells count like any text."""
    full = [section(text=plain("x" * 3000))] * 4 + [section(fields=[mrkdwn("x" * 1200)])]
    post(lasting_slack, *full)

    with refused("msg_blocks_too_long"):
        post(lasting_slack, *full, table())


def test_updates_have_no_limit_for_the_sum_of_characters(slack: StandIn) -> None:
    ts = slack.web.chat_postMessage(channel=GENERAL.id, text="x")["ts"]
    blocks = [section(text=plain("x" * 3000))] * 5

    assert slack.web.chat_update(channel=GENERAL.id, ts=ts, text="x", blocks=blocks)["ok"]


def test_updates_and_ephemeral_messages_have_the_same_limits(slack: StandIn) -> None:
    ts = slack.web.chat_postMessage(channel=GENERAL.id, text="x")["ts"]

    with refused("invalid_blocks"):
        slack.web.chat_update(channel=GENERAL.id, ts=ts, text="x", blocks=[section()])
    with refused("invalid_blocks"):
        slack.web.chat_postEphemeral(channel=GENERAL.id, user=ANN.id, text="x", blocks=[section()])


def test_a_block_id_is_unique_in_a_message(lasting_slack: StandIn) -> None:
    twice = [{"type": "divider", "block_id": "same"}] * 2

    assert refusal(lasting_slack, *twice) == [
        "duplicate block_id: same [json-pointer:/blocks/1/block_id]"
    ]


def test_an_action_id_is_unique_in_an_actions_block(lasting_slack: StandIn) -> None:
    assert refusal(lasting_slack, actions(button("same"), button("same"))) == [
        "duplicate action_id: same [json-pointer:/blocks/0/elements/1/action_id]"
    ]


def test_different_actions_blocks_may_share_an_action_id(lasting_slack: StandIn) -> None:
    post(
        lasting_slack, actions(button("same"), block_id="a"), actions(button("same"), block_id="b")
    )


def test_a_message_has_at_most_one_table(lasting_slack: StandIn) -> None:
    with refused("invalid_attachments"):
        post(lasting_slack, table(), table())


def test_a_table_has_at_most_10000_characters_in_all_its_cells(lasting_slack: StandIn) -> None:
    """docs.slack.dev/reference/block-kit/blocks/table-block."""
    full = {"type": "raw_text", "text": "x" * 500}
    run = {"type": "text", "text": "x" * 500}
    rich = rich_text(runs("section", run))
    rows = {"type": "table", "rows": [[full, rich]] * 10}

    post(lasting_slack, rows)
    assert refusal(lasting_slack, {**rows, "rows": [*rows["rows"], [full]]}) == [
        "no more than 10000 characters allowed [json-pointer:/blocks/0/rows]"
    ]


def test_a_series_has_at_most_20_points(lasting_slack: StandIn) -> None:
    """docs.slack.dev/reference/block-kit/blocks/data-visualization-block."""
    labels = [f"v{number}" for number in range(21)]

    post(lasting_slack, chart(series("auc", *labels[:20]), categories=labels[:20]))
    assert refusal(lasting_slack, chart(series("auc", *labels), categories=labels)) == [
        "no more than 20 items allowed [json-pointer:/blocks/0/chart/series/0/data]",
        "no more than 20 items allowed [json-pointer:/blocks/0/chart/axis_config/categories]",
    ]


def test_a_label_of_a_chart_has_at_most_20_characters(lasting_slack: StandIn) -> None:
    label = "x" * 21

    post(lasting_slack, chart(series("auc", label[1:]), categories=[label[1:]]))
    assert len(refusal(lasting_slack, chart(series("auc", label), categories=[label]))) == 2


def test_a_message_has_at_most_two_charts(lasting_slack: StandIn) -> None:
    """docs.slack.dev/reference/block-kit/blocks/data-visualization-block."""
    post(lasting_slack, pie(), chart())
    assert refusal(lasting_slack, pie(), pie(), pie()) == [
        "no more than 2 data_visualization blocks allowed [json-pointer:/blocks]"
    ]


def test_a_block_id_is_unique_inside_containers_too(lasting_slack: StandIn) -> None:
    line = {"type": "divider", "block_id": "same"}

    assert refusal(lasting_slack, line, container(line)) == [
        "duplicate block_id: same [json-pointer:/blocks/1/child_blocks/0/block_id]"
    ]


def test_a_table_in_a_container_counts_like_any(lasting_slack: StandIn) -> None:
    with refused("invalid_attachments"):
        post(lasting_slack, table(), container(table()))
