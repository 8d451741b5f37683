"""What `/model-status` understands. Names are compared later, with the groups at hand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final

from bot.core.registry.registry_id import split_group_name
from bot.core.registry.version import Arn

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass(frozen=True, slots=True)
class Overview:
    """The groups, with what serves, what is next to deploy and what waits."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Everything that waits."""


@dataclass(frozen=True, slots=True)
class Help:
    """What can be asked; *unclear* is what was not understood."""

    unclear: str = ""


@dataclass(frozen=True, slots=True)
class HistoryHelp:
    """How to ask for the history of a group."""


@dataclass(frozen=True, slots=True)
class OfGroup:
    """The versions of a group."""

    group: str


@dataclass(frozen=True, slots=True)
class OfVersion:
    """One version, by group and number."""

    group: str
    number: int


@dataclass(frozen=True, slots=True)
class OfArn:
    """One version, by ARN."""

    arn: Arn


@dataclass(frozen=True, slots=True)
class History:
    """What was voted and decided on the versions of a group, or on one of them."""

    group: str
    number: int | None = None


Question = Overview | Waiting | Help | HistoryHelp | OfGroup | OfVersion | OfArn | History

_WORDS: dict[str, Question] = {
    "": Overview(),
    "pending": Waiting(),
    "help": Help(),
    "history": HistoryHelp(),
}
_LONGEST: Final = 176
"""A longer ARN is no version's: API model, `VersionedArnOrName`."""
_LIKE: Final = 0.5
_ALMOST: Final = 0.65
"""From which ratio on a whole name, or a part of one, looks like what was asked (`difflib`)."""
_GROUP = r"(?P<group>(?:\d{12}/[A-Za-z0-9-]{9,16}/)?[A-Za-z0-9](?:-*[A-Za-z0-9])*)"
_NUMBER = r"(?:\s*/\s*|\s+)v?(?P<number>\d{1,9})"
_VERSION = re.compile(_GROUP + _NUMBER)
_GROUP_ITSELF = re.compile(rf"group\s+{_GROUP}(?:{_NUMBER})?", re.IGNORECASE)
"""For a group that has the name of a command."""
_HISTORY = re.compile(rf"history\s+{_GROUP}(?:{_NUMBER})?", re.IGNORECASE)


def parse(text: str) -> Question:
    """The question in *text*; Help if there is none."""
    asked = text.strip()
    if asked.lower() in _WORDS:
        return _WORDS[asked.lower()]
    if asked.lower().startswith("arn:") and " " not in asked:
        return OfArn(Arn(asked)) if len(asked) <= _LONGEST else Help(asked)
    if found := _HISTORY.fullmatch(asked):
        number = found["number"]
        return History(found["group"], int(number) if number else None)
    if found := _VERSION.fullmatch(asked) or _GROUP_ITSELF.fullmatch(asked):
        number = found["number"]
        return OfVersion(found["group"], int(number)) if number else OfGroup(found["group"])
    return OfGroup(asked) if re.fullmatch(_GROUP, asked) else Help(asked)


def text_of(question: OfGroup | OfVersion | History) -> str:
    """How one asks *question*."""
    number = None if isinstance(question, OfGroup) else question.number
    asked = question.group if number is None else f"{question.group} {number}"
    if isinstance(question, History):
        return f"history {asked}"
    is_command = question.group.lower() in _WORDS
    return f"group {asked}" if is_command else asked


def named(name: str, groups: Sequence[str]) -> str | None:
    """The group that is called *name*, whatever the case; None if there is none."""
    if name in groups:
        return name
    return next((group for group in groups if group.lower() == name.lower()), None)


def nearest(name: str, groups: Sequence[str]) -> tuple[str, ...]:
    """Up to three groups that *name* may have meant, those that begin with it first."""
    asked = name.lower()
    home_first = sorted(groups, key=lambda group: (split_group_name(group)[0], group))
    begin = [group for group in home_first if _begins(group.lower(), asked)]
    likeness = {group: _likeness(group.lower(), asked) for group in home_first}
    close = sorted(filter(likeness.get, home_first), key=likeness.__getitem__, reverse=True)
    return tuple(dict.fromkeys([*begin, *close]))[:3]


def _begins(group: str, name: str) -> bool:
    """Whether *group*, all of it or its name within its registry, begins with *name*."""
    return any(each.startswith(name) for each in (group, split_group_name(group)[1]))


def _likeness(group: str, name: str) -> float:
    """How much *group*, or its name from any word on, looks like *name*: 0 for too little, to 1."""
    matcher = SequenceMatcher(b=name, autojunk=False)
    alike = [(group, _LIKE), *((beginning, _ALMOST) for beginning in _beginnings(group, name))]
    ratios = [(_ratio(matcher, text), least) for text, least in alike]
    return max(ratio if ratio >= least else 0.0 for ratio, least in ratios)


def _beginnings(group: str, name: str) -> Iterator[str]:
    """About as much of *group* as *name* is long, from its beginning and from each word on."""
    own = split_group_name(group)[1]
    words = [match.end() for match in re.finditer("-", own)]
    for start in (0, *words):
        for length in range(max(len(name) - 1, 1), len(name) + 2):
            yield own[start : start + length]


def _ratio(matcher: SequenceMatcher[str], text: str) -> float:
    matcher.set_seq1(text)
    return matcher.ratio()
