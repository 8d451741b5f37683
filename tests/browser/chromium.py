"""Finds a Chromium on this machine, or gets one. Without it the tests fail: they never skip."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

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
        f"These tests need Chromium. None of {', '.join(NAMES)} is on the PATH, and installing one "
        "failed. Install the package chromium, or set CHROMIUM to the path of the program."
    )


def _first(which: Which) -> str | None:
    return next((path for name in NAMES if (path := which(name))), None)
