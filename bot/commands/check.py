"""`python -m bot rules check`: what is wrong with a rules file, and on which line."""

# ruff: noqa: T201 - this is what a terminal reads
from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bot.adapters.rules import read, text_of
from bot.adapters.rules.check import problems
from bot.commands import slack
from bot.core.words import many

if TYPE_CHECKING:
    from argparse import Namespace

SHIPPED: Final = "infra/approvals.yml"
_LEFT_OUT: Final = (
    "Slack was not asked: set SLACK_BOT_TOKEN (or SLACK_SECRET_ID) to check user groups and people."
)


def add_to(commands: Any) -> None:
    """Add this command to *commands*."""
    parser = commands.add_parser("check", help="say what is wrong with a rules file, by line")
    default = os.environ.get("APPROVALS_FILE") or SHIPPED
    said = f"the rules file (default: $APPROVALS_FILE or {SHIPPED})"
    parser.add_argument("file", nargs="?", type=Path, default=Path(default), help=said)
    parser.set_defaults(run=run)


def run(arguments: Namespace) -> int:
    """Print every problem; 1 if there is any. Raises Misconfigured if the file is not there."""
    text, directory = text_of(arguments.file), slack.directory()
    if directory is None:
        print(_LEFT_OUT, file=sys.stderr)
    found = problems(text, directory)
    for problem in found:
        print(f"{arguments.file}, {problem}")
    if not found:
        rules = read(text, str(arguments.file)).rules
        print(f"{arguments.file}: {many(len(rules), 'rule')}, no problems.")
    return 1 if found else 0
