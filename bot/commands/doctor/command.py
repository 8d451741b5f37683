"""`python -m bot doctor`: whether a deployment works, and what to do where it does not."""

# ruff: noqa: T201 - this is what a terminal reads
from __future__ import annotations

import logging
import os
from argparse import RawDescriptionHelpFormatter
from typing import TYPE_CHECKING, Any, Final

from bot.adapters.aws.sessions import Sessions
from bot.commands.doctor import environment, event_rules, ledger, queues, registries
from bot.commands.doctor.check import CheckCode, CheckState, run_check
from bot.commands.doctor.decision_role import check_decision_role
from bot.commands.doctor.deployment import Deployment, Stack
from bot.commands.doctor.slack_app import SlackChecks
from bot.commands.doctor.worker import check_worker
from bot.core.text import count_of

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator

    from bot.commands.doctor.check import CheckResult

_HELP: Final = """\
Look at a deployment, and print a line for each check: whether it is well, and what to do if not.

The settings are those of the deployed worker (--stack), or of the environment. Everything is read
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
    text = "take the settings from the worker of this CloudFormation stack"
    parser.add_argument("--stack", metavar="NAME", help=text)
    text = "also send a job about a made-up version to each queue, and wait until it is done"
    parser.add_argument("--event", action="store_true", help=text)
    text = "the source of the events that the rules are tried with (default: %(default)s)"
    parser.add_argument("--source", default=event_rules.SAGEMAKER, help=text)
    text = "seconds to wait for the job (default: %(default)g)"
    parser.add_argument("--patience", type=float, default=60, metavar="SECONDS", help=text)
    parser.set_defaults(run=run)


def run(arguments: Namespace) -> int:
    """Print every result; 1 if a check failed. Raises Misconfigured if the stack is not there."""
    # What the adapters log, a command says itself, in its own words.
    logging.basicConfig(handlers=[logging.NullHandler()])
    total = failed = 0
    for result in _results(_deployment(arguments.stack), arguments):
        print(result, flush=True)
        total += result.state is not CheckState.SKIPPED
        failed += result.state is CheckState.FAILED
    print(f"{count_of(total, 'check')}, {failed or 'none'} failed.")
    return 1 if failed else 0


def _deployment(stack_name: str | None) -> Deployment:
    sessions = Sessions()
    if not stack_name:
        return Deployment(os.environ, None, sessions)
    stack = Stack(stack_name, sessions)
    return Deployment(stack.environment, stack, sessions)


def _results(deployment: Deployment, arguments: Namespace) -> Iterator[CheckResult]:
    """Run the checks in the order in which one would repair things."""
    yield from environment.checks(deployment)
    yield from SlackChecks(deployment).run()
    yield from queues.checks(deployment)
    yield from ledger.checks(deployment)
    yield run_check(CheckCode.REGISTRY, lambda: registries.check_own_registry(deployment))
    yield run_check(CheckCode.DECISION_ROLE, lambda: check_decision_role(deployment))
    yield from registries.other_registries(deployment)
    yield from event_rules.checks(deployment, arguments.source)
    yield run_check(CheckCode.UNDELIVERED, lambda: queues.check_undelivered(deployment))
    if arguments.event:
        yield run_check(CheckCode.JOB, lambda: check_worker(deployment, arguments.patience))
