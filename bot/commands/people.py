"""
Who is who, for the commands about rules: a file says who is in a user group, else Slack does.

Without either, a group counts as unread; whoever runs the command is told what was left out.
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
_Team = Annotated[
    str, Meta(pattern=r"^S[A-Z0-9]+\Z", description="the id of a user group, such as S0RISK0000,")
]
_User = Annotated[
    str, Meta(pattern=rf"^{_USER}\Z", description="the id of a person, such as U0ANA00000,")
]


@dataclass(frozen=True, slots=True)
class Known:
    """Who is in which user group as a file says, and Slack for the rest, if it can be asked."""

    listed: Mapping[str, frozenset[str]]
    slack: Directory | None

    def members(self, groups: Iterable[str]) -> dict[str, Members]:
        """Who is in each of *groups*, without those of which nothing can tell."""
        found: dict[str, Members] = {}
        for group in dict.fromkeys(groups):
            if group in self.listed:
                found[group] = self.listed[group]
            elif self.slack:
                found[group] = self.slack.members(group)
        return found

    def standings(self, people: Iterable[str]) -> dict[str, MembershipStatus]:
        """What each of *people* is: members of the workspace, where Slack cannot be asked."""
        asked = self.slack
        each = dict.fromkeys(people)
        return {who: asked.standing(who) if asked else MembershipStatus.MEMBER for who in each}


def add_options(parser: Any) -> None:
    """Add to *parser* the options that say which rules and which people."""
    rules_file.add_to(parser, "--file", metavar="FILE")
    said = "who is in which user group, as YAML: S0RISK0000: [U0ANA00000, U0BEN00000]"
    parser.add_argument("--members", type=Path, metavar="FILE", help=said)


def user(text: str) -> str:
    """*text*, which must be the Slack id of a person. Raises what argparse understands."""
    if not re.fullmatch(_USER, text):
        raise ArgumentTypeError(f"{text!r} is not the Slack id of a person, such as U0ANA00000")
    return text


def known(members: Path | None, left_out: str) -> Known:
    """What can be known of people; *left_out* is said where Slack cannot be asked."""
    listed = _read(members) if members else {}
    return Known(listed, slack_directory.directory(left_out))


def _read(path: Path) -> dict[str, frozenset[str]]:
    """Who is in which user group by the file at *path*. Raises Misconfigured."""
    try:
        tree = parse(text_of(path))
        wrong = tuple(mistakes(tree, dict[_Team, list[_User]]))
    except Unreadable as error:
        wrong = error.problems
    if wrong:
        raise Misconfigured(f"{path}, {min(wrong)}")
    return {team: frozenset(users) for team, users in value(tree).items()}
