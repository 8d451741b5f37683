"""`python -m bot rules explain`: what would happen if somebody made a move, and why."""

# ruff: noqa: T201 - this is what a terminal reads
from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bot.adapters.rules import load
from bot.commands import people
from bot.core.registry.moves import MOVES
from bot.core.rules.explain import Attempt, explain
from bot.core.rules.people import KnownPeople, Submitter

if TYPE_CHECKING:
    from argparse import Namespace

    from bot.commands.people import Known
    from bot.core.rules.rule import Rules

_LEFT_OUT: Final = (
    "everybody counts as a member of the workspace, and a user group that --members does not "
    "name counts as unread"
)
_MOVES: Final = {move.key: move for move in MOVES}


def add_to(commands: Any) -> None:
    """Add this command to *commands*."""
    parser = commands.add_parser("explain", help="say what would happen if somebody made a move")
    parser.add_argument("--group", required=True, help="the name of a model package group")
    said = "who would make the move, by Slack id"
    parser.add_argument("--user", required=True, type=people.user, metavar="USER", help=said)
    parser.add_argument("--move", required=True, choices=_MOVES, help="what they would do")
    said = "who registered the version, by Slack id (default: somebody else)"
    parser.add_argument("--submitter", type=people.user, metavar="USER", help=said)
    people.add_options(parser)
    parser.set_defaults(run=run)


def run(arguments: Namespace) -> int:
    """Print what would happen; 1 if the person may not. Raises Misconfigured for bad files."""
    rules = load(arguments.file)
    attempt = Attempt(arguments.group, arguments.user, _MOVES[arguments.move])
    facts = _facts(rules, attempt, arguments.submitter, people.known(arguments.members, _LEFT_OUT))
    explanation = explain(rules, attempt, facts)
    print(*explanation.lines, sep="\n")
    return 0 if explanation.allowed else 1


def _facts(rules: Rules, attempt: Attempt, submitter: str | None, known: Known) -> KnownPeople:
    """All that there is to know of the people of the rule."""
    people = rules.find(attempt.group).everybody
    return KnownPeople(
        members=known.members(people.user_groups),
        memberships=known.standings([attempt.person, *people.users]),
        submitter=Submitter(submitter, submitter) if submitter else Submitter(),
    )
