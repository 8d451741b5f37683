"""
The benchmark: `python -m tests.bench.bench`.

Times ours beside a textbook bot under AWS's own Lambda runtime, with the same requests over TLS, in
turns, both with and without bytecode; weighs the archives; counts the calls that a decision takes.
It prints the report and writes it to build/bench.md, which says whether goals are met. A missed
goal is no error.
"""

from __future__ import annotations

import os
import platform
import sys
from argparse import ArgumentParser
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from infra import package
from tests.bench import bots, gates, report, timing
from tests.bench.calls import count
from tests.bench.events import CLICK, QUESTION
from tests.bench.quota import FULL_SPEED, HALF, HALF_THROTTLED, THROTTLED
from tests.bench.stand_in import standing_in
from tests.runtime.emulator import VERSION, fetch

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.bench.bots import Bot
    from tests.bench.quota import Profile
    from tests.bench.timing import AllTimes, Plan

    Run = tuple[tuple[Bot, ...], Profile, Plan]

REPORT: Final = package.ROOT / "build" / "bench.md"
THOROUGH: Final = timing.Plan(colds=9, warms=30)
QUICK: Final = timing.Plan(colds=1, warms=2)


def main() -> None:
    """Run the benchmark and print the report."""
    parser = ArgumentParser(prog="python -m tests.bench.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="each but once: to see that it works")
    plan = QUICK if parser.parse_args().quick else THOROUGH
    with TemporaryDirectory() as scratch:
        text = everything(Path(scratch), plan)
    sys.stdout.write(text)
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(text, encoding="utf-8")


def everything(folder: Path, plan: Plan) -> str:
    """The report."""
    began = load()
    four = bots.four(fetch(), folder)
    times: AllTimes = {}
    with standing_in() as server:
        for held, profile, part in runs(four, plan):
            note(profile.name)
            times |= timing.measure(held, profile, part, server)
    busy = f"{began} before and {load()} after"
    note("calls")
    with quiet():
        steps = count()
    results = report.Results(times, sizes(four, folder), steps)
    parts = (report.table(results), report.goals(results), report.calls(results), how(plan, busy))
    return "\n".join(parts)


def runs(four: tuple[Bot, ...], plan: Plan) -> Iterator[Run]:
    """What is timed, behind which limit: first as Lambda does it, then with INIT throttled."""
    cold = replace(plan, warms=0)
    clicks, questions = replace(cold, kinds=(CLICK,)), replace(cold, kinds=(QUESTION,))
    workers = tuple(bots.worker(bot) for bot in four if bot.name in {bots.OURS, bots.OURS_PLAIN})
    yield four, FULL_SPEED, plan
    yield four, HALF, clicks
    yield workers, HALF, questions
    yield four, THROTTLED, cold
    yield workers, HALF_THROTTLED, questions


def sizes(four: tuple[Bot, ...], folder: Path) -> Mapping[str, Mapping[str, int | None]]:
    """Bytes of the archives."""
    here = {bot.name: size(bots.archive(bot.image.task.parent)) for bot in four}
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
“INIT at full speed” is Lambda's way: the share holds from the first call on, not while the handler
is imported. “INIT throttled” is the same from the start. A warm call does not depend on it.

AWS and Slack are stand-ins on this machine that answer at once, over TLS, with a certificate made
for the run; each bot reads a file with all public authorities and the run's own. A secret is read
over a connection of its own, as from another host. Nothing is downloaded or unpacked. Ours has
bytecode as deployed; the textbook's has none, as SAM and the Serverless Framework make it.
The worker answers `/model-status` for one version from cold: it lists and describes in SageMaker,
reads the ledger and a report in S3, and posts to Slack. The textbook's bot has no worker.
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
