"""The archive for this machine, as tests use it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zipfile import ZipFile

from infra import package
from tests.parallel import once

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def unpacked_here(factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the archive for this machine, unpacked; it is built once in a run."""
    return once(factory, "archive-for-here", _build) / "task"


def _build(folder: Path) -> None:
    package.build(folder / "here.zip", here=True)
    with ZipFile(folder / "here.zip") as opened:
        opened.extractall(folder / "task")
