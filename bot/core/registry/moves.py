"""
The four moves between approval statuses, as data.

The guide ("Update the Approval Status of a Model") lists exactly these four, with what the
project templates do on each. The API itself would accept any pair: `UpdateModelPackage` has no
conditional update, so this table is the only guard. Everything else is derived from it: the
buttons, the forms, the rule keys, the table in the README.

The templates do not deploy the version that was just approved. They list the Approved versions
of the group, newest created first, and deploy the first one. So what they deploy next is computed
from all versions of the group and can differ from what the table says: if version 3 is approved
while version 5 is Approved, version 5 stays next to deploy.

Who may make a move is decided in `bot.core.rules.judge`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.core.errors import Refused
from bot.core.reason import Reason, ReasonCode
from bot.core.registry.version import Readiness, Status, Version


@dataclass(frozen=True, slots=True)
class Move:
    """A valid change of status. What people read of it is in `bot.core.words.moves`."""

    source: Status
    target: Status
    key: str
    """The move's code in rules, buttons, the audit trail and metrics. It never changes."""


MOVES: Final = (
    Move(Status.PENDING, Status.APPROVED, "approve"),
    Move(Status.PENDING, Status.REJECTED, "reject"),
    Move(Status.REJECTED, Status.APPROVED, "reinstate"),
    Move(Status.APPROVED, Status.REJECTED, "revoke"),
)


def moves_from(source: Status) -> tuple[Move, ...]:
    """The moves that start at *source*."""
    return tuple(move for move in MOVES if move.source is source)


def move_between(source: Status, target: Status) -> Move:
    """The move from *source* to *target*. Raises Refused if there is none."""
    for move in moves_from(source):
        if move.target is target:
            return move
    params = {"source": source.value, "target": target.value}
    raise Refused(Reason(ReasonCode.NOT_A_MOVE, params))


def can_make(move: Move, version: Version) -> bool:
    """Whether *version* is fit for *move*: one that is not Completed cannot be approved."""
    if version.readiness is Readiness.DELETING:
        return False
    return move.target is Status.REJECTED or version.readiness is Readiness.COMPLETED


def moves_of(version: Version) -> tuple[Move, ...]:
    """The moves that are valid for *version* as it is now."""
    return tuple(move for move in moves_from(version.status) if can_make(move, version))
