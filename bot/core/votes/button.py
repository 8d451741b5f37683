"""
What the buttons of a card hold: for a move, everything that was true when the card was made.

A click is judged by the value of its button, never by the text of a message. The worker compares
it with what holds when it judges the click.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.core import wire
from bot.core.registry.outcome import Outcome, outcome_of
from bot.core.registry.version import Arn, Status
from bot.core.text import cut
from bot.core.wire import AwareDatetime, NonEmpty

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.evidence.brief import Candidate
    from bot.core.registry.moves import Move
    from bot.core.rules.rule import Role, Rule


_MOST_ROLES: Final = 5
_ROLE_LIMIT: Final = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class ButtonPayload:
    """A move on a version, with all that people were shown of it."""

    arn: Arn
    created: AwareDatetime
    """When the version was created."""
    group: NonEmpty
    number: int
    source: Status
    target: Status
    outcome: Outcome
    comment_needed: bool
    brief_digest: str = ""
    """Digest of the brief that was shown."""
    quorum: tuple[tuple[str, int], ...] = ()
    """The roles whose votes the move needs, and how many of each; empty if one vote is enough."""
    override: bool = False
    """Whether the person who clicked registered the version, so it is an emergency override."""


@dataclass(frozen=True, slots=True)
class WithdrawButton:
    """What the button that withdraws a vote holds: the version that the vote is on."""

    arn: Arn


def encode_button(button: ButtonPayload | WithdrawButton) -> str:
    """Write *button* as the value of a button."""
    return wire.encode(button)


def decode_button(value: str) -> ButtonPayload:
    """Read the value of a move's button. Raises Malformed."""
    return wire.decode(value, ButtonPayload, "the value of a button")


def decode_withdraw_button(value: str) -> WithdrawButton:
    """Read the value of a button that withdraws a vote. Raises Malformed."""
    return wire.decode(value, WithdrawButton, "the value of a withdraw button")


def button_for(
    move: Move, candidate: Candidate, rule: Rule, *, override: bool = False
) -> ButtonPayload:
    """Make what *move* means now; *override* if whoever clicks registered the version."""
    version = candidate.version
    return ButtonPayload(
        arn=version.arn,
        created=version.created,
        group=version.group,
        number=version.number,
        source=move.source,
        target=move.target,
        outcome=outcome_of(version, move.target, candidate.versions),
        comment_needed=override or move.key in rule.comment,
        brief_digest=candidate.brief_digest,
        quorum=quorum(rule.roles_for(move)),
        override=override,
    )


def quorum(roles: Sequence[Role]) -> tuple[tuple[str, int], ...]:
    """
    Whose votes *roles* need, for a button: each role with a number; empty if one vote is enough.

    Of many roles, the last ones are added up, under no name: a button has room for 2,000 letters.
    """
    if sum(role.needs for role in roles) <= 1:
        return ()
    first = [(cut(role.name, _ROLE_LIMIT), role.needs) for role in roles[:_MOST_ROLES]]
    others = sum(role.needs for role in roles[_MOST_ROLES:])
    return (*first, *([("", others)] if others else []))
