"""
A headless Chromium for the browser tests and the README's pictures: this machine's, or one that
is installed when there is none.
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
    """Start a browser and close it afterwards. Raises NoChromiumError."""
    path = find()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


class NoChromiumError(Exception):
    """There is no Chromium and it cannot be installed; the message says what to do."""


def succeeds(command: Sequence[str]) -> bool:
    """Run *command* with its output on the terminal, and return whether it succeeded."""
    return subprocess.run(command, check=False).returncode == 0  # noqa: S603 - fixed arguments


def find(
    environment: Mapping[str, str] = os.environ,
    which: Which = shutil.which,
    run: Run = succeeds,
    *,
    is_root: bool | None = None,
) -> str | None:
    """
    Return the path of a Chromium; None for Playwright's own, which was just installed.

    Raises NoChromiumError.
    """
    if name := environment.get("CHROMIUM"):
        if path := which(name):
            return path
        raise NoChromiumError(f"CHROMIUM is set to {name}, and there is no such program.")
    if path := _first(which):
        return path
    if os.geteuid() == 0 if is_root is None else is_root:
        installed = run(["apt-get", "update"]) and run(["apt-get", "install", "-y", "chromium"])
        if installed and (path := _first(which)):
            return path
    elif run([sys.executable, "-m", "playwright", "install", "chromium"]):
        return None
    raise NoChromiumError(
        f"This needs Chromium. None of {', '.join(NAMES)} is on the PATH, and installing one "
        "failed. Install the package chromium, or set CHROMIUM to the path of the program."
    )


def _first(which: Which) -> str | None:
    return next((path for name in NAMES if (path := which(name))), None)
