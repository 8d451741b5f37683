"""
What an evaluation file says, as far as simple reading goes.

SageMaker's own files look like `{"regression_metrics": {"mse": {"value": 4.9, ...}}}`, but
pipelines write what they like: bare numbers, the text "NaN", a NaN that is no JSON, deeper
nesting, curves of any length, megabytes, no JSON at all. Whatever comes, the answer is some
metrics and a note, never an error.

A click is bound to the brief that it was made on, by the brief's digest.
"""

from __future__ import annotations

import json
import math
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from bot.core.model import Brief, Metric
from bot.core.words import cut, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.core.model import Seen

MOST_BYTES: Final = 262_144
"""A longer file is not read: an evaluation is a page, not a book."""
MOST_METRICS: Final = 10
_DEEPEST: Final = 6
_LARGE, _HUGE = 9_999.5, 1e15
_NAME_LIMIT: Final = 60


def read(name: str, content: bytes) -> Brief:
    """What the report *name* with *content* says. Never raises."""
    if len(content) > MOST_BYTES:
        return Brief(notes=(f"{name} is longer than {MOST_BYTES // 1024} kB and was not read.",))
    try:
        parsed = json.loads(content)
    except (ValueError, RecursionError):
        return Brief(notes=(f"{name} is not JSON and was not read.",))
    metrics = tuple(_metrics(parsed, name))
    if not metrics:
        return Brief(notes=(f"{name} names no single numbers.",))
    return Brief(metrics)


def digest(seen: Seen) -> str:
    """The same for looks that showed the same version, artifact, status, metrics and evidence."""
    version, brief = seen.version, seen.brief
    metrics = [[metric.name, metric.value] for metric in brief.metrics]
    sources = [[source.uri, source.digest] for source in brief.sources]
    said = [version.arn, version.artifact, version.status, metrics, sources]
    return sha256(json.dumps(said).encode()).hexdigest()[:32]


def together(briefs: Iterable[Brief]) -> Brief:
    """Several reports as one, with as many metrics as a card has room for."""
    kept = tuple(briefs)
    metrics = tuple(metric for brief in kept for metric in brief.metrics)
    notes = tuple(note for brief in kept for note in brief.notes)
    if left := metrics[MOST_METRICS:]:
        notes = (*notes, f"Metrics not shown: {len(left)}.")
    sources = tuple(source for brief in kept for source in brief.sources)
    return Brief(metrics[:MOST_METRICS], notes, sources)


def _metrics(node: Any, name: str, depth: int = 0) -> Iterator[Metric]:
    """Every number under *node* that has a name; lists (curves) and baselines are left out."""
    if (number := _number(node)) is not None:
        yield Metric(cut(one_line(name), _NAME_LIMIT), number)
    elif isinstance(node, dict) and "value" in node:
        yield from _with_spread(node, name)
    elif isinstance(node, dict) and depth < _DEEPEST:
        for key, child in node.items():
            if key not in {"confusion_matrix", "version"} and "best_constant" not in key:
                yield from _metrics(child, _path(name, key, depth), depth + 1)


def _path(name: str, key: str, depth: int) -> str:
    """What lies at *key* is called; the file's name and SageMaker's `..._metrics` add nothing."""
    if depth == 0 or (depth == 1 and name.endswith("_metrics")):
        return key
    return f"{name}.{key}"[-_NAME_LIMIT:]


def _with_spread(node: dict[str, Any], name: str) -> Iterator[Metric]:
    value, spread = _number(node["value"]), _number(node.get("standard_deviation"))
    if value is not None:
        shown = f"{value} ± {spread}" if spread and spread != "NaN" else value
        yield Metric(cut(one_line(name), _NAME_LIMIT), shown)


def _number(node: Any) -> str | None:
    """*node* written out, if it is a number (or says that it is none); else None."""
    if isinstance(node, bool) or not isinstance(node, (int, float, str)):
        return None
    try:
        number = float(node)
    except (ValueError, OverflowError):
        return None
    if not math.isfinite(number):
        return str(number).replace("nan", "NaN")
    return f"{number:,.0f}" if _LARGE <= abs(number) < _HUGE else f"{number:.4g}"
