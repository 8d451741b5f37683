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
PATIENCE = 10_000
"""Milliseconds for whatever is to appear."""

expect.set_options(timeout=PATIENCE)


@dataclass
class Person:
    """Somebody in front of a window of their own."""

    page: Page
    world: Embedded
    broken: list[str]
    """What went wrong in the page itself. A test that leaves anything here fails."""

    @classmethod
    def sits_down(
        cls, browser: Browser, world: Embedded, who: str, channel: str, size: Any = None
    ) -> Person:
        page = browser.new_context(viewport=size or WIDE).new_page()
        page.set_default_timeout(PATIENCE)
        broken: list[str] = []
        page.on("pageerror", lambda error: broken.append(str(error)))
        page.on("console", lambda said: broken.extend(_violation(said.text)))
        page.goto(f"{world.slack}/#{channel}")
        page.get_by_test_id("person").select_option(who)
        return cls(page, world, broken)

    def goes_to(self, channel: str) -> None:
        self.page.evaluate("channel => { location.hash = channel }", channel)
        if channel.startswith("C"):
            current = self.page.get_by_test_id(f"channel-{channel}")
            expect(current).to_have_attribute("aria-current", "page")

    def card(self, arn: str) -> Locator:
        """The card of *arn* in its channel; the thread may show it once more."""
        ts = self.world.card(arn)["ts"]
        return self.page.locator(f"#messages [data-testid=message][data-ts='{ts}']")

    def clicks(self, where: Locator, action: str) -> None:
        where.locator(f"[data-action-id='{action}']").click()

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
        """What only this person sees, newest last."""
        return self.page.locator("#messages").get_by_test_id("ephemeral").last

    def comments(self, text: str) -> None:
        self.modal.locator("[data-block-id='comment']").fill(text)

    def submits(self) -> None:
        self.page.get_by_test_id("modal-submit").click()

    def decides(self, arn: str, action: str, comment: str) -> None:
        self.opens_form(arn, action)
        self.comments(comment)
        self.submits()
        expect(self.modal).to_have_count(0)

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

    def shoots(self, name: str) -> None:
        """Keep a picture of what is to be seen, for somebody to look at."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png", animations="disabled")

    def scrolls_sideways(self) -> list[str]:
        """What is wider than its place, from the window down to the lists and the dialogs."""
        found: list[str] = self.page.evaluate(SIDEWAYS)
        return found

    def freezes(self) -> None:
        """From now on, what happens elsewhere does not reach this window."""
        self.page.route(re.compile(r"/client/state\?after"), lambda _: None)


SIDEWAYS = """
() => [document.documentElement, document.body,
       ...document.querySelectorAll(".messages, .home-blocks, .modal, .modal-body, #composer-form")]
  .filter((node) => node.scrollWidth > node.clientWidth + 1)
  .map((node) => `${node.tagName}#${node.id}.${node.className}`)
"""


def _violation(said: str) -> list[str]:
    return [said] if "Content Security Policy" in said or "Content-Security-Policy" in said else []
