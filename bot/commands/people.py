"""
Who is in which user group, for the commands about rules: as a file says, else as Slack does.

Without either, a user group counts as unreadable; the command then says what was left out.
"""

from __future__ import annotations

import re
from argparse import ArgumentTypeError
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

from msgspec import Meta

from bot.adapters.rules import text_of
from bot.adapters.rules.shape import mistakes
from bot.adapters.rules.yaml_file import Unreadable, parse, value
from bot.commands import rules_file, slack_directory
from bot.core.errors import Misconfigured
from bot.core.rules.people import MembershipStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.core.rules.people import Members
    from bot.flows.ports import Directory

_USER: Final = r"[UW][A-Z0-9]+"
_UserGroup = Annotated[
    str, Meta(pattern=r"^S[A-Z0-9]+\Z", description="the id of a user group, such as S0RISK0000,")
]
_User = Annotated[
    str, Meta(pattern=rf"^{_USER}\Z", description="the id of a person, such as U0ANA00000,")
]


@dataclass(frozen=True, slots=True)
class KnownGroups:
    """Who is in which user group: as a file lists it, else as Slack says if it can be asked."""

    listed: Mapping[str, frozenset[str]]
    slack: Directory | None

    def members(self, groups: Iterable[str]) -> dict[str, Members]:
        """Look up who is in each of *groups*, without those of which nothing is known."""
        members: dict[str, Members] = {}
        for group in dict.fromkeys(groups):
            if group in self.listed:
                members[group] = self.listed[group]
            elif self.slack:
                members[group] = self.slack.members(group)
        return members

    def memberships(self, people: Iterable[str]) -> dict[str, MembershipStatus]:
        """Look up what each of *people* is: a member, where Slack cannot be asked."""
        ids = dict.fromkeys(people)
        if self.slack is None:
            return dict.fromkeys(ids, MembershipStatus.MEMBER)
        return {id_: self.slack.profile(id_).membership for id_ in ids}


def add_options(parser: Any) -> None:
    """Add to *parser* the options that say which rules and which people."""
    rules_file.add_to(parser, "--file", metavar="FILE")
    help_ = "who is in which user group, as YAML: S0RISK0000: [U0ANA00000, U0BEN00000]"
    parser.add_argument("--members", type=Path, metavar="FILE", help=help_)


def user(text: str) -> str:
    """Return *text*, which must be the Slack id of a person. Raises what argparse understands."""
    if not re.fullmatch(_USER, text):
        raise ArgumentTypeError(f"{text!r} is not the Slack id of a person, such as U0ANA00000")
    return text


def known_groups(members: Path | None, left_out: str) -> KnownGroups:
    """Read the file *members*, if any, and ask Slack; if it cannot be asked, say *left_out*."""
    listed = _read(members) if members else {}
    return KnownGroups(listed, slack_directory.directory(left_out))


def _read(path: Path) -> dict[str, frozenset[str]]:
    """Read who is in each user group from the file at *path*. Raises Misconfigured."""
    try:
        tree = parse(text_of(path))
        problems = tuple(mistakes(tree, dict[_UserGroup, list[_User]]))
    except Unreadable as error:
        problems = error.problems
    if problems:
        raise Misconfigured(f"{path}, {min(problems)}")
    return {group: frozenset(users) for group, users in value(tree).items()}
