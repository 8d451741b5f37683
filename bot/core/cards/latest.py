"""The latest change of a version, on its card: who gave it its status, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.core.cards.blocks import quoted, rich
from bot.core.cards.changes import decided, decided_by_voter, external_change, voters
from bot.core.cards.shared import COMMENT_LIMIT
from bot.core.registry.version import Status
from bot.core.text import cut, one_line
from bot.core.votes.vote import Decision
from bot.core.words import say

if TYPE_CHECKING:
    from slack_sdk.models.blocks import Block

    from bot.core.cards.naming import Naming
    from bot.core.registry.version import DescribedVersion
    from bot.core.text import Sentence
    from bot.core.votes.vote import Change

FAILURE_LIMIT: Final = 500
"""So much of what SageMaker says about a failure is on a card."""
_MOST_FAILURES: Final = 3


def latest(version: DescribedVersion, last: Change | None, naming: Naming) -> list[Block]:
    """Who gave the version its status, and their comment; or why SageMaker could not make it."""
    if isinstance(last, Decision) and last.target is version.status:
        return [rich(*decided_by_voter(last, naming))]
    if change := _elsewhere(version, last):
        sentence, comment = change
        limited = cut(comment, COMMENT_LIMIT)
        return [quoted(sentence, limited) if one_line(comment) else rich(sentence)]
    reasons = [cut(reason, FAILURE_LIMIT) for reason in version.failures[:_MOST_FAILURES]]
    return [rich(say("card_failure", reason=reason)) for reason in reasons]


def latest_in_short(version: DescribedVersion, last: Change | None, naming: Naming) -> Sentence:
    """The same for a notification, which begins with the status: who, and their comment."""
    if isinstance(last, Decision) and last.target is version.status:
        return say("card_summary_by", voters=list(voters(last, naming)))
    if change := _elsewhere(version, last):
        sentence, comment = change
        line = cut(one_line(comment), COMMENT_LIMIT)
        quote = say("card_summary_comment", comment=line) if line else ()
        return say("card_summary_elsewhere", change=sentence, comment=quote)
    return ()


def _elsewhere(version: DescribedVersion, last: Change | None) -> tuple[Sentence, str] | None:
    """The change that gave *version* its status, if it was not made here, and its comment."""
    if last is not None and not isinstance(last, Decision) and last.target is version.status:
        return decided(last), last.comment
    if version.status is Status.PENDING:
        return None
    return external_change(version.status, version.modified_by, version.modified), version.comment
