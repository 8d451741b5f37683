from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.infra.archive import unpacked_here
from tests.runtime.emulator import NotFetched, fetch
from tests.runtime.lambdas import Image, image
from tests.world.embedded import ROOT, Embedded, end

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def runs_on(tmp_path_factory: pytest.TempPathFactory) -> Image:
    """The archive for this machine, unpacked where AWS's runtime finds it."""
    folder = tmp_path_factory.mktemp("image")
    emulator = _emulator()
    return image(emulator, unpacked_here(tmp_path_factory), folder)


def _emulator() -> Path:
    try:
        return fetch()
    except NotFetched as reason:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"AWS's Lambda emulator is not here: {reason}")


@dataclass(frozen=True)
class Deployed:
    """A running world, and the environment of the functions in it."""

    world: Embedded
    environment: dict[str, str]


@pytest.fixture(scope="module")
def deployed(runs_on: Image, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    """The embedded world with the archive in it, its processes ended by their ids."""
    folder = tmp_path_factory.mktemp("deployed")
    logs, stderr_path = folder / "functions.log", folder / "stderr.log"
    program = ["-m", "tests.runtime.world", runs_on.emulator, runs_on.bootstrap, runs_on.task]
    with stderr_path.open("w", encoding="utf-8") as stderr:
        process = subprocess.Popen(  # noqa: S603 - the interpreter that runs the tests
            [sys.executable, *program, logs],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )
        with process:
            try:
                yield _deployed(process, logs, stderr_path)
            finally:
                process.terminate()
                end(process)


def _deployed(process: subprocess.Popen[str], logs: Path, stderr_path: Path) -> Deployed:
    assert process.stdout is not None
    ready, _, _ = select.select([process.stdout], [], [], 60)
    line = process.stdout.readline() if ready else ""
    assert line, f"the world did not start.\n{stderr_path.read_text(encoding='utf-8')}"
    printed = json.loads(line)
    world = Embedded(**printed["addresses"], logs=logs, stderr=stderr_path)
    return Deployed(world, printed["environment"])
