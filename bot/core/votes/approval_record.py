"""
What a decision writes to the registry: one line of text, and a few entries of metadata.

AWS publishes what these fields may hold, and botocore checks none of it (API model,
`UpdateModelPackage`): ApprovalDescription is one line of at most 1,024 characters;
CustomerMetadataProperties holds at most 50 entries whose values are letters, digits, spaces and
`_ . : / = + - @`, at most 256 of them. So these limits are kept here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.core.errors import Refused
from bot.core.reason import Reason, ReasonCode
from bot.core.registry.moves import move_between
from bot.core.text import cut, length, one_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.core.registry.version import DescribedVersion
    from bot.core.rules.people import Person
    from bot.core.votes.vote import Decision

DESCRIPTION_LIMIT: Final = 1024
METADATA_LIMIT: Final = 50
VALUE_LIMIT: Final = 256

_OTHERS: Final = 8
"""So many of those who voted as well are named in the description: half of it stays for words."""
_OTHERS_BY_ID: Final = 20
"""So many were, when they were named by their ids."""

DECISION_KEY: Final = "approval-decision"
KEYS: Final = (
    DECISION_KEY,
    "approval-move",
    "approval-by",
    "approval-by-name",
    "approval-at",
    "approval-with",
    "approval-brief",
)

_DONE: Final = {
    "approve": "Approved",
    "reject": "Rejected",
    "reinstate": "Reinstated",
    "revoke": "Revoked",
}
"""What a decision did, as written into the registry: not translated, for it is compared later."""


def description(decision: Decision) -> str:
    """
    Write ApprovalDescription: the comment and who decided; only the comment is ever cut.

    Who voted as well is there by name; their Slack ids are in the metadata.
    """
    return _signed(decision, [_name(person, 50) for person in decision.others[:_OTHERS]])


def is_description_of(decision: Decision, text: str) -> bool:
    """
    Whether *text* is what *decision* wrote into the registry.

    Decisions that were made before the names of others were written have their ids there.
    """
    ids = [person.id for person in decision.others[:_OTHERS_BY_ID]]
    return text in {description(decision), _signed(decision, ids)}


def _signed(decision: Decision, others: Sequence[str]) -> str:
    """Write the comment and who decided, with *others*, and how many more there are."""
    left = len(decision.others) - len(others)
    more = f" and {left} more" if left else ""
    with_others = f", with {', '.join(others)}{more}" if others else ""
    signed = f" ({_name(decision.by)}, Slack {decision.by.id}{with_others})"
    done = _DONE[move_between(decision.source, decision.target).key]
    comment = _comments(decision) or f"{done} without a comment"
    return cut(comment, DESCRIPTION_LIMIT - length(signed)) + signed


def _name(person: Person, limit: int = 80) -> str:
    return cut(one_line(person.name), limit) or person.id


def _comments(decision: Decision) -> str:
    """Return the comment of who decided; where several voted, the comment of each."""
    if not decision.others:
        return one_line(decision.comment)
    comments = [(_name(vote.by), one_line(vote.comment)) for vote in decision.votes]
    return " / ".join(f"{name}: {comment}" for name, comment in comments if comment)


def metadata(decision: Decision) -> dict[str, str]:
    """Write CustomerMetadataProperties: the decision, move, people, time and brief, as codes."""
    values = (
        decision.id,
        move_between(decision.source, decision.target).key,
        decision.by.id,
        decision.by.name,
        decision.at.isoformat(timespec="seconds"),
        " ".join(person.id for person in decision.others),
        decision.brief_digest,
    )
    return {key: _allowed(value) for key, value in zip(KEYS, values, strict=True)}


def _allowed(value: str) -> str:
    kept = re.sub(r"[^\w\s.:/=+\-@]", "", one_line(value))
    return re.sub(r"\s", " ", kept)[:VALUE_LIMIT].strip() or "-"


def check_metadata_limit(version: DescribedVersion) -> None:
    """Check that the version's metadata leaves room for a decision's. Raises Refused."""
    excess = len({*version.metadata, *KEYS}) - METADATA_LIMIT
    if excess > 0:
        params = {"entries": len(version.metadata), "limit": METADATA_LIMIT, "excess": excess}
        raise Refused(Reason(ReasonCode.METADATA_FULL, params))


def decision_in(metadata: Mapping[str, str]) -> str:
    """Return the id of the decision that these metadata name; empty if none."""
    return metadata.get(DECISION_KEY, "")
