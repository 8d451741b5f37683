"""
What an evaluation file says, as far as simple reading goes.

SageMaker's own files look like `{"regression_metrics": {"mse": {"value": 4.9, ...}}}`, but
pipelines write what they like: bare numbers, the text "NaN", a NaN that is no JSON, deeper
nesting, lists of `{"name": ..., "value": ...}` as in model cards and FMEval, curves of any length,
megabytes, no JSON at all. Whatever comes, the answer is some
metrics and a note, never an error.

A click is bound to the brief that it was made on, by the brief's digest.
"""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Any, Final

from bot.core.evidence.brief import Brief, Metric, Note, NoteCode
from bot.core.text import cut, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator


MOST_BYTES: Final = 262_144
"""A longer file is not read: an evaluation is a page, not a book."""
_DEEPEST: Final = 6
_LARGE, _HUGE = 9_999.5, 1e15
_NAME_LIMIT: Final = 60
_NAMES: Final = ("name", "metric_name", "dataset_name")
"""What calls a metric, or a group of them, by its name: model cards, Evidently, FMEval."""
_CONTAINER: Final = re.compile(
    r"(?:^|\.)(?:[^.]*metrics|metric_\w+|\w*scores|results|evaluation\w*)$"
)
"""The last name in a path, if it only says that metrics follow."""


def read_report(name: str, content: bytes) -> Brief:
    """What the report *name* with *content* says. Never raises."""
    if len(content) > MOST_BYTES:
        return Brief(notes=(Note(NoteCode.TOO_LONG, name, MOST_BYTES // 1024),))
    try:
        parsed = json.loads(content)
    except (ValueError, RecursionError):
        return Brief(notes=(Note(NoteCode.NOT_JSON, name),))
    metrics = metrics_in(parsed, name)
    if not metrics:
        return Brief(notes=(Note(NoteCode.NO_NUMBERS, name),))
    return Brief(metrics)


def metrics_in(parsed: Any, name: str) -> tuple[Metric, ...]:
    """Every number that has a name in *parsed* JSON, which is the report *name*. Never raises."""
    return tuple(_metrics(parsed, name))


def _metrics(node: Any, name: str, depth: int = 0) -> Iterator[Metric]:
    """
    Every number under *node* that has a name.

    Baselines are left out, and lists (curves), unless they are of metrics.
    """
    if (number := _number(node)) is not None:
        yield Metric(cut(one_line(name), _NAME_LIMIT), number)
    elif isinstance(node, dict) and "value" in node:
        yield from _with_spread(node, name)
    elif isinstance(node, dict) and depth < _DEEPEST:
        for key, child in node.items():
            if not _is_left_out(key):
                yield from _metrics(child, _path(name, key, depth), depth + 1)
    elif isinstance(node, list):
        yield from _listed(node, _CONTAINER.sub("", name) if depth else "", depth)


def _listed(items: list[Any], path: str, depth: int) -> Iterator[Metric]:
    """The metrics in a list of `{name, value}`, or of groups that hold such lists."""
    for item in items:
        if not isinstance(item, dict):
            continue
        name = _name_in(item)
        inner = f"{path}.{name}" if path and name else path or name
        if "value" in item and name and not _is_left_out(name):
            yield from _with_spread(item, inner[-_NAME_LIMIT:])
        elif "value" not in item and depth < _DEEPEST:
            for child in item.values():
                if isinstance(child, list):
                    yield from _listed(child, _CONTAINER.sub("", inner), depth + 1)


def _name_in(item: dict[str, Any]) -> str:
    names = (item.get(key) for key in _NAMES)
    return next((name for name in names if isinstance(name, str) and name), "")


def _is_left_out(key: str) -> bool:
    """Whether *key* names no result: a baseline, a matrix, a spread that stands alone."""
    return (
        key in {"confusion_matrix", "version"}
        or "best_constant" in key
        or key.endswith(" - standard_deviation")
    )


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
