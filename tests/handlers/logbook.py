"""What functions print, as CloudWatch would read it: lines of the log, and metrics among them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

from tests.world.embedded import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.handlers.bench import Bench
    from tests.handlers.slack_requests import Json

SERVICES = {"slack_request", "registry_event", "sweep", "worker"}


def printed(bench: Bench, folder: Path, function: str, events: list[Json]) -> str:
    """All that *function* prints when it is called with *events*, in a process of its own."""
    file = folder / "events.json"
    file.write_text(json.dumps(events))
    done = subprocess.run(  # noqa: S603 - the interpreter that runs the tests
        [sys.executable, "-m", "tests.handlers.invoke", function, str(file)],
        cwd=ROOT,
        env={**os.environ, **bench.environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout


def lines(log: str) -> list[Json]:
    """The lines of a log that a function wrote with its logger."""
    return [json.loads(line) for line in log.splitlines() if line.startswith('{"level"')]


def blobs(log: str) -> list[Json]:
    """The lines in which CloudWatch finds metrics."""
    return [json.loads(line) for line in log.splitlines() if line.startswith('{"_aws"')]


def values(log: str) -> dict[str, list[float]]:
    """What was measured, by name; each value once, however many sets of dimensions it has."""
    measured: dict[str, list[float]] = {}
    for blob in blobs(log):
        for metric in _directive(blob)["Metrics"]:
            measured.setdefault(metric["Name"], []).extend(blob[metric["Name"]])
    return measured


def kinds(log: str, name: str, dimension: str) -> Counter[str]:
    """How much of *name* was counted of each kind, as a dashboard that asks for it would show."""
    counted: Counter[str] = Counter()
    for blob in blobs(log):
        if name in blob and ["service", dimension] in _directive(blob)["Dimensions"]:
            counted[blob[dimension]] += int(sum(blob[name]))
    return counted


def namespaces(log: str) -> set[str]:
    """Under which names CloudWatch keeps what was measured."""
    return {_directive(blob)["Namespace"] for blob in blobs(log)}


def dimensions(log: str) -> set[tuple[str, str]]:
    """Every dimension that any metric has, with its value."""
    return {
        (name, blob[name])
        for blob in blobs(log)
        for names in _directive(blob)["Dimensions"]
        for name in names
    }


def _directive(blob: Json) -> Any:
    (directive,) = blob["_aws"]["CloudWatchMetrics"]
    assert ["service"] in directive["Dimensions"] or "ColdStart" in blob
    return directive
