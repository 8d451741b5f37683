"""
The reasons for which a click is refused or a decision is not made, from the values at hand.

What the rules say is for `bot.core.rules.judge`; the sentences are for `bot.core.words.reasons`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.reason import Reason, ReasonCode
from bot.core.votes.vote import Decision

if TYPE_CHECKING:
    from bot.core.evidence.brief import Brief
    from bot.core.registry.moves import Move
    from bot.core.registry.outcome import Outcome
    from bot.core.registry.version import DescribedVersion, Status, Version
    from bot.core.rules.quorum import Tally
    from bot.core.rules.rule import Rule
    from bot.core.votes.vote import Change


def status_changed(
    version: DescribedVersion, last: Change | None, code: ReasonCode = ReasonCode.STATUS_CHANGED
) -> Reason:
    """
    The status changed first: by *last*, if that is a decision made here which still holds.

    *code* says what the change made invalid: a click, a decision or votes.
    """
    here = last if isinstance(last, Decision) and last.target is version.status else None
    params = {
        "group": version.group,
        "number": version.number,
        "status": version.status.value,
        "decided_by": here.by.id if here else "",
        "decided_at": here.at.isoformat() if here else "",
        "modified_by": version.modified_by,
    }
    return Reason(code, params)


def brief_changed(shown: Brief, now: Brief, code: ReasonCode = ReasonCode.BRIEF_CHANGED) -> Reason:
    """The evidence is not what was *shown*; the first metric that differs is the example."""
    before = {metric.name: metric.value for metric in shown.metrics}
    for metric in now.metrics:
        if before.get(metric.name, metric.value) != metric.value:
            return Reason(code, _change(metric.name, before[metric.name], metric.value))
    return Reason(code, _change())


def _change(metric: str = "", before: str = "", after: str = "") -> dict[str, str]:
    return {"metric": metric, "before": before, "after": after}


def outcome_changed(
    number: int, target: Status, outcome: Outcome, code: ReasonCode = ReasonCode.OUTCOME_CHANGED
) -> Reason:
    """
    Version *number* at *target* would now have *outcome*, which the form did not say.

    *code* says what that made invalid: a click or a decision.
    """
    params = {
        "number": number,
        "target": target.value,
        "before": outcome.before,
        "after": outcome.after,
    }
    return Reason(code, params)


def not_ready(version: Version) -> Reason:
    """SageMaker has not made *version*, so it cannot be approved."""
    params = {
        "group": version.group,
        "number": version.number,
        "readiness": version.readiness.value,
    }
    return Reason(ReasonCode.NOT_READY, params)


def comment_needed(move: Move) -> Reason:
    """The rule asks for a comment on *move*."""
    return Reason(ReasonCode.COMMENT_NEEDED, {"move": move.key})


def declined(version: Version, decision: Decision) -> Reason:
    """SageMaker did not accept the update of *version* that *decision* asked for."""
    params = {"group": version.group, "number": version.number, "decision": decision.id}
    return Reason(ReasonCode.DECLINED, params)


def not_allowed_any_more(rule: Rule, refusal: ReasonCode) -> Reason:
    """The decision was allowed when it was taken; a vote for it would now be refused."""
    params = {"rule": rule.name, "refusal": refusal.value}
    return Reason(ReasonCode.NOT_ALLOWED_SINCE_DECISION, params)


def votes_missing(rule: Rule, tally: Tally) -> Reason:
    """The decision had enough votes when it was taken; by *tally*, it would now have too few."""
    params = {"rule": rule.name, "have": tally.have, "needed": tally.needed}
    return Reason(ReasonCode.VOTES_MISSING_SINCE_DECISION, params)
