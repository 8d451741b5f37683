"""The four moves, as a person makes them in the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from bot.core.cards.consequences import consequence
from bot.core.cards.effects import production
from bot.core.registry.outcome import Outcome
from bot.core.registry.version import Status
from tests.world.embedded import ANA, CHLOE, RELEASES, Embedded

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.page import Person


def test_a_version_is_approved_from_its_card_and_deployed(
    world: Embedded, open_page: Callable[..., Person], register: Callable[..., str]
) -> None:
    ana = open_page(ANA)
    arn = register("fraud-checkout")
    card = ana.card(arn)
    expect(card).to_contain_text("fraud-checkout version 1")
    expect(card).to_contain_text("Waiting for a decision")
    ana.screenshot("01-card")

    form = ana.opens_form(arn, "approve")
    expect(form).to_contain_text(production(1, Status.APPROVED, Outcome(None, 1), now=True))
    ana.comments("Precision is up, recall holds. Fine by me.")
    ana.screenshot("02-approve-form")

    ana.submits()
    expect(form).to_contain_text("Done: fraud-checkout version 1 is approved.")
    ana.screenshot("02-approve-receipt")
    ana.closes()
    expect(card).to_contain_text("🟢 Approved")
    expect(card).to_contain_text("Fine by me.")
    expect(card.locator("[data-action-id]")).to_have_text(["Revoke"])
    ana.screenshot("03-approved")

    thread = ana.opens_thread(arn)
    expect(thread).to_contain_text("Approved by @Ana Silva")
    expect(thread).to_contain_text(consequence(1, Status.APPROVED, Outcome(None, 1)))
    deployed = "Endpoint fraud-checkout-prod is in service with fraud-checkout version 1."
    expect(thread).to_contain_text(deployed)
    ana.screenshot("04-thread")

    ana.goes_to(RELEASES)
    notices = ana.page.locator("#messages").get_by_test_id("message")
    approved = "fraud-checkout version 1: Approved by @Ana Silva"
    expect(notices.filter(has_text=approved)).to_have_count(1)
    expect(notices.filter(has_text=deployed)).to_have_count(1)
    ana.screenshot("05-notice")

    assert world.status(arn) == "Approved"


def test_a_rejection_asks_for_a_comment_and_turns_the_card_red(
    world: Embedded, open_page: Callable[..., Person], register: Callable[..., str]
) -> None:
    arn = register("fraud-wallet")
    chloe = open_page(CHLOE)
    form = chloe.opens_form(arn, "reject")
    expect(form).to_contain_text(production(1, Status.REJECTED, Outcome(None, None), now=True))
    chloe.submits()
    expect(form.get_by_test_id("field-error")).to_be_visible()
    chloe.screenshot("06-comment-needed")

    chloe.decides_in_form("Recall fell below what we promised.")
    card = chloe.card(arn)
    expect(card).to_contain_text("🔴 Rejected")
    expect(card.locator("[data-action-id]")).to_have_text(["Reinstate"])
    chloe.screenshot("07-rejected")

    expect(chloe.opens_thread(arn)).to_contain_text("Rejected by @Chloe Martin")
    assert world.status(arn) == "Rejected"


def test_a_rejected_version_is_reinstated(
    world: Embedded, open_page: Callable[..., Person], register: Callable[..., str]
) -> None:
    arn = register("fraud-refunds")
    ana = open_page(ANA)
    ana.decides(arn, "reject", "Not before the audit.")
    expect(ana.card(arn)).to_contain_text("🔴 Rejected")

    form = ana.opens_form(arn, "reinstate")
    expect(form).to_contain_text(production(1, Status.APPROVED, Outcome(None, 1), now=True))
    ana.comments("The audit is through.")
    ana.screenshot("08-reinstate-form")
    ana.submits()
    expect(form).to_contain_text("Done: fraud-refunds version 1 is reinstated.")
    ana.closes()
    card = ana.card(arn)
    expect(card).to_contain_text("🟢 Approved")
    expect(card).to_contain_text("by @Ana Silva: “The audit is through.”")
    ana.screenshot("09-reinstated")

    expect(ana.opens_thread(arn)).to_contain_text("Reinstated by @Ana Silva")
    assert world.status(arn) == "Approved"


def test_a_revoked_version_is_replaced_by_the_one_before_it(
    world: Embedded, open_page: Callable[..., Person], register: Callable[..., str]
) -> None:
    register("fraud-transfers", "Approved")
    arn = register("fraud-transfers")
    ana = open_page(ANA)
    form = ana.opens_form(arn, "approve")
    expect(form).to_contain_text(production(2, Status.APPROVED, Outcome(1, 2), now=True))
    ana.submits()
    expect(form).to_contain_text("Done: fraud-transfers version 2 is approved.")
    ana.closes()
    expect(ana.card(arn)).to_contain_text("🟢 Approved")

    form = ana.opens_form(arn, "revoke")
    expect(form).to_contain_text(production(2, Status.REJECTED, Outcome(2, 1), now=True))
    ana.comments("False alarms doubled since the release.")
    ana.screenshot("10-revoke-form")
    ana.submits()
    expect(form).to_contain_text("Done: fraud-transfers version 2 is revoked.")
    ana.closes()
    card = ana.card(arn)
    expect(card).to_contain_text("↩️ Revoked")
    expect(card).to_contain_text("by @Ana Silva: “False alarms doubled since the release.”")
    ana.screenshot("11-revoked")

    expect(ana.opens_thread(arn)).to_contain_text("Revoked by @Ana Silva")
    ana.goes_to(RELEASES)
    notices = ana.page.locator("#messages")
    expect(notices).to_contain_text("fraud-transfers version 2: Revoked by @Ana Silva")
    assert world.status(arn) == "Rejected"
