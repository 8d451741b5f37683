"""Every place in the code that asks for a sentence, by its syntax."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

BOT: Final = Path(__file__).parents[3] / "bot"
_ASKING: Final = {"say", "text", "bold", "words.say", "words.text", "words.bold"}


@dataclass(frozen=True)
class Call:
    """A call of `say`, `text` or `bold`: *key* is a pattern, for a part of it may be computed."""

    place: str
    key: str
    parameters: frozenset[str]

    def keys(self, sentences: Iterator[str] | dict[str, str]) -> set[str]:
        """The keys that the call may mean."""
        return {key for key in sentences if re.fullmatch(self.key, key)}


def calls() -> list[Call]:
    """All calls in the bot's code."""
    return [call for path in sorted(BOT.rglob("*.py")) for call in _calls_in(path)]


def _calls_in(path: Path) -> Iterator[Call]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in _ASKING and node.args:
            key = _pattern(node.args[0])
            if key is not None:
                names = frozenset(each.arg for each in node.keywords if each.arg)
                yield Call(f"{path.relative_to(BOT)}:{node.lineno}", key, names)


def _pattern(node: ast.expr) -> str | None:
    """The key as a pattern; None if it is a variable, as in `text` itself."""
    match node:
        case ast.Constant(value=str(key)):
            return re.escape(key)
        case ast.JoinedStr(values=values):
            parts = [each.value if isinstance(each, ast.Constant) else None for each in values]
            return "".join(".+" if part is None else re.escape(str(part)) for part in parts)
        case _:
            return None


def parameters_of(template: str) -> frozenset[str]:
    """The names of the parameters in *template*."""
    return frozenset(name for _, name, _, _ in Formatter().parse(template) if name)


def literals_in(path: Path) -> Iterator[tuple[int, str]]:
    """Every string in the code of *path* that is no docstring and in no error, with its line."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for_developers = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr | ast.Raise)
        for inner in (ast.walk(node) if isinstance(node, ast.Raise) else [node.value])
    }
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and id(node) not in for_developers:
            yield node.lineno, node.value
