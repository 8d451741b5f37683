"""`python -m bot rules check`: what is wrong with a rules file, and on which line."""

# ruff: noqa: T201 - this is what a terminal reads
from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bot.adapters.rules import read, text_of
from bot.adapters.rules.check import problems
from bot.commands import rules_file, slack_directory
from bot.core.text import many

if TYPE_CHECKING:
    from argparse import Namespace

_LEFT_OUT: Final = "user groups and people were not checked"


def add_to(commands: Any) -> None:
    """Add this command to *commands*."""
    parser = commands.add_parser("check", help="say what is wrong with a rules file, by line")
    rules_file.add_to(parser, "file", nargs="?")
    parser.set_defaults(run=run)


def run(arguments: Namespace) -> int:
    """Print every problem; 1 if there is any. Raises Misconfigured if the file is not there."""
    text = text_of(arguments.file)
    found = problems(text, slack_directory.directory(_LEFT_OUT))
    for problem in found:
        print(f"{arguments.file}, {problem}")
    if not found:
        rules = read(text, str(arguments.file)).rules
        print(f"{arguments.file}: {many(len(rules), 'rule')}, no problems.")
    return 1 if found else 0
