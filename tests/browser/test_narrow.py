"""On a telephone: everything can be read and pressed, and nothing has to be scrolled sideways."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.page import NARROW
from tests.world.embedded import ANA, BEN, DAN, FRAUD, MODELS, RELEASES, Embedded

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.page import Person


def test_a_decision_on_a_narrow_window(
    world: Embedded, sits_down: Callable[..., Person], register: Callable[..., str]
) -> None:
    arn = register("fraud-mobile")
    ana = sits_down(ANA, FRAUD, NARROW)
    card = ana.card(arn)
    expect(card).to_contain_text("Waiting for a decision")
    card.scroll_into_view_if_needed()
    wide = ana.scrolls_sideways()
    ana.shoots("30-narrow-card")

    ana.opens_form(arn, "approve")
    ana.comments("Fine on the telephone as well.")
    wide += ana.scrolls_sideways()
    ana.shoots("31-narrow-form")

    ana.submits()
    expect(card).to_contain_text("🟢 Approved, and live")
    wide += ana.scrolls_sideways()
    ana.shoots("32-narrow-approved")

    ana.opens_thread(arn)
    expect(ana.thread).to_contain_text("Approved by @Ana Silva")
    wide += ana.scrolls_sideways()
    ana.shoots("33-narrow-thread")

    assert wide == []
    assert world.status(arn) == "Approved"


def test_a_long_comment_without_a_space_does_not_widen_the_window(
    sits_down: Callable[..., Person], register: Callable[..., str]
) -> None:
    arn = register("fraud-a-group-with-quite-a-long-name-of-the-63-that-aws-allows")
    ana = sits_down(ANA, FRAUD, NARROW)
    ana.decides(arn, "approve", "https://example.com/" + "x" * 4980)
    expect(ana.card(arn)).to_contain_text("🟢 Approved, and live")
    wide = ana.scrolls_sideways()
    ana.opens_thread(arn)
    wide += ana.scrolls_sideways()
    ana.shoots("34-narrow-long-comment")

    assert wide == []


def test_a_refusal_on_a_narrow_window(
    sits_down: Callable[..., Person], register: Callable[..., str]
) -> None:
    arn = register("fraud-pocket")
    dan = sits_down(DAN, FRAUD, NARROW)
    form = dan.opens_form(arn, "reject")
    expect(form).to_contain_text("may not reject")
    dan.shoots("35-narrow-may-not")

    assert dan.scrolls_sideways() == []


def test_answers_on_a_narrow_window(sits_down: Callable[..., Person]) -> None:
    ben = sits_down(BEN, MODELS, NARROW)
    ben.asks("/model-status")
    wide = ben.scrolls_sideways()
    ben.shoots("36-narrow-status")
    ben.asks("/model-status fraud-detector")
    wide += ben.scrolls_sideways()
    ben.shoots("37-narrow-status-of-a-group")

    assert wide == []


@pytest.mark.parametrize("place", [FRAUD, RELEASES, "home"])
def test_no_place_is_wider_than_a_narrow_window(
    sits_down: Callable[..., Person], place: str
) -> None:
    ben = sits_down(BEN, MODELS, NARROW)
    ben.goes_to(place)
    if place == "home":
        expect(ben.page.get_by_test_id("home")).to_contain_text("Waiting for a decision")
    ben.shoots(f"38-narrow-{place}")

    assert ben.scrolls_sideways() == []
