"""
A program: the samples, made and read by this code with other words and other names of classes.

Every sentence of `bot.core.words` is replaced before it is compiled, and every class of `bot` is
renamed as soon as it is defined. What is printed as JSON must be what everybody else makes.
"""

from __future__ import annotations

import ast
import json
import sys
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from itertools import count
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import CodeType, ModuleType

WORDS = "bot.core.words.english"
_numbers = count(1)


class Renamed(ast.NodeTransformer):
    """Gives every class another name right after it is defined."""

    def visit_ClassDef(self, node: ast.ClassDef) -> list[ast.stmt]:
        self.generic_visit(node)
        other = f"Renamed{next(_numbers)}"
        code = f"{node.name}.__name__ = {node.name}.__qualname__ = {other!r}"
        return [node, *ast.parse(code).body]


class Reworded(ast.NodeTransformer):
    """Replaces every sentence of a catalogue, a dictionary of sentences by their keys."""

    def visit_Dict(self, node: ast.Dict) -> ast.Dict:
        node.values = [self._reworded(value) for value in node.values]
        return node

    def _reworded(self, value: ast.expr) -> ast.expr:
        is_sentence = isinstance(value, ast.Constant) and isinstance(value.value, str)
        return ast.Constant(f"zzz {next(_numbers)}") if is_sentence else value


class Loader(SourceFileLoader):
    """Compiles a file of `bot` with other names and words; no bytecode is read or kept."""

    def get_code(self, fullname: str) -> CodeType:
        path = self.get_filename(fullname)
        tree = Renamed().visit(ast.parse(self.get_data(path)))
        if fullname.startswith(WORDS):
            tree = Reworded().visit(tree)
        return compile(ast.fix_missing_locations(tree), path, "exec", dont_inherit=True)


class Finder:
    """Lets `Loader` load all of `bot`."""

    @staticmethod
    def find_spec(
        name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(name, path, target) if name.startswith("bot") else None
        if spec and isinstance(spec.loader, SourceFileLoader) and spec.origin:
            spec.loader = Loader(name, spec.origin)
        return spec


def main() -> None:
    sys.meta_path.insert(0, Finder)  # type: ignore[arg-type]
    from bot.core.votes.request import Request  # noqa: PLC0415 - only now with other names
    from bot.core.words import text  # noqa: PLC0415
    from tests.samples import made  # noqa: PLC0415

    saved = made.saved()
    replayed = {
        name: made.round_trip(name, sample)
        for name, sample in saved.items()
        if not name.startswith("registry/")
    }
    printed: dict[str, Any] = {
        "class": Request.__name__,
        "sentence": text("form_cancel"),
        "made": {name: made.text(sample) for name, sample in made.samples().items()},
        "round_trips": {name: made.text(sample) for name, sample in replayed.items()},
        "read": {name: made.read(name, sample) for name, sample in saved.items()},
    }
    sys.stdout.write(json.dumps(printed))


if __name__ == "__main__":
    main()
