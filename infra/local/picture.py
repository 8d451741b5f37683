"""Take the README's pictures: a card of the example, the form behind its button, and a vote."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from infra.local import example
from infra.local.browser import chromium
from infra.local.world import World

if TYPE_CHECKING:
    from playwright.sync_api import Page

HERE: Final = Path(__file__).parent
_CHANNEL: Final = "C0FRAUD000"
_QUORUM: Final = "C0CREDIT00"
_BEN: Final = "U0BEN00000"
_COMMENT: Final = "Recall is up by two points at the same precision. Bias report read."


def main() -> None:
    """Start the world with its example and take the three pictures."""
    world = World()
    world.start()
    example.fill(world.addresses["aws"])
    world.settle()
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1100, "height": 900}, device_scale_factor=1.5)
        _take_card_and_form(page, f"{world.addresses['slack']}/#{_CHANNEL}")
        page.get_by_test_id("modal-close").click()
        _take_vote(page, f"{world.addresses['slack']}/#{_QUORUM}")
    world.stop()


def _take_card_and_form(page: Page, url: str) -> None:
    page.goto(url)
    page.get_by_test_id("message").screenshot(path=HERE / "card.png")
    page.locator("[data-action-id=approve]").click()
    page.get_by_test_id("modal").get_by_text("Your vote decides it").wait_for()
    page.get_by_test_id("modal").locator("textarea").fill(_COMMENT)
    page.get_by_test_id("modal").screenshot(path=HERE / "form.png")


def _take_vote(page: Page, url: str) -> None:
    page.goto(url)
    page.get_by_test_id("person").select_option(_BEN)
    page.locator("[data-action-id=approve]").click()
    page.get_by_test_id("modal").locator("textarea").fill(_COMMENT)
    page.get_by_test_id("modal-submit").click()
    page.locator("[data-action-id=withdraw]").wait_for()
    page.get_by_test_id("modal-close").click()
    page.get_by_test_id("message").screenshot(path=HERE / "vote.png")


if __name__ == "__main__":
    main()
