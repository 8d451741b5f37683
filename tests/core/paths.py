"""Every place in a JSON value, and the value without or with something else in one of them."""

from copy import deepcopy
from typing import Any

Path = tuple[str | int, ...]


def paths(node: Any, so_far: Path = ()) -> list[Path]:
    """Where something is in *node*, but for the whole of it."""
    steps: list[Any] = []
    if isinstance(node, dict):
        steps = list(node)
    elif isinstance(node, list):
        steps = list(range(len(node)))
    return [
        path for step in steps for path in ((*so_far, step), *paths(node[step], (*so_far, step)))
    ]


def without(whole: Any, path: Path) -> Any:
    """*whole* without what is at *path*."""
    changed = deepcopy(whole)
    node = changed
    for step in path[:-1]:
        node = node[step]
    del node[path[-1]]
    return changed


def replaced(whole: Any, path: Path, junk: Any) -> Any:
    """*whole* with *junk* in the place of what is at *path*."""
    changed = deepcopy(whole)
    node = changed
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = junk
    return changed
