"""
A headless Chromium for the browser tests and the README's pictures: found on this machine, or
installed. Knows nothing of what it will show.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from playwright.sync_api import Browser

    Which = Callable[[str], str | None]
    Run = Callable[[Sequence[str]], bool]

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A running browser. Raises NoChromiumError."""
    path = find()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


class NoChromiumError(Exception):
    """There is none, and there is no way to one; says what to do."""


def succeeds(command: Sequence[str]) -> bool:
    """Run *command*; what it says is for the person in front of the terminal."""
    return subprocess.run(command, check=False).returncode == 0  # noqa: S603 - our own words


def find(
    environment: Mapping[str, str] = os.environ,
    which: Which = shutil.which,
    run: Run = succeeds,
    *,
    is_root: bool | None = None,
) -> str | None:
    """
    The path of a Chromium; None for Playwright's own, which was just installed.

    Raises NoChromiumError.
    """
    if named := environment.get("CHROMIUM"):
        if found := which(named):
            return found
        raise NoChromiumError(f"CHROMIUM is set to {named}, and there is no such program.")
    if found := _first(which):
        return found
    if os.geteuid() == 0 if is_root is None else is_root:
        packaged = run(["apt-get", "update"]) and run(["apt-get", "install", "-y", "chromium"])
        if packaged and (found := _first(which)):
            return found
    elif run([sys.executable, "-m", "playwright", "install", "chromium"]):
        return None
    raise NoChromiumError(
        f"This needs Chromium. None of {', '.join(NAMES)} is on the PATH, and installing one "
        "failed. Install the package chromium, or set CHROMIUM to the path of the program."
    )


def _first(which: Which) -> str | None:
    return next((path for name in NAMES if (path := which(name))), None)
