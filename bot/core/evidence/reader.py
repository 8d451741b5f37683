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


def read_report(name: str, content: bytes) -> Brief:
    """What the report *name* with *content* says. Never raises."""
    if len(content) > MOST_BYTES:
        return Brief(notes=(Note(NoteCode.TOO_LONG, name, MOST_BYTES // 1024),))
    try:
        parsed = json.loads(content)
    except (ValueError, RecursionError):
        return Brief(notes=(Note(NoteCode.NOT_JSON, name),))
    metrics = tuple(_metrics(parsed, name))
    if not metrics:
        return Brief(notes=(Note(NoteCode.NO_NUMBERS, name),))
    return Brief(metrics)


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
