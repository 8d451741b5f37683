"""
Go through many stories, and tell the first that breaks a promise: `make simulate SEEDS=0-999`.

Each seed is one story, the same each time and on each machine.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from os import cpu_count
from resource import RLIMIT_CPU, setrlimit
from time import process_time
from typing import TYPE_CHECKING

from tests.simulation.run import Result, from_seed, shrink

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass
class Report:
    """What many stories came to."""

    stories: int = 0
    steps: int = 0
    broken: dict[int, str] = field(default_factory=dict)
    """The promise that the story of a seed breaks."""

    def add(self, seed: int, steps: int, promise: str) -> None:
        """Add one story."""
        self.stories += 1
        self.steps += steps
        if promise:
            self.broken[seed] = promise

    def __str__(self) -> str:
        lines = [f"{self.stories} stories, {self.steps} steps, {len(self.broken)} broken"]
        for promise, many in Counter(self.broken.values()).most_common():
            seeds = [seed for seed, broken in self.broken.items() if broken == promise]
            lines.append(f"  {many} times: {promise} (seeds {', '.join(map(str, seeds[:9]))})")
        return "\n".join(lines)


def main() -> int:
    """Return 1 if any story breaks a promise."""
    options = _options()
    first, _, last = options.seeds.partition("-")
    seeds = range(int(first), int(last or first) + 1)
    if options.transcript:
        _write(*from_seed(seeds[0], transcript=True).transcript)
    if options.until_broken:
        return _until_broken(seeds, options.until_broken)
    report = Report()
    with ProcessPoolExecutor(cpu_count()) as pool:
        for seed, result in zip(seeds, pool.map(_short, seeds, chunksize=8), strict=True):
            report.add(seed, *result)
    _write(str(report))
    if report.broken and options.tell:
        _tell(shrink(from_seed(min(report.broken))))
    return 1 if report.broken else 0


def _options() -> Namespace:
    parser = ArgumentParser(prog="python -m tests.simulation")
    parser.add_argument("--seeds", default="0-999", help="one, or FIRST-LAST")
    parser.add_argument("--tell", action="store_true", help="tell the first that breaks a promise")
    parser.add_argument("--transcript", action="store_true", help="tell the first, call by call")
    parser.add_argument(
        "--until-broken",
        type=int,
        metavar="SECONDS",
        help="stop at the first that breaks a promise, or after so much CPU time of one process",
    )
    return parser.parse_args()


def _until_broken(seeds: Iterable[int], seconds: int) -> int:
    """Run one story after the other; return 1 once one breaks a promise."""
    setrlimit(RLIMIT_CPU, (seconds, seconds))  # by this, a story that never ends is ended as well
    for seed in seeds:
        result = from_seed(seed)
        _write(f"seed {seed}, {process_time():.0f} s: {result.kind or 'every promise holds'}")
        if result.broken:
            return 1
    return 0


def _short(seed: int) -> tuple[int, str]:
    """Run the story of *seed*; return its steps, and the promise that it breaks."""
    result = from_seed(seed)
    return result.steps, result.kind


def _tell(result: Result) -> None:
    _write("", str(result.broken), *(f"    {line}" for line in result.lines), "")
    _write(*result.transcript)


def _write(*lines: str) -> None:
    sys.stdout.write("\n".join([*lines, ""]))
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
