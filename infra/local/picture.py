"""Take the README's pictures: a card of the example, and the form behind its button."""

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
_COMMENT: Final = "Recall is up by two points at the same precision. Bias report read."


def main() -> None:
    """Start the world with its example, and take the card and the form."""
    world = World()
    world.start()
    example.fill(world.addresses["aws"])
    world.settle()
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1100, "height": 900}, device_scale_factor=1.5)
        _take(page, f"{world.addresses['slack']}/#{_CHANNEL}")
    world.stop()


def _take(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_test_id("message").screenshot(path=HERE / "card.png")
    page.locator("[data-action-id=approve]").click()
    page.get_by_test_id("modal").locator("textarea").fill(_COMMENT)
    page.get_by_test_id("modal").screenshot(path=HERE / "form.png")


if __name__ == "__main__":
    main()
