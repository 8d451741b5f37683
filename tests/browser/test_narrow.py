"""On a phone: everything can be read and pressed, and nothing has to be scrolled sideways."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.page import NARROW
from tests.world.embedded import ANA, BEN, DAN, FRAUD, MODELS, RELEASES, Embedded

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.page import Person


def test_a_decision_fits_a_narrow_window(
    world: Embedded, open_page: Callable[..., Person], register: Callable[..., str]
) -> None:
    arn = register("fraud-mobile")
    ana = open_page(ANA, FRAUD, NARROW)
    card = ana.card(arn)
    expect(card).to_contain_text("Waiting for a decision")
    card.scroll_into_view_if_needed()
    wide = ana.scrolls_sideways()
    ana.screenshot("30-narrow-card")

    ana.opens_form(arn, "approve")
    ana.comments("Fine on the phone as well.")
    wide += ana.scrolls_sideways()
    ana.screenshot("31-narrow-form")

    ana.submits()
    expect(ana.modal).to_contain_text("Done: fraud-mobile version 1 is approved.")
    wide += ana.scrolls_sideways()
    ana.screenshot("31-narrow-receipt")
    ana.closes()
    expect(card).to_contain_text("🟢 Approved")
    wide += ana.scrolls_sideways()
    ana.screenshot("32-narrow-approved")

    ana.opens_thread(arn)
    expect(ana.thread).to_contain_text("Approved by @Ana Silva")
    wide += ana.scrolls_sideways()
    ana.screenshot("33-narrow-thread")

    assert wide == []
    assert world.status(arn) == "Approved"


def test_a_long_comment_without_a_space_does_not_widen_the_window(
    open_page: Callable[..., Person], register: Callable[..., str]
) -> None:
    arn = register("fraud-a-group-with-quite-a-long-name-of-the-63-that-aws-allows")
    ana = open_page(ANA, FRAUD, NARROW)
    ana.decides(arn, "approve", "https://example.com/" + "x" * 2900)
    expect(ana.card(arn)).to_contain_text("🟢 Approved")
    wide = ana.scrolls_sideways()
    ana.opens_thread(arn)
    wide += ana.scrolls_sideways()
    ana.screenshot("34-narrow-long-comment")

    assert wide == []


def test_a_refusal_fits_a_narrow_window(
    open_page: Callable[..., Person], register: Callable[..., str]
) -> None:
    arn = register("fraud-pocket")
    dan = open_page(DAN, FRAUD, NARROW)
    form = dan.opens_form(arn, "reject")
    expect(form).to_contain_text("may not reject")
    dan.screenshot("35-narrow-may-not")

    assert dan.scrolls_sideways() == []


def test_answers_fit_a_narrow_window(open_page: Callable[..., Person]) -> None:
    ben = open_page(BEN, MODELS, NARROW)
    ben.asks("/model-status")
    wide = ben.scrolls_sideways()
    ben.screenshot("36-narrow-status")
    ben.asks("/model-status fraud-detector")
    wide += ben.scrolls_sideways()
    ben.screenshot("37-narrow-status-of-a-group")

    assert wide == []


@pytest.mark.parametrize("place", [FRAUD, RELEASES, "home"])
def test_every_place_fits_a_narrow_window(open_page: Callable[..., Person], place: str) -> None:
    ben = open_page(BEN, MODELS, NARROW)
    ben.goes_to(place)
    if place == "home":
        expect(ben.page.get_by_test_id("home")).to_contain_text("Waiting for a decision")
    ben.screenshot(f"38-narrow-{place}")

    assert ben.scrolls_sideways() == []
