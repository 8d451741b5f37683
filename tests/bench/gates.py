"""
Gates: a process that goes through one has a share of a processor from then on, and so has every
process that it starts.

A gate is a line of shell that knows the process as $pid. It uses a control group of the
kernel, version 2 or 1, where one may be made; where none may, `throttle.py`.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.bench import throttle
from tests.world.embedded import until

if TYPE_CHECKING:
    from collections.abc import Iterator

_PERIOD: Final = int(throttle.PERIOD * 1_000_000)
"""Microseconds."""


@dataclass(frozen=True, slots=True)
class Kernel:
    """A version of the kernel's control groups: where they are, and how a limit is written."""

    version: int
    root: Path
    file: str
    form: str

    def limit(self, group: Path, share: float) -> None:
        """Hold *group*, which is made. Raises OSError where that is not allowed."""
        group.mkdir()
        try:
            if not (group / self.file).exists():
                raise FileNotFoundError(group / self.file)
            self._write(group / self.file, self.form.format(quota=int(_PERIOD * share)))
        except OSError:
            group.rmdir()
            raise

    def _write(self, file: Path, text: str) -> None:
        if self.version == 1:
            (file.parent / "cpu.cfs_period_us").write_text(str(_PERIOD))
        file.write_text(text)


KERNELS: Final = (
    Kernel(2, Path("/sys/fs/cgroup"), "cpu.max", f"{{quota}} {_PERIOD}"),
    Kernel(1, Path("/sys/fs/cgroup/cpu"), "cpu.cfs_quota_us", "{quota}"),
)


def best() -> Kernel | None:
    """The control groups that can be made here, if any."""
    for kernel in KERNELS:
        with suppress(OSError), controlling(kernel, 1):
            return kernel
    return None


@contextmanager
def gate(share: float) -> Iterator[str]:
    """The best gate to *share* of a processor that there is here."""
    kernel = best()
    with controlling(kernel, share) if kernel else throttling(share) as line:
        yield line


@contextmanager
def controlling(kernel: Kernel, share: float) -> Iterator[str]:
    """A gate into a control group, which is gone afterwards. Raises OSError if it cannot be."""
    group = kernel.root / f"bench-{os.getpid()}"
    kernel.limit(group, share)
    try:
        yield f"echo $pid > {group}/cgroup.procs"
    finally:
        until(lambda: _gone(group), "an empty control group")


def _gone(group: Path) -> bool:
    """Whether it could be taken away; as long as a process in it is ending, it cannot."""
    with suppress(OSError):
        group.rmdir()
    return not group.exists()


@contextmanager
def throttling(share: float) -> Iterator[str]:
    """A gate behind which a program of its own stops and continues the process."""
    yield f"{sys.executable} -ISB {throttle.__file__} $pid {share} </dev/null >/dev/null 2>&1 &"


def means() -> str:
    """What the gate uses here, in words."""
    if kernel := best():
        return f"a control group of the kernel (version {kernel.version}) with a period of 20 ms"
    return (
        "a program that stops and continues the function every 20 ms; it counts time, not work, "
        "so waiting for the network uses the share up as well"
    )
