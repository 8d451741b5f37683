"""The page as a person uses it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Locator, Page, expect

from tests.world.embedded import ROOT, Embedded

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SCREENSHOTS = ROOT / "build" / "screenshots"
WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 390, "height": 800}
PATIENCE = 30_000
"""The limit of a wait for an element, in milliseconds."""

expect.set_options(timeout=PATIENCE)


@dataclass
class Person:
    """A person with a browser window of their own."""

    page: Page
    world: Embedded
    errors: list[str]
    """Errors of the page itself. A test that leaves any here fails."""

    @classmethod
    def open_page(
        cls, browser: Browser, world: Embedded, who: str, channel: str, size: Any = None
    ) -> Person:
        page = browser.new_context(viewport=size or WIDE).new_page()
        page.set_default_timeout(PATIENCE)
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.extend(_violation(message.text)))
        page.goto(f"{world.slack}/#{channel}")
        page.get_by_test_id("person").select_option(who)
        return cls(page, world, errors)

    def goes_to(self, channel: str) -> None:
        self.page.evaluate("channel => { location.hash = channel }", channel)
        if channel.startswith("C"):
            current = self.page.get_by_test_id(f"channel-{channel}")
            expect(current).to_have_attribute("aria-current", "page")

    def card(self, arn: str) -> Locator:
        """The card of *arn* in its channel; the thread may show it once more."""
        ts = self.world.card(arn)["ts"]
        return self.page.locator(f"#messages [data-testid=message][data-ts='{ts}']")

    def clicks(self, place: Locator, action: str) -> None:
        place.locator(f"[data-action-id='{action}']").click()

    def opens_form(self, arn: str, action: str) -> Locator:
        self.clicks(self.card(arn), action)
        modal = self.modal
        expect(modal).to_be_visible()
        return modal

    @property
    def modal(self) -> Locator:
        return self.page.get_by_test_id("modal")

    @property
    def thread(self) -> Locator:
        return self.page.get_by_test_id("thread")

    @property
    def private_message(self) -> Locator:
        """The newest message that only this person sees."""
        return self.page.locator("#messages").get_by_test_id("ephemeral").last

    def comments(self, text: str) -> None:
        self.modal.locator("[data-block-id='comment']").fill(text)

    def submits(self) -> None:
        self.page.get_by_test_id("modal-submit").click()

    def closes(self) -> None:
        """Close the form, or what became of it."""
        self.page.get_by_test_id("modal-close").click()
        expect(self.modal).to_have_count(0)

    def decides(self, arn: str, action: str, comment: str) -> None:
        self.opens_form(arn, action)
        self.decides_in_form(comment)

    def decides_in_form(self, comment: str) -> None:
        """Submit the open form, wait for the receipt, and close that."""
        self.comments(comment)
        self.submits()
        expect(self.modal).to_contain_text("Done: ")
        self.closes()

    def opens_thread(self, arn: str) -> Locator:
        self.card(arn).get_by_test_id("replies").click()
        expect(self.thread).to_be_visible()
        return self.thread

    def asks(self, text: str) -> Locator:
        """Type a question into the box; returns its answer."""
        before = self.page.locator("#messages").get_by_test_id("ephemeral").count()
        box = self.page.get_by_test_id("composer")
        box.fill(text)
        self.page.get_by_test_id("send").click()
        answers = self.page.locator("#messages").get_by_test_id("ephemeral")
        expect(answers).to_have_count(before + 1)
        return answers.last

    def screenshot(self, name: str) -> None:
        """Save a screenshot, for somebody to look at."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png", animations="disabled")

    def scrolls_sideways(self) -> list[str]:
        """The elements that are wider than their place, from the window to lists and dialogs."""
        elements: list[str] = self.page.evaluate(SIDEWAYS)
        return elements

    def stop_updates(self) -> None:
        """From now on, this window gets no updates."""
        self.page.route(re.compile(r"/client/state\?after"), lambda _: None)


SIDEWAYS = """
() => [document.documentElement, document.body,
       ...document.querySelectorAll(".messages, .home-blocks, .modal, .modal-body, #composer-form")]
  .filter((node) => node.scrollWidth > node.clientWidth + 1)
  .map((node) => `${node.tagName}#${node.id}.${node.className}`)
"""


def _violation(text: str) -> list[str]:
    return [text] if "Content Security Policy" in text or "Content-Security-Policy" in text else []
