"""`python -m bot doctor`: whether a deployment is well, and what to do where it is not."""

# ruff: noqa: T201 - this is what a terminal reads
from __future__ import annotations

import logging
import os
from argparse import RawDescriptionHelpFormatter
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from bot.commands.doctor import aws, events, registries
from bot.commands.doctor.check_result import CheckState, Failed, examine
from bot.commands.doctor.slack import SlackChecks
from bot.commands.doctor.stack import Stack
from bot.core.text import many

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator, Mapping

    from bot.commands.doctor.check_result import CheckResult

NEEDED: Final = (
    *("LEDGER_TABLE", "QUEUE_URL", "SLACK_SECRET_ID"),
    *("APPROVALS_FILE", "HOME_REGISTRY"),
)
"""The settings without which the bot does not work."""
_HELP: Final = """\
Look at a deployment, and print a line for each check: whether it is well, and what to do if not.

The settings are those of the deployed worker (--stack), or of the environment. All is looked at
with the credentials of whoever runs this, not with the bot's: that its roles are right, the tests
show. The rules file is the one here, which should be the one that was deployed. Nothing is
changed, and no secret is printed.
"""


def add_to(commands: Any) -> None:
    """Add this command to *commands*."""
    parser = commands.add_parser(
        "doctor",
        help="say whether a deployment is well, and what to do",
        description=_HELP,
        formatter_class=RawDescriptionHelpFormatter,
    )
    said = "take the settings from the worker of this CloudFormation stack"
    parser.add_argument("--stack", metavar="NAME", type=Stack, help=said)
    said = "also send a job about a made-up version down the line, and wait until it is done"
    parser.add_argument("--event", action="store_true", help=said)
    said = "the source of the events that the rules are tried with (default: %(default)s)"
    parser.add_argument("--source", default=events.SAGEMAKER, help=said)
    said = "seconds to wait for the job (default: %(default)g)"
    parser.add_argument("--patience", type=float, default=60, metavar="SECONDS", help=said)
    parser.set_defaults(run=run)


def run(arguments: Namespace) -> int:
    """Print what there is to say; 1 if anything is not well. Raises Misconfigured for no stack."""
    # What the adapters log, a command says itself, in its own words.
    logging.basicConfig(handlers=[logging.NullHandler()])
    stack: Stack | None = arguments.stack
    environment = stack.environment if stack else os.environ
    done = failed = 0
    for result in _results(environment, arguments):
        print(result, flush=True)
        done += result.state is not CheckState.LEFT_OUT
        failed += result.state is CheckState.FAILED
    print(f"{many(done, 'check')}, {failed or 'none'} failed.")
    return 1 if failed else 0


def _results(environment: Mapping[str, str], arguments: Namespace) -> Iterator[CheckResult]:
    """One result after the other, in the order in which one would mend things."""
    yield examine("environment", lambda: look_at_environment(environment))
    yield examine("account", aws.look_at_account)
    secret, rules = environment.get("SLACK_SECRET_ID", ""), environment.get("APPROVALS_FILE", "")
    yield from SlackChecks(secret, rules).all()
    yield from aws.all_of(environment)
    yield from registries.all_of(environment, arguments.stack)
    look = events.look_at_rule
    for rule in events.RULES:
        yield examine(f"rule {rule}", partial(look, rule, arguments.stack, arguments.source))
    yield examine("undelivered", lambda: events.look_at_undelivered(arguments.stack))
    if arguments.event:
        line = environment.get("QUEUE_URL", "")
        yield examine("event", lambda: events.walk(line, arguments.patience))


def look_at_environment(environment: Mapping[str, str]) -> str:
    """Whether all settings are there."""
    if missing := [name for name in NEEDED if not environment.get(name)]:
        do = "Set what is missing, or name the stack: --stack model-approvals-dev"
        raise Failed(f"{', '.join(missing)} not set", do)
    return "all settings are there"
