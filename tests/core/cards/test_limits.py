"""Slack takes whatever is rendered: compared with the table of limits of the embedded Slack."""

import html
from typing import Any

import pytest
from hypothesis import given, settings

from bot.core.cards.blocks import actions, button, line, rich
from bot.core.cards.messages import TEXT_IN_BLOCKS, Message, message
from bot.core.text import CUT, length
from infra.local.slack.lengths import text_length
from infra.local.slack.limits import check, check_view
from tests.core.cards.everything import Subject, everything, subjects
from tests.core.reading import as_read, nodes
from tests.core.situations.all import ALL
from tests.core.situations.cards import SITUATIONS as CARDS

FALLBACK_LIMIT = 4_000
BUTTONS = actions([button(f"Button {number}", f"b{number}", "v" * 200) for number in range(5)])


def wrong(whole: Any) -> list[str]:
    """What Slack would find wrong with a message or a view."""
    if whole.get("type") in ("modal", "home"):
        return check_view(whole)
    too_long = [] if 0 < length(whole["text"]) < FALLBACK_LIMIT else ["text"]
    return [*check(whole["blocks"], "message"), *too_long]


@pytest.mark.parametrize("name", ALL)
def test_slack_takes_what_people_see_in_every_situation(name: str) -> None:
    assert wrong(ALL[name]) == []
    assert text_length(ALL[name]["blocks"]) < TEXT_IN_BLOCKS


@pytest.mark.parametrize("name", ALL)
def test_no_text_of_ours_is_markup(name: str) -> None:
    assert [node for node in nodes(ALL[name]) if node.get("type") in ("mrkdwn", "markdown")] == []


@settings(max_examples=60)
@given(subjects)
def test_slack_takes_whatever_is_rendered_for_any_version(about: Subject) -> None:
    for whole in everything(about):
        assert wrong(whole) == []
        assert text_length(whole["blocks"]) <= TEXT_IN_BLOCKS


def test_trap_9_a_message_too_long_for_slack_is_cut_with_a_sign_and_keeps_its_buttons() -> None:
    long = message(("text",), [*(rich((f"{n} " + "x" * 2_000,)) for n in range(9)), BUTTONS])

    assert wrong({"text": long.text, "blocks": list(long.blocks)}) == []
    assert text_length(list(long.blocks)) <= TEXT_IN_BLOCKS
    assert as_read(long).startswith("0 xxx")
    assert as_read(long).endswith(CUT)
    assert "[Button 0] [Button 1]" in as_read(long)


def test_trap_9_a_message_of_too_many_blocks_is_cut_with_a_sign_and_keeps_its_buttons() -> None:
    full = message(("text",), [*(line(str(number)) for number in range(49)), BUTTONS])
    long = message(("text",), [*(line(str(number)) for number in range(50)), BUTTONS])

    assert len(full.blocks) == 50
    assert CUT not in as_read(full)
    assert len(long.blocks) == 50
    assert as_read(long).endswith(CUT)
    assert "[Button 0] [Button 1]" in as_read(long)


def test_a_message_of_nothing_but_buttons_is_never_too_long_to_be_rendered() -> None:
    many = [button(f"Button {number}", f"b{number}", "v" * 2_000) for number in range(5)]

    assert "[Button 4]" in as_read(message(("text",), [actions(many), actions(many[:1])]))


@pytest.mark.parametrize("name", CARDS)
def test_trap_9_a_card_that_slack_refuses_has_a_plain_form_with_its_buttons(name: str) -> None:
    plain = CARDS[name].plain

    assert wrong({"text": plain.text, "blocks": list(plain.blocks)}) == []
    assert {block["type"] for block in plain.blocks} <= {"rich_text", "actions"}
    assert as_read(plain).startswith(html.unescape(CARDS[name].text))
    assert _rows_of_buttons(plain) == _rows_of_buttons(CARDS[name])


def _rows_of_buttons(rendered: Message) -> list[Any]:
    return [block["elements"] for block in rendered.blocks if block["type"] == "actions"]
