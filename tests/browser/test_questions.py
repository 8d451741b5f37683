from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.world.embedded import ANA, BEN, MODELS, PRICING, Embedded

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.page import Person


def test_model_status_is_typed_into_the_box_and_answered_in_private(
    open_page: Callable[..., Person],
) -> None:
    ben, ana = open_page(BEN, MODELS), open_page(ANA, MODELS)
    answer = ben.asks("/model-status")
    expect(answer).to_contain_text("Only visible to you")
    expect(answer).to_contain_text("house-prices")
    ben.screenshot("17-status")
    answer = ben.asks("/model-status house-prices")
    expect(answer).to_contain_text("🟡 Waiting for a decision")
    ben.screenshot("18-status-of-a-group")

    expect(ana.page.get_by_test_id("ephemeral")).to_have_count(0)


def test_a_card_opened_from_an_answer_decides(
    world: Embedded, open_page: Callable[..., Person], register: Callable[..., str]
) -> None:
    arn = register("rent-flats")
    ben = open_page(BEN, MODELS)
    ben.clicks(ben.asks("/model-status rent-flats"), "ask.rent-flats.1")
    expect(ben.private_message.locator("[data-action-id]")).to_have_text(["Approve", "Reject"])
    ben.screenshot("19-card-opened-here")
    ben.clicks(ben.private_message, "approve")
    ben.decides_in_form("Good enough for the flats.")

    expect(ben.private_message).to_contain_text("🟢 Approved")
    ben.goes_to(PRICING)
    expect(ben.card(arn)).to_contain_text("🟢 Approved")
    assert world.status(arn) == "Approved"


def test_an_unknown_name_suggests_another(open_page: Callable[..., Person]) -> None:
    ben = open_page(BEN, MODELS)
    answer = ben.asks("/model-status house-price 3")
    expect(answer).to_contain_text("Did you mean")
    ben.screenshot("20-did-you-mean")
    ben.clicks(answer, "ask.house-prices 3")

    expect(ben.private_message).to_contain_text("house-prices version 3")


def test_the_message_box_accepts_nothing_but_the_command(
    world: Embedded, open_page: Callable[..., Person]
) -> None:
    ben = open_page(BEN, MODELS)
    before = world.state()
    ben.page.get_by_test_id("composer").fill("hello everybody")
    ben.page.get_by_test_id("send").click()

    expect(ben.page.get_by_role("alert").filter(has_text="Only /model-status")).to_be_visible()
    assert world.state() == before


def test_home_shows_what_waits(open_page: Callable[..., Person]) -> None:
    ben = open_page(BEN, MODELS)
    ben.page.get_by_test_id("home-link").click()
    home = ben.page.get_by_test_id("home")

    expect(home).to_contain_text("Waiting for a decision")
    expect(home).to_contain_text("house-prices version 3")
    ben.screenshot("21-home")
