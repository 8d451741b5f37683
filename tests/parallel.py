"""How the tests run in several processes: which process runs what, and what is made once."""

from __future__ import annotations

import os
from fcntl import LOCK_EX, flock
from typing import TYPE_CHECKING

from xdist.scheduler import LoadFileScheduling

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

ALONE = ("tests/bench/", "tests/browser/", "tests/runtime/")
"""Tests that measure time or wait for a browser or an emulator: one process runs all of them."""
APART = "tests/simulation/"
"""The simulation has parts, and any process may run any of them."""


class Scheduling(LoadFileScheduling):
    """One process runs a file from its first test to its last, since the tests share servers."""

    def _split_scope(self, nodeid: str) -> str:
        """Return what one process runs together with *nodeid*."""
        if nodeid.startswith(APART):
            return nodeid
        return "alone" if nodeid.startswith(ALONE) else super()._split_scope(nodeid)


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """Return the folder *name*, which *make* fills once for all processes of this run."""
    base = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent
    folder, ready = base / name, base / f"{name}.ready"
    with (base / f"{name}.lock").open("w") as lock:
        flock(lock, LOCK_EX)
        if not ready.exists():
            folder.mkdir(exist_ok=True)
            make(folder)
            ready.touch()
    return folder
