"""`python -m bot rules check`: what is wrong with a rules file, and on which line."""

# ruff: noqa: T201 - this prints to a terminal
from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bot.adapters.rules import read, text_of
from bot.adapters.rules.check import problems
from bot.commands import rules_file, slack_directory
from bot.core.text import count_of

if TYPE_CHECKING:
    from argparse import Namespace

_LEFT_OUT: Final = "user groups and people were not checked"


def add_to(commands: Any) -> None:
    """Add this command to *commands*."""
    parser = commands.add_parser("check", help="say what is wrong with a rules file, by line")
    rules_file.add_to(parser, "file", nargs="?")
    parser.set_defaults(run=run)


def run(arguments: Namespace) -> int:
    """Print every problem; return 1 if one is more than a warning. Raises Misconfigured."""
    text = text_of(arguments.file)
    found = problems(text, slack_directory.directory(_LEFT_OUT))
    for problem in found:
        print(f"{arguments.file}, {problem}")
    if not all(problem.is_warning for problem in found):
        return 1
    rules = count_of(len(read(text, str(arguments.file)).rules), "rule")
    warnings = f", {count_of(len(found), 'warning')}" if found else ""
    print(f"{arguments.file}: {rules}, no problems{warnings}.")
    return 0
