"""`python -m bot rules schema`: the JSON Schema of the rules file, for editors."""

# ruff: noqa: T201 - this prints to a terminal
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.adapters.rules.schema import json_schema

if TYPE_CHECKING:
    from argparse import Namespace


def add_to(commands: Any) -> None:
    """Add this command to *commands*."""
    parser = commands.add_parser("schema", help="print the JSON Schema of the rules file")
    parser.set_defaults(run=run)


def run(_: Namespace) -> int:
    """Print the schema, as it is shipped in infra/approvals.schema.json."""
    print(json_schema(), end="")
    return 0
