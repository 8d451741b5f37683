from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.bench import gates

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

BUSY = """
import time
latest = time.monotonic() + 1
while time.monotonic() < latest:
    pass
print(time.process_time())
"""


def controlling(share: float) -> AbstractContextManager[str]:
    if kernel := gates.best():
        return gates.controlling(kernel, share)
    pytest.skip("no control group can be made here")


@pytest.mark.parametrize("gate", [gates.throttling, controlling])
def test_a_process_behind_a_gate_has_its_share_and_no_more(
    gate: Callable[[float], AbstractContextManager[str]],
) -> None:
    with gate(0.25) as line:
        program = f'pid=$$\n{line}\nexec "$0" -c "$1"'
        done = subprocess.run(  # noqa: S603 - a shell that runs the tests' interpreter
            ["/bin/sh", "-c", program, sys.executable, BUSY],
            capture_output=True,
            text=True,
            check=True,
            timeout=30,
        )

    assert float(done.stdout) < 0.6


def test_a_failed_attempt_to_make_a_control_group_leaves_nothing_behind(tmp_path: Path) -> None:
    kernel = gates.Kernel(2, tmp_path, "cpu.max", "{quota} 20000")

    with pytest.raises(FileNotFoundError), gates.controlling(kernel, 0.5):
        pass

    assert list(tmp_path.iterdir()) == []
