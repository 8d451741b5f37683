"""
Chance, and nothing else, decides what happens in a simulation; it writes down what it decided.

At each moment something ordinary can happen: the call that a worker makes is answered, the next
message is delivered. Whatever else happens there is one line of the story. So a story is short, a
person can read it, and it can be told again without the seed (`Retold`); lines can be left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

BETWEEN = "between jobs"
ORDINARY = ""
"""The label of what happens if nothing else does."""


@dataclass(frozen=True)
class Line:
    """One thing that happened and is not ordinary: before which call, and what."""

    moment: str
    """The call before which it happened, or BETWEEN: no worker was in a call."""
    nth: int
    """
    The number of the moment, counted from 1 since the last line.

    0, only with BETWEEN: it happened when all ordinary work was done.
    """
    label: str

    def __str__(self) -> str:
        return f"{self.moment} ({self.nth}): {self.label}" if self.nth else self.label

    @classmethod
    def parse(cls, text: str) -> Line:
        """Read a line that `str` wrote."""
        where, separator, label = text.partition("): ")
        if not separator:
            return cls(BETWEEN, 0, text)
        moment, nth = where.rsplit(" (", 1)
        return cls(moment, int(nth), label)


class Chance(Protocol):
    """Decides what happens; *lines* are what happened and is not ordinary."""

    lines: list[Line]

    def in_call(
        self, moment: str, odds: Mapping[str, float], labels: Callable[[str], Sequence[str]]
    ) -> str:
        """Decide what happens at a call: ORDINARY, or one label of a kind in *odds*."""
        ...

    def between(
        self, odds: Mapping[str, float], labels: Callable[[str], Sequence[str]], *, busy: bool
    ) -> str:
        """Decide what happens while no worker is in a call; *busy* if there is ordinary work."""
        ...


class Seeded:
    """Chance from a seed: the same seed decides the same."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 - to be repeated, not to be secret
        self.lines: list[Line] = []
        self._seen: dict[str, int] = {}

    def in_call(
        self, moment: str, odds: Mapping[str, float], labels: Callable[[str], Sequence[str]]
    ) -> str:
        self._seen[moment] = self._seen.get(moment, 0) + 1
        label = self._draw(odds, labels)
        if label:
            self._add(Line(moment, self._seen[moment], label))
        return label

    def between(
        self, odds: Mapping[str, float], labels: Callable[[str], Sequence[str]], *, busy: bool
    ) -> str:
        self._seen[BETWEEN] = self._seen.get(BETWEEN, 0) + 1
        label = self._draw(odds, labels)
        if label:
            self._add(Line(BETWEEN, self._seen[BETWEEN] if busy else 0, label))
        return label

    def _draw(self, odds: Mapping[str, float], labels: Callable[[str], Sequence[str]]) -> str:
        left = self.random.random()
        for kind, chance in odds.items():
            left -= chance
            if left < 0:
                possible = labels(kind)
                return self.random.choice(possible) if possible else ORDINARY
        return ORDINARY

    def _add(self, line: Line) -> None:
        self.lines.append(line)
        self._seen.clear()


class Retold:
    """A story that is told again: what happens is what its lines say, in their order."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self.left = list(lines)
        self.lines: list[Line] = []
        self._seen: dict[str, int] = {}

    @property
    def is_over(self) -> bool:
        """Whether every line happened, or could not happen."""
        return not self.left

    def in_call(
        self, moment: str, odds: Mapping[str, float], labels: Callable[[str], Sequence[str]]
    ) -> str:
        self._seen[moment] = self._seen.get(moment, 0) + 1
        if not self.left or self.left[0].moment != moment:
            return ORDINARY
        return self._next(odds, labels) if self._seen[moment] >= self.left[0].nth else ORDINARY

    def between(
        self, odds: Mapping[str, float], labels: Callable[[str], Sequence[str]], *, busy: bool
    ) -> str:
        self._seen[BETWEEN] = self._seen.get(BETWEEN, 0) + 1
        while self.left and self._is_due(self.left[0], busy=busy):
            if self.left[0].moment != BETWEEN:
                self.left.pop(0)  # the call that it is about does not come any more
            elif label := self._next(odds, labels):
                return label
        return ORDINARY

    def _is_due(self, line: Line, *, busy: bool) -> bool:
        """Whether *line* happens now: it waits for its turn, or for the end of ordinary work."""
        return not busy or (line.moment == BETWEEN and 0 < line.nth <= self._seen[BETWEEN])

    def _next(self, odds: Mapping[str, float], labels: Callable[[str], Sequence[str]]) -> str:
        """Take the next line, if it can happen now; else it never does."""
        line = self.left.pop(0)
        if not any(line.label in labels(kind) for kind in odds):
            return ORDINARY
        self.lines.append(line)
        self._seen.clear()
        return line.label


def shorter(lines: Sequence[Line], fails: Callable[[Sequence[Line]], bool]) -> list[Line]:
    """Leave out lines of a story as long as it *fails* without them (Zeller's ddmin)."""
    kept, size = list(lines), max(1, len(lines) // 2)
    while size:
        start = 0
        while start < len(kept):
            without = kept[:start] + kept[start + size :]
            if fails(without):
                kept = without
            else:
                start += size
        size //= 2
    return kept
