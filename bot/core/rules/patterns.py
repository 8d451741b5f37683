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
from fnmatch import fnmatchcase
from typing import Final

_WILDCARDS: Final = re.compile(r"[*?]|\[!?\]?[^\]]*\]")
_NAME_CHARACTERS: Final = re.compile(r"[A-Za-z0-9/-]*")


def matches(pattern: str, group: str) -> bool:
    """Whether *pattern* stands for the name *group*."""
    return fnmatchcase(group.lower(), pattern.lower())


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
