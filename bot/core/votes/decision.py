"""What a vote decides, once it is enough: the decision, with all the votes that it rests on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.votes.vote import Decision

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.core.registry.outcome import Outcome
    from bot.core.registry.version import DescribedVersion
    from bot.core.rules.judge import Verdict
    from bot.core.votes.vote import Vote


def decision_from(
    vote: Vote,
    others: Iterable[Vote],
    verdict: Verdict,
    version: DescribedVersion,
    outcome: Outcome,
) -> Decision:
    """What *vote* decides about *version*, with those of the *others* that count for it."""
    tally = verdict.tally
    counted = [(each, role) for each in others if (role := tally.role_of(each.by.id))]
    kept = [] if verdict.veto else [replace(each, role=role) for each, role in counted]
    return Decision(
        id=vote.id,
        arn=version.arn,
        source=vote.source,
        target=vote.target,
        outcome=outcome,
        by=vote.by,
        comment=vote.comment,
        at=vote.at,
        brief_digest=vote.brief_digest,
        votes=(*kept, replace(vote, role=tally.role_of(vote.by.id))),
        veto=verdict.veto,
        seen_modified=version.last_modified,
    )
