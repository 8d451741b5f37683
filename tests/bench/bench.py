"""
The benchmark: `python -m tests.bench.bench`.

Times ours beside a textbook bot under AWS's own Lambda runtime, with the same requests, in turns;
weighs the archives; counts the calls that a decision takes. It prints the report and writes it to
build/bench.md, which says whether goals are met. A missed goal is no error.
"""

from __future__ import annotations

import os
import platform
import sys
from argparse import ArgumentParser
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from infra import package
from tests.bench import bots, gates, report, timing
from tests.bench.calls import count
from tests.bench.events import CLICK
from tests.bench.quota import AS_DEPLOYED, NO_LIMIT, PROFILES
from tests.bench.stand_in import standing_in
from tests.runtime.emulator import VERSION, fetch

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.bench.bots import Bot
    from tests.bench.timing import AllTimes, Plan

REPORT: Final = package.ROOT / "build" / "bench.md"
THOROUGH: Final = timing.Plan(colds=7, warms=30)
QUICK: Final = timing.Plan(colds=1, warms=2)


def main() -> None:
    """Run the benchmark and print the report."""
    parser = ArgumentParser(prog="python -m tests.bench.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="each but once: to see that it works")
    parser.add_argument(
        "--bytecode",
        action="store_true",
        help="a cold click of both with and without compiled files, and no more",
    )
    arguments = parser.parse_args()
    plan = QUICK if arguments.quick else THOROUGH
    with TemporaryDirectory() as scratch:
        run = bytecode if arguments.bytecode else everything
        text = run(Path(scratch), plan)
    sys.stdout.write(text)
    if not arguments.bytecode:
        REPORT.parent.mkdir(exist_ok=True)
        REPORT.write_text(text, encoding="utf-8")


def everything(folder: Path, plan: Plan) -> str:
    """The report."""
    began = load()
    pair = both(folder)
    times: AllTimes = {}
    with standing_in() as server:
        for profile in PROFILES:
            note(profile.name)
            times |= timing.measure(pair, profile, plan, server)
    busy = f"{began} before and {load()} after"
    note("calls")
    with quiet():
        steps = count()
    results = report.Results(times, sizes(folder), steps)
    parts = (report.table(results), report.goals(results), report.calls(results), how(plan, busy))
    return "\n".join(parts)


def both(folder: Path) -> tuple[Bot, ...]:
    """Ours and the textbook's."""
    emulator = fetch()
    return bots.ours(emulator, folder / "ours"), bots.textbook(emulator, folder / "textbook")


def sizes(folder: Path) -> Mapping[str, Mapping[str, int | None]]:
    """Bytes of the archives."""
    here = {bot: size(bots.archive(folder / bot)) for bot in (bots.OURS, bots.TEXTBOOK)}
    return {
        "Python 3.13 on arm64, as deployed": {bots.OURS: for_lambda(folder / "bot.zip")},
        f"Python {platform.python_version()} on {platform.machine()}, as timed": here,
    }


def size(path: Path) -> int:
    return path.stat().st_size


def for_lambda(archive: Path) -> int | None:
    """Bytes of what is deployed; None if its libraries cannot be had here."""
    try:
        package.build(archive)
    except package.BuildFailed:
        return None
    return size(archive)


def bytecode(folder: Path, plan: Plan) -> str:
    """A cold click of both, with and without compiled files in the archive."""
    ours, textbook = both(folder)
    plain = bots.plain(ours, folder / "ours-plain")
    four = (ours, plain, textbook, bots.compiled(textbook, folder / "textbook-compiled"))
    only = timing.Plan(plan.colds, 0, (CLICK,))
    times: AllTimes = {}
    with standing_in() as server:
        for profile in (NO_LIMIT, AS_DEPLOYED):
            times |= timing.measure(four, profile, only, server)
    weights = {bot.name: size(bots.archive(bot.image.task.parent)) for bot in four}
    return report.bytecode(times, weights)


def how(plan: Plan, busy: str) -> str:
    """How it was measured, and what that cannot say."""
    return f"""\
Times are medians, with the nine in ten that took no longer in parentheses: {plan.colds} cold starts
and {plan.warms} warm calls of each kind, the bots in turns. Cold is a new process of AWS's Lambda
runtime with its first call, driven by AWS's emulator ({VERSION}). Compare the columns, not the
seconds with Lambda's: this was Python {platform.python_version()} on {platform.machine()}, with
{os.cpu_count()} processors and a load of {busy}. The benchmark itself makes a load of one or two;
more means that something else was at work, and the times are too long.

A size in MB is the share of a processor that Lambda gives for it (1,769 MB is one), held by
{gates.means()}.
“Import unlimited” is the same from the first call on, and no limit while the handler is imported:
Lambda is said to give more until then.

AWS and Slack are stand-ins that answer at once and without TLS, and nothing is downloaded or
unpacked. The textbook's archive has no compiled files, as SAM and the Serverless Framework make it;
with `--bytecode` the benchmark says what they do for each.
Decisions are counted in the embedded world, in a group of five versions with one other card that
changes; what Lambda itself does to take a message from the queue is not counted.
"""


@contextmanager
def quiet() -> Iterator[None]:
    """Keep what the functions log, which are in this process then, out of the report."""
    sys.stdout.flush()
    out, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    try:
        yield
    finally:
        sys.stdout.flush()
        os.dup2(out, 1)
        os.close(out)
        os.close(nowhere)


def load() -> str:
    return f"{os.getloadavg()[0]:.1f}"


def note(what: str) -> None:
    """Write to stderr what is being done."""
    sys.stderr.write(f"{what} …\n")


if __name__ == "__main__":
    main()
