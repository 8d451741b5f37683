"""
Plant bugs in copies of the bot, one at a time, and see which of them the simulation finds.

    python -m tests.simulation.plant [--seconds 600] [--jobs 2] [NAME ...]

`make planted-bugs` does the same. The bugs are in `bugs.toml`. In the copy of each, the stories of
seed 0 and up are told, until one breaks a promise or the time is over.

The time is what the process uses of the CPU, so neither another job nor a busy machine changes what
is found. By default it is 600 seconds for each bug: `make simulate` uses two cores, so this is what
it does within five minutes.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import tomllib
from argparse import ArgumentParser, Namespace
from asyncio.subprocess import PIPE
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree, ignore_patterns
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT: Final = Path(__file__).resolve().parents[2]
COPIED: Final = ("bot", "tests")
"""The folders that the simulation is in, and what it imports."""
SEEDS: Final = "0-999999"
"""More than there is time for."""
INTERRUPTED: Final = 130
"""The exit status of a command that was interrupted, as shells have it."""


@dataclass(frozen=True)
class Bug:
    """A mistake in one file: the text *before*, which occurs once, becomes *after*."""

    name: str
    area: str
    file: str
    before: str
    after: str

    def planted_in(self, source: str) -> str:
        """Return *source*, which is that of its file, with the bug."""
        if source.count(self.before) != 1:
            raise ValueError(f"{self.name}: `before` has to occur once in {self.file}")
        return source.replace(self.before, self.after)


def all_bugs() -> list[Bug]:
    """Read the bugs from `bugs.toml`."""
    text = Path(__file__).with_name("bugs.toml").read_text(encoding="utf-8")
    return [Bug(**each) for each in tomllib.loads(text)["bug"]]


def main() -> int:
    """Plant each bug that is asked for, and print what the simulation made of it."""
    options = _options()
    try:
        missed = asyncio.run(_try_all(options.bugs, options.seconds, options.jobs))
    except (KeyboardInterrupt, asyncio.CancelledError):
        return INTERRUPTED
    many = len(options.bugs)
    _write(f"{many - len(missed)} of {many} found")
    if missed:
        _write(f"{len(missed)} not found: {', '.join(bug.name for bug in missed)}")
    return 0


def _options() -> Namespace:
    parser = ArgumentParser(prog="python -m tests.simulation.plant")
    parser.add_argument("--seconds", type=int, default=600, help="of CPU time, for each bug")
    parser.add_argument("--jobs", type=int, default=2, help="how many bugs are tried at once")
    parser.add_argument("names", nargs="*", metavar="NAME", help="a bug; without names, all")
    options, bugs = parser.parse_args(), {bug.name: bug for bug in all_bugs()}
    if unknown := [name for name in options.names if name not in bugs]:
        parser.error(f"there is no bug {', '.join(unknown)}")
    options.bugs = [bugs[name] for name in options.names or bugs]
    return options


async def _try_all(bugs: Sequence[Bug], seconds: int, jobs: int) -> list[Bug]:
    """Try *bugs*, so many *jobs* at once; return those that were not found."""
    if task := asyncio.current_task():
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    places = asyncio.Semaphore(jobs)
    found = await asyncio.gather(*(_try(bug, seconds, places) for bug in bugs))
    return [bug for bug, is_found in zip(bugs, found, strict=True) if not is_found]


async def _try(bug: Bug, seconds: int, places: asyncio.Semaphore) -> bool:
    """Run the simulation on a copy with *bug*; print what came of it, and return if it is found."""
    async with places:
        with _copy_with(bug) as folder:
            code, last = await _simulate(folder, seconds)
    if code > 1 or (code and not last):
        raise RuntimeError(f"the simulation could not be run with {bug.name}")
    is_found = code == 1
    _write(f"{bug.name:44} {bug.area:9} {'found' if is_found else 'NOT FOUND':9} {last}")
    return is_found


@contextmanager
def _copy_with(bug: Bug) -> Iterator[str]:
    """Make a copy of what the simulation needs, with *bug* in it, for as long as it takes."""
    with TemporaryDirectory(prefix="planted-bug-") as folder:
        for name in COPIED:
            copytree(ROOT / name, Path(folder, name), ignore=ignore_patterns("__pycache__"))
        file = Path(folder, bug.file)
        file.write_text(bug.planted_in(file.read_text(encoding="utf-8")), encoding="utf-8")
        yield folder


async def _simulate(folder: str, seconds: int) -> tuple[int, str]:
    """Return how the simulation in *folder* ended, and the last line that it wrote."""
    command = ("-m", "tests.simulation", "--seeds", SEEDS, "--until-broken", str(seconds))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, *command),
        cwd=folder,
        env=os.environ | {"PYTHONPATH": folder},
        stdout=PIPE,
        start_new_session=True,  # Ctrl-C is for this process, which ends that one
    )
    try:
        output, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return process.returncode or 0, output.decode().strip().rpartition("\n")[2]


def _write(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
