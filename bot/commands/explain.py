"""`python -m bot rules explain`: what would happen if somebody made a move, and why."""

# ruff: noqa: T201 - this prints to a terminal
from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bot.adapters.rules import load
from bot.commands import people
from bot.core.registry.moves import MOVES
from bot.core.rules.explain import Attempt, explain
from bot.core.rules.people import KnownPeople, Submitter
from bot.core.text import plain_text
from bot.core.words.explanations import explanation_lines

if TYPE_CHECKING:
    from argparse import Namespace

    from bot.commands.people import KnownGroups
    from bot.core.rules.rule import Rules

_LEFT_OUT: Final = (
    "everybody counts as a member of the workspace, and who is in a user group that --members "
    "does not name is unknown"
)
_MOVES: Final = {move.key: move for move in MOVES}


def add_to(commands: Any) -> None:
    """Add this command to *commands*."""
    parser = commands.add_parser("explain", help="say what would happen if somebody made a move")
    parser.add_argument("--group", required=True, help="the name of a model package group")
    help_ = "who would make the move, by Slack id"
    parser.add_argument("--user", required=True, type=people.user, metavar="USER", help=help_)
    parser.add_argument("--move", required=True, choices=_MOVES, help="what they would do")
    help_ = "who registered the version, by Slack id (default: somebody else)"
    parser.add_argument("--submitter", type=people.user, metavar="USER", help=help_)
    people.add_options(parser)
    parser.set_defaults(run=run)


def run(arguments: Namespace) -> int:
    """Print what would happen; return 1 if they may not, or if unknown. Raises Misconfigured."""
    rules = load(arguments.file)
    attempt = Attempt(arguments.group, arguments.user, _MOVES[arguments.move])
    known = people.known_groups(arguments.members, _LEFT_OUT)
    explanation = explain(rules, attempt, _known_people(rules, attempt, arguments.submitter, known))
    print(*map(plain_text, explanation_lines(explanation)), sep="\n")
    return 0 if explanation.allowed else 1


def _known_people(
    rules: Rules, attempt: Attempt, submitter: str | None, known: KnownGroups
) -> KnownPeople:
    """Look up everybody whom the rule names, and the person of *attempt*."""
    everybody = rules.find(attempt.group).everybody
    return KnownPeople(
        members=known.members(everybody.user_groups),
        memberships=known.memberships([attempt.person, *everybody.users]),
        submitter=Submitter(submitter, (submitter,)) if submitter else Submitter(),
    )
