"""`python -m bot rules`: check a rules file, explain what it says, and try it on the past."""

from __future__ import annotations

from typing import Any

from bot.commands import check, explain, schema, simulate


def add_to(groups: Any) -> None:
    """Add these commands to the parser's *groups*."""
    parser = groups.add_parser("rules", help="check, explain and simulate the rules file")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for module in (check, explain, simulate, schema):
        module.add_to(commands)
