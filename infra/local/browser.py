"""A headless Chromium: found on this machine, or installed. Knows nothing of what it will show."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

_NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
_QUIET: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""A browser that calls nobody: what it looks up in the background, this machine may not reach."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """A running browser. Raises RuntimeError if there is none and none can be installed."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=list(_QUIET))
        try:
            yield browser
        finally:
            browser.close()


def executable() -> str:
    """Where Chromium is, installing it with Debian's packages if it is nowhere."""
    return os.environ.get("CHROMIUM") or _found() or _installed()


def _found() -> str | None:
    return next(filter(None, map(shutil.which, _NAMES)), None)


def _installed() -> str:
    if shutil.which("apt-get") and os.geteuid() == 0:
        for arguments in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
            subprocess.run(["apt-get", *arguments], check=True, stdout=subprocess.DEVNULL)  # noqa: S603, S607
    found = _found()
    if found is None:
        raise RuntimeError(
            "No Chromium here, and none could be installed. Install one (Debian: apt-get install "
            "chromium), or set CHROMIUM to where it is."
        )
    return found
