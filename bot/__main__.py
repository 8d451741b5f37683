"""`python -m bot`: the commands for those who run the bot. `--help` lists them."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import TYPE_CHECKING

from bot.commands import audit, manifest, rules, socket
from bot.commands.doctor import command as doctor
from bot.core.errors import BotError

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    parser = ArgumentParser(prog="python -m bot", description="Model approvals, from a terminal.")
    groups = parser.add_subparsers(required=True, metavar="COMMAND")
    for module in (rules, audit, doctor, socket, manifest):
        module.add_to(groups)
    chosen = parser.parse_args(arguments)
    try:
        return int(chosen.run(chosen))
    except BotError as error:
        print(error, file=sys.stderr)  # noqa: T201 - this is where a terminal reads
        return 2


if __name__ == "__main__":
    sys.exit(main())
