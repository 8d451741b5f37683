"""
Match patterns of group names: `*` stands for any letters, `?` for one, `[ab]` for one of these.

Group names are up to 63 letters, digits and hyphens, with no hyphen at either end (API model,
`ModelPackageGroupName`), and are compared without case. A group in another registry has its
account and Region before its name, account/region/name, and a pattern stands for all of it.

Two cheap checks find patterns that no version ever reaches, for a warning. They miss some, and
never warn of a pattern that does match.
"""

from __future__ import annotations

import re
from collections import defaultdict
from fnmatch import translate
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_WILDCARDS: Final = re.compile(r"[*?]|\[!?\]?[^\]]*\]")
_WILDCARD: Final = re.compile(r"[*?[\]]")
_NAME_CHARACTERS: Final = re.compile(r"[A-Za-z0-9/-]*")


def matches(pattern: str, group: str) -> bool:
    """Whether *pattern* stands for the name *group*."""
    return _expression(pattern.lower()).match(group.lower()) is not None


@lru_cache(maxsize=10_000)
def _expression(pattern: str) -> re.Pattern[str]:
    """Compile *pattern*; `fnmatch` itself remembers fewer patterns than a rules file may have."""
    return re.compile(translate(pattern))


def can_match(pattern: str) -> bool:
    """Whether *pattern* may stand for a name: outside its wildcards it has only what names have."""
    literal = _WILDCARDS.sub("", pattern)
    has_hyphen_at_end = pattern.startswith("-") or pattern.endswith("-")
    return _NAME_CHARACTERS.fullmatch(literal) is not None and not has_hyphen_at_end


def is_shadowed(pattern: str, earlier: str) -> bool:
    """
    Whether *earlier* surely matches every name that *pattern* does, so that it is never tried.

    The text of *pattern* is matched like a name. A `*` in it may stand for several letters, so it
    may be taken by another `*` only; what a set such as `[ab]` stands for is not compared.
    """
    if pattern.lower() == earlier.lower():
        return True
    wildcards = set(_WILDCARDS.findall(pattern))
    is_comparable = (
        wildcards <= {"*", "?"}
        and not (wildcards and "[" in earlier)
        and not ("*" in wildcards and "?" in earlier)
    )
    return is_comparable and matches(earlier, pattern)


def shadowed(patterns: Sequence[str]) -> Iterator[tuple[int, int]]:
    """
    Find each of *patterns* that one before it shadows: its position, and that of the first such.

    A pattern is compared only with those whose literal beginning or end it has as well, so that
    the work does not grow with the square of a long file.
    """
    same: dict[str, int] = {}
    alike: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for number, pattern in enumerate(map(str.lower, patterns)):
        near = [first for ends in _all_ends(pattern) for first in alike.get(ends, ())]
        earlier = [first for first in near if is_shadowed(pattern, patterns[first])]
        earlier += [same[pattern]] if pattern in same else []
        if earlier:
            yield number, min(earlier)
        if pattern not in same:
            same[pattern] = number
            if _WILDCARD.search(pattern):
                alike[_literal_end(pattern)].append(number)


def _literal_end(pattern: str) -> tuple[str, str]:
    """Return what *pattern* has before its first wildcard, or after its last if that is longer."""
    begin, end = _WILDCARD.split(pattern, maxsplit=1)[0], _WILDCARD.split(pattern)[-1]
    return (begin, "") if len(begin) >= len(end) else ("", end)


def _all_ends(text: str) -> Iterator[tuple[str, str]]:
    """Return all beginnings and ends of *text*, as `_literal_end` does."""
    for length in range(len(text) + 1):
        yield text[:length], ""
        if length:
            yield "", text[-length:]
