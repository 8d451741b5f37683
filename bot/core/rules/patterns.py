"""
Patterns of group names: `*` stands for any letters, `?` for one, `[ab]` for one of these.

Group names are up to 63 letters, digits and hyphens, with no hyphen at either end (API model,
`ModelPackageGroupName`), and are compared without case. That of a group elsewhere has its site
before it, account/region/name, and a pattern stands for all of it. Whether a pattern is covered by
others is decided by reading all names at once, letter by letter, as far as the patterns can tell
them apart. How much is read has a bound, since the bot itself compares before it starts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from string import ascii_lowercase, digits
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_MOST: Final = 2_000
"""Beyond so many states it cannot be told whether a pattern is covered."""
_STEPS: Final = 1_000_000
"""Beyond so many steps neither, for it would take the bot seconds to start."""
_KEPT: Final = 50_000
"""So many answers are kept: the same patterns are read again and again."""
_TOKENS: Final = re.compile(r"\*|\?|\[!?\]?[^\]]*\]|.", re.DOTALL)

State = tuple[frozenset[int], ...]
"""Where one can be in each of some patterns, with some letters read."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a name: of which letters, and how many. Between letters there may be hyphens."""

    letters: str
    least: int
    most: int
    hyphens: bool = True


class _TooMany(Exception):
    """There are too many ways to read some patterns."""


class Budget:
    """How many steps may still be taken to compare patterns, one for each letter and pattern."""

    def __init__(self, left: int = _STEPS) -> None:
        self.left = left

    def take(self, steps: int) -> None:
        """Take so many *steps*. Raises _TooMany if they are not left, and from then on."""
        self.left = max(self.left - steps, 0)
        if not self.left:
            raise _TooMany


_NAME: Final = _Part(ascii_lowercase + digits, 1, 63)
_ACCOUNT: Final = _Part(digits, 12, 12, hyphens=False)
_REGION: Final = _Part(ascii_lowercase + digits, 9, 16)  # API model, the ARN's pattern
_AT_HOME: Final = (_NAME,)
_ELSEWHERE: Final = (_ACCOUNT, _REGION, _NAME)


def matches(pattern: str, group: str) -> bool:
    """Whether the name *group* is one that *pattern* stands for."""
    return fnmatchcase(group.lower(), pattern.lower())


def covered(pattern: str, earlier: Iterable[str], budget: Budget | None = None) -> bool:
    """
    Whether every group name that *pattern* stands for is one of an *earlier* pattern's.

    Also False if that takes more than is left of *budget*, which may be there for many patterns.
    """
    rivals = [each.lower() for each in earlier if _begin_alike(pattern, each)]
    patterns, budget = [pattern.lower(), *rivals], budget or Budget()
    if any(_is_plainly_covered(pattern, each) for each in rivals):
        return True
    try:
        return not any(_has_one_alone(patterns, parts, budget) for parts in (_AT_HOME, _ELSEWHERE))
    except _TooMany:
        return False  # patterns that take so long to compare are nobody's mistake


def _is_plainly_covered(pattern: str, by: str) -> bool:
    """Whether stars alone make *by* take all of *pattern*'s names; if not, it still may."""
    return not ("[" in pattern or "[" in by or "?" in by) and matches(by, pattern)


def _has_one_alone(patterns: Sequence[str], parts: Sequence[_Part], budget: Budget) -> bool:
    """Whether a name of these *parts* is the first pattern's, and no other's."""
    budget.take(len(patterns) * sum(len(part.letters) for part in parts))  # to tell them apart
    states: set[State] = {tuple(_rest(each, {0}) for each in patterns)}
    *leading, name = parts
    for part in leading:
        ends = {state for found in _read(part, states, patterns, budget) for state in found}
        states = {_after(state, "/", patterns) for state in ends}
    ends_of_names = _read(name, states, patterns, budget)
    return any(_is_the_first_alone(state, patterns) for found in ends_of_names for state in found)


def _read(
    part: _Part, states: set[State], patterns: Sequence[str], budget: Budget
) -> Iterator[set[State]]:
    """Where one can be after *part*, begun at *states*: for each length that it may have."""
    letters = _told_apart(patterns, part.letters)
    reached: set[State] = set()
    for read in range(part.most):
        budget.take(len(states) * (len(letters) + 1) * len(patterns))
        ends = {_after(state, letter, patterns) for state in states for letter in letters}
        if read + 1 >= part.least:
            yield ends
        hyphens = {_after(state, "-", patterns) for state in states if read and part.hyphens}
        states = {state for state in ends | hyphens if _is_undecided(state, patterns)}
        if read + 1 >= part.least:  # before that, it matters how much was read
            states -= reached
            reached |= states
        if len(reached | states) > _MOST:
            raise _TooMany


def _begin_alike(one: str, other: str) -> bool:
    """Whether there may be a name of both patterns, by the letters that they begin with."""
    short, long = sorted((_begin(one), _begin(other)), key=len)
    return long.startswith(short)


@lru_cache(_KEPT)
def _begin(pattern: str) -> str:
    return re.split(r"[*?\[]", pattern.lower(), maxsplit=1)[0]


@lru_cache(_KEPT)
def _tokens(pattern: str) -> tuple[str, ...]:
    return tuple(_TOKENS.findall(pattern))


def _told_apart(patterns: Iterable[str], letters: str) -> tuple[str, ...]:
    """One of *letters* for all that *patterns* do not tell apart."""
    distinct = sorted({token for each in patterns for token in _tokens(each)})
    kinds = {tuple(fnmatchcase(letter, token) for token in distinct): letter for letter in letters}
    return tuple(kinds.values())


def _is_the_first_alone(state: State, patterns: Sequence[str]) -> bool:
    """Whether what was read is a name of the first pattern, and of no other."""
    first, *others = (
        bool(at) and len(_tokens(each)) in at for each, at in zip(patterns, state, strict=True)
    )
    return first and not any(others)


def _is_undecided(state: State, patterns: Sequence[str]) -> bool:
    """Whether a name may still become the first pattern's, and not surely another's as well."""
    others = zip(patterns[1:], state[1:], strict=True)
    return bool(state[0]) and not any(at and _is_taken(each, at) for each, at in others)


@lru_cache(_KEPT)
def _is_taken(pattern: str, places: frozenset[int]) -> bool:
    """Whether whatever is still read belongs to *pattern*, at one of these *places*."""
    return any(set(_tokens(pattern)[place:]) == {"*"} for place in places)


def _after(state: State, letter: str, patterns: Sequence[str]) -> State:
    """Where in each pattern one can be when *letter* is read at *state*."""
    return tuple(
        _moved(each, at, letter) if at else at for each, at in zip(patterns, state, strict=True)
    )


@lru_cache(_KEPT)
def _moved(pattern: str, places: frozenset[int], letter: str) -> frozenset[int]:
    tokens = _tokens(pattern)
    return _rest(pattern, {place for at in places for place in _step(tokens, at, letter)})


def _step(tokens: Sequence[str], at: int, letter: str) -> list[int]:
    if at == len(tokens):
        return []
    if tokens[at] == "*":
        return [at]
    return [at + 1] if fnmatchcase(letter, tokens[at]) else []


def _rest(pattern: str, places: set[int]) -> frozenset[int]:
    """*places*, and those one reaches without a letter: a star may stand for none."""
    tokens, found = _tokens(pattern), set(places)
    for place in places:
        at = place
        while at < len(tokens) and tokens[at] == "*":
            at += 1
            found.add(at)
    return frozenset(found)
