"""The progress of a long command, on stderr: one line rewritten at a terminal, else a few."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final, Self

from bot.core.text import count_of

if TYPE_CHECKING:
    from types import TracebackType

_STEPS: Final = 10
"""How many lines there are, besides the first, where none can be rewritten."""


class Progress:
    """How many versions are done, and how many entries they had; *live* rewrites its line."""

    def __init__(self, *, live: bool) -> None:
        self._live = live
        self._last_step = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._live and self._last_step >= 0:
            sys.stderr.write("\n")

    def show(self, done: int, total: int, entries: int) -> None:
        """Show that *done* of *total* versions are done."""
        text = f"{done} of {total} versions, {count_of(entries, 'entry')}"
        step = done * _STEPS // total if total else _STEPS
        if self._live:
            sys.stderr.write(f"\r{text}\x1b[K")
        elif step != self._last_step:
            sys.stderr.write(f"{text}\n")
        sys.stderr.flush()
        self._last_step = step
