from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.infra.cloudformation import ROOT


def test_the_import_contracts_hold() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(  # noqa: S603 - the tool beside the interpreter that runs this
        [program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )

    assert done.returncode == 0, done.stdout
    assert "6 kept, 0 broken" in done.stdout


def test_ci_runs_what_a_newcomer_runs() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    assert "make check" in script
    assert "make test" in script
    for tool in ("ruff format --check", "ruff check", "mypy", "lint-imports"):
        assert f"/{tool}\n" in makefile
