"""What a person sees who may not decide, who comes second, or whose card is outdated."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.world.embedded import ANA, CHLOE, DAN, Embedded

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.page import Person


def test_a_person_who_may_not_decide_is_told_who_may(
    world: Embedded, open_page: Callable[..., Person], register: Callable[..., str]
) -> None:
    arn = register("fraud-lending")
    dan = open_page(DAN)
    form = dan.opens_form(arn, "approve")
    expect(form).to_contain_text("@Ana Silva or @risk may")
    expect(dan.page.get_by_test_id("modal-submit")).to_have_count(0)
    dan.screenshot("12-may-not")
    dan.page.get_by_test_id("modal-close").click()

    expect(form).to_have_count(0)
    expect(dan.card(arn)).to_contain_text("Waiting for a decision")
    assert world.status(arn) == "PendingManualApproval"


def test_a_form_that_is_still_open_when_somebody_else_decides_is_refused(
    world: Embedded, open_page: Callable[..., Person], register: Callable[..., str]
) -> None:
    arn = register("fraud-payouts")
    chloe, ana = open_page(CHLOE), open_page(ANA)
    form = chloe.opens_form(arn, "reject")
    chloe.comments("I would rather wait.")
    ana.decides(arn, "approve", "Ready.")
    expect(chloe.card(arn)).to_contain_text("🟢 Approved")
    chloe.screenshot("13-stale-form")
    chloe.submits()

    expect(form).to_contain_text("fraud-payouts version 1 is now approved. @Ana Silva was first")
    expect(form).to_contain_text("I would rather wait.")
    expect(chloe.page.get_by_test_id("modal-submit")).to_have_count(0)
    chloe.screenshot("13-receipt-of-a-refusal")
    chloe.closes()
    expect(chloe.private_message).to_contain_text("fraud-payouts version 1")
    expect(chloe.private_message).to_contain_text("@Ana Silva was first")
    expect(chloe.card(arn).locator("[data-action-id]")).to_have_text(["Revoke"])
    chloe.screenshot("14-came-second")
    assert world.status(arn) == "Approved"


def test_a_button_on_an_outdated_card_decides_nothing(
    world: Embedded, open_page: Callable[..., Person], register: Callable[..., str]
) -> None:
    arn = register("fraud-cards")
    chloe, ana = open_page(CHLOE), open_page(ANA)
    expect(chloe.card(arn)).to_contain_text("Waiting for a decision")
    chloe.stop_updates()
    ana.decides(arn, "approve", "Ready.")
    expect(ana.card(arn)).to_contain_text("🟢 Approved")
    chloe.clicks(chloe.card(arn), "reject")
    expect(chloe.card(arn)).to_contain_text("🟢 Approved")
    chloe.screenshot("15-stale-card")

    assert world.status(arn) == "Approved"


def test_a_decision_made_in_the_console_reaches_the_open_page(
    world: Embedded, open_page: Callable[..., Person], register: Callable[..., str]
) -> None:
    arn = register("fraud-claims")
    dan = open_page(DAN)
    expect(dan.card(arn)).to_contain_text("Waiting for a decision")
    world.outside(arn, "Approved", "olga-in-the-console")

    card = dan.card(arn)
    expect(card).to_contain_text(re.compile("outside this bot", re.IGNORECASE))
    expect(card).to_contain_text("olga-in-the-console")
    dan.opens_thread(arn)
    dan.screenshot("16-decided-elsewhere")
