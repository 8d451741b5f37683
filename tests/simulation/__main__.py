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

from tests.simulation.run import Result, from_seed, shrink


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
    return parser.parse_args()


def _short(seed: int) -> tuple[int, str]:
    """Run the story of *seed*; return its steps, and the promise that it breaks."""
    result = from_seed(seed)
    return result.steps, result.kind


def _tell(result: Result) -> None:
    _write("", str(result.broken), *(f"    {line}" for line in result.lines), "")
    _write(*result.transcript)


def _write(*lines: str) -> None:
    sys.stdout.write("\n".join([*lines, ""]))


if __name__ == "__main__":
    sys.exit(main())
