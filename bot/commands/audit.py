"""`python -m bot audit`: verify the audit trail, and export it."""

from __future__ import annotations

from typing import Any

from bot.commands import export, verify


def add_to(groups: Any) -> None:
    """Add these commands to the parser's *groups*."""
    parser = groups.add_parser("audit", help="verify and export the audit trail")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for module in (verify, export):
        module.add_to(commands)
