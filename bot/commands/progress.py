"""How far a long command is, on stderr: a line that is rewritten at a terminal, few elsewhere."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final, Self

from bot.core.text import many

if TYPE_CHECKING:
    from types import TracebackType

_PARTS: Final = 10
"""How many lines there are at most where nobody can rewrite one."""


class Progress:
    """What was done of so many versions, and how many entries that gave."""

    def __init__(self, *, live: bool) -> None:
        self._live = live
        self._told = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._live and self._told >= 0:
            sys.stderr.write("\n")

    def tell(self, done: int, total: int, entries: int) -> None:
        """Say that *done* of *total* versions are done."""
        text = f"{done} of {total} versions, {many(entries, 'entry')}"
        part = done * _PARTS // total if total else _PARTS
        if self._live:
            sys.stderr.write(f"\r{text}\x1b[K")
        elif part != self._told:
            sys.stderr.write(f"{text}\n")
        sys.stderr.flush()
        self._told = part
