"""Run many stories: `python -m tests.simulation --seeds 0-999`."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import partial

from tests.simulation.run import LENGTH, from_seed, shrink


def one(seed: int, length: int) -> tuple[int, int, str]:
    result = from_seed(seed, length)
    return seed, result.steps, f"{result.kind}: {result.broken}" if result.broken else ""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation")
    parser.add_argument("--seeds", default="0-999", help="FIRST-LAST, or one")
    parser.add_argument("--length", type=int, default=LENGTH)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--tell", action="store_true", help="shrink and print the first that fails")
    parser.add_argument("--transcript", action="store_true", help="print what happens in the first")
    options = parser.parse_args()
    first, _, last = options.seeds.partition("-")
    seeds = range(int(first), int(last or first) + 1)
    if options.transcript:
        print(*from_seed(seeds[0], options.length, transcript=True).transcript, sep="\n")
    steps, kinds, failed = 0, Counter(), []
    with ProcessPoolExecutor(options.processes) as pool:
        for seed, many, broken in pool.map(partial(one, length=options.length), seeds, chunksize=8):
            steps += many
            if broken:
                failed.append(seed)
                kinds[broken.split(":")[0]] += 1
    print(f"{len(seeds)} stories, {steps} steps, {len(failed)} broken")
    for kind, many in kinds.most_common():
        print(f"  {many} × {kind}")
    if failed and options.tell:
        tell(failed[0], options.length)
    if failed:
        print("seeds:", *failed[:20])
    return 1 if failed else 0


def tell(seed: int, length: int) -> None:
    result = shrink(from_seed(seed, length))
    print(f"\nseed {seed}, {result.broken}")
    for line in result.lines:
        print(f"    {line}")
    print(*result.transcript, sep="\n")


if __name__ == "__main__":
    sys.exit(main())
