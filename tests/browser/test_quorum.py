"""Several people, each with a window of their own, and one card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.page import NARROW
from tests.world.embedded import ANA, BEN, CHLOE

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.page import Person
    from tests.world.embedded import Embedded

CREDIT = "C0CREDIT00"


def test_two_people_decide_and_the_submitter_may_not(
    world: Embedded, open_page: Callable[..., Person]
) -> None:
    arn = world.register(
        world.new_group("credit"), CustomerMetadataProperties={"submitted-by": ANA}
    )
    world.card(arn)
    ana, ben, chloe = (open_page(who, CREDIT) for who in (ANA, BEN, CHLOE))

    ana.opens_form(arn, "approve")
    expect(ana.modal).to_contain_text("You registered this version, so you may not approve it.")
    ana.screenshot("quorum-own-version")

    ben.opens_form(arn, "approve")
    expect(ben.modal).to_contain_text("Your vote is 1 of 2; then risk is missing.")
    expect(ben.page.get_by_test_id("modal-submit")).to_have_text("Approve (1 of 2)")
    ben.screenshot("quorum-form")
    ben.decides_in_form("AUC is up by two points.")
    expect(chloe.card(arn)).to_contain_text(
        "Approve, 1 of 2 votes: @Ben Okoye for ml-leads, waiting for risk"
    )
    chloe.screenshot("quorum-one-of-two")

    chloe.opens_form(arn, "approve")
    expect(chloe.modal).to_contain_text("Your vote completes it: version 1 is deployed now.")
    expect(chloe.modal).to_contain_text("@Ben Okoye voted for it, for ml-leads")
    expect(chloe.page.get_by_test_id("modal-submit")).to_have_text("Approve and deploy")
    chloe.screenshot("quorum-last-form")
    chloe.decides_in_form("Bias is fine.")
    expect(ben.card(arn)).to_contain_text("@Chloe Martin (risk): “Bias is fine.”")
    ben.opens_thread(arn)
    expect(ben.thread).to_contain_text("voted to approve")
    ben.screenshot("quorum-reached")

    answer = ben.asks(f"/model-status history {world.describe(arn)['ModelPackageGroupName']}")
    expect(answer).to_contain_text("voted to approve")
    expect(answer).to_contain_text("tried to approve and was refused")
    ben.screenshot("quorum-history")


def test_somebody_who_voted_at_the_same_time_sees_the_form_again_with_the_comment(
    world: Embedded, open_page: Callable[..., Person]
) -> None:
    arn = world.register(world.new_group("credit"))
    world.card(arn)
    ben, chloe = open_page(BEN, CREDIT), open_page(CHLOE, CREDIT, NARROW)
    chloe.opens_form(arn, "approve")
    expect(chloe.modal).to_contain_text("Your vote is 1 of 2; then ml-leads is missing.")
    chloe.comments("Bias is fine.")
    ben.decides(arn, "approve", "AUC is up.")
    chloe.submits()

    expect(chloe.modal).to_contain_text("Somebody else voted meanwhile")
    expect(chloe.modal.locator("[data-block-id='comment']")).to_have_value("Bias is fine.")
    chloe.screenshot("quorum-form-again")
    assert chloe.scrolls_sideways() == []
    chloe.decides_in_form("Bias is fine, as I said.")
    expect(chloe.card(arn)).to_contain_text("Bias is fine, as I said.")


def test_a_vote_can_be_withdrawn(world: Embedded, open_page: Callable[..., Person]) -> None:
    arn = world.register(world.new_group("credit"))
    world.card(arn)
    ben = open_page(BEN, CREDIT)
    ben.decides(arn, "approve", "AUC is up.")
    expect(ben.card(arn)).to_contain_text("1 of 2")

    ben.clicks(ben.card(arn), "withdraw")

    expect(ben.card(arn)).not_to_contain_text("1 of 2")
    expect(ben.card(arn).locator("[data-action-id='withdraw']")).to_have_count(0)
