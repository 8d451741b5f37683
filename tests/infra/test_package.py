"""What is put into the archive that Lambda gets, by the patterns of serverless.yml."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import pytest

from tests.infra.cloudformation import ROOT, service

if TYPE_CHECKING:
    from pathlib import Path

FOLDERS = ("bot", "handlers", "infra", "tests")


def packed() -> list[Path]:
    """Files are taken or left by the last pattern that matches (Serverless Framework's guide)."""
    found = (path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.is_file())
    top = (path for path in ROOT.iterdir() if path.is_file())
    return [path for path in (*top, *found) if is_packed(str(path.relative_to(ROOT)))]


def is_packed(path: str) -> bool:
    taken = True
    for pattern in service()["package"]["patterns"]:
        leaves = pattern.startswith("!")
        if fnmatchcase(path, pattern.removeprefix("!")):
            taken = not leaves
    return taken


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What Lambda unpacks, without the libraries."""
    folder = tmp_path_factory.mktemp("archive")
    for path in packed():
        target = folder / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    return folder


@pytest.mark.parametrize("function", service()["functions"])
def test_a_handler_finds_all_that_it_imports_in_the_archive(archive: Path, function: str) -> None:
    handler = service()["functions"][function]["handler"].rpartition(".")[0]
    everything = """
import importlib, pkgutil, bot
for each in pkgutil.walk_packages(bot.__path__, "bot."):
    importlib.import_module(each.name)
"""
    done = run(archive, f"import {handler}\n{everything}")

    assert done.returncode == 0, done.stderr


def test_the_rules_are_found_in_the_archive_where_the_functions_look(archive: Path) -> None:
    name = service()["provider"]["environment"]["APPROVALS_FILE"]
    done = run(
        archive, "from bot import wiring\nprint(wiring.rules().channel)", APPROVALS_FILE=name
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("C")


def run(folder: Path, program: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run *program* where nothing of ours but the archive can be imported."""
    return subprocess.run(  # noqa: S603 - the interpreter that runs the tests
        [sys.executable, "-c", program],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_the_archive_holds_nothing_that_the_functions_do_not_need() -> None:
    paths = [path.relative_to(ROOT) for path in packed()]

    assert {path.parts[0] for path in paths} == {"bot", "handlers", "infra"}
    assert [path.name for path in paths if path.parts[0] == "infra"] == ["approvals.yml"]
    assert [path for path in paths if path.suffix == ".pyc"] == []
