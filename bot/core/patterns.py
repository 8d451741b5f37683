"""
Patterns of group names: `*` stands for any letters, `?` for one, `[ab]` for one of these.

Group names are up to 63 letters, digits and hyphens, with no hyphen at either end (API model,
`ModelPackageGroupName`), and are compared without case. That of a group elsewhere has its site
before it, account/region/name, and a pattern stands for all of it. Whether a pattern is covered by
others is decided by reading all names at once, letter by letter, as far as the patterns can tell
them apart.
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


_NAME: Final = _Part(ascii_lowercase + digits, 1, 63)
_ACCOUNT: Final = _Part(digits, 12, 12, hyphens=False)
_REGION: Final = _Part(ascii_lowercase + digits, 9, 16)  # API model, the ARN's pattern
_AT_HOME: Final = (_NAME,)
_ELSEWHERE: Final = (_ACCOUNT, _REGION, _NAME)


def matches(pattern: str, group: str) -> bool:
    """Whether the name *group* is one that *pattern* stands for."""
    return fnmatchcase(group.lower(), pattern.lower())


def covered(pattern: str, earlier: Iterable[str]) -> bool:
    """Whether every group name that *pattern* stands for is one of an *earlier* pattern's."""
    rivals = [each.lower() for each in earlier if _begin_alike(pattern, each)]
    patterns = [pattern.lower(), *rivals]
    try:
        return not any(_has_one_alone(patterns, parts) for parts in (_AT_HOME, _ELSEWHERE))
    except _TooMany:
        return False  # patterns that take so long to compare are nobody's mistake


def _has_one_alone(patterns: Sequence[str], parts: Sequence[_Part]) -> bool:
    """Whether a name of these *parts* is the first pattern's, and no other's."""
    states: set[State] = {tuple(_rest(each, {0}) for each in patterns)}
    *leading, name = parts
    for part in leading:
        ends = {state for found in _read(part, states, patterns) for state in found}
        states = {_after(state, "/", patterns) for state in ends}
    ends_of_names = _read(name, states, patterns)
    return any(_is_the_first_alone(state, patterns) for found in ends_of_names for state in found)


def _read(part: _Part, states: set[State], patterns: Sequence[str]) -> Iterator[set[State]]:
    """Where one can be after *part*, begun at *states*: for each length that it may have."""
    letters = _told_apart(patterns, part.letters)
    reached: set[State] = set()
    for read in range(part.most):
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
    begins = (re.split(r"[*?\[]", each.lower(), maxsplit=1)[0] for each in (one, other))
    short, long = sorted(begins, key=len)
    return long.startswith(short)


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
