from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.runtime.emulator import FOLDER, WHEEL, NotFetched, fetch

if TYPE_CHECKING:
    from pathlib import Path

    from tests.runtime.lambdas import Image


def test_an_emulator_that_is_not_the_pinned_one_is_never_started(
    runs_on: Image, tmp_path: Path
) -> None:
    assert runs_on.emulator.is_relative_to(FOLDER)
    shutil.copy(FOLDER / WHEEL, tmp_path / WHEEL)
    with (tmp_path / WHEEL).open("ab") as wheel:
        wheel.write(b"\0")

    with pytest.raises(ValueError, match="is not what it should be"):
        fetch(tmp_path)


def test_the_error_says_why_there_is_no_emulator_without_a_package_registry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")

    with pytest.raises(NotFetched, match="pip cannot fetch the emulator: ERROR"):
        fetch(tmp_path)
