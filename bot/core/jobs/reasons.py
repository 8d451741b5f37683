"""Reasons that several jobs give, with their parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.reason import Reason, ReasonCode
from bot.core.votes.vote import Decision

if TYPE_CHECKING:
    from bot.core.evidence.brief import Brief
    from bot.core.registry.version import DescribedVersion
    from bot.core.votes.button import ButtonPayload
    from bot.core.votes.vote import Change


def late(code: ReasonCode, version: DescribedVersion, last: Change | None) -> Reason:
    """Say that the status is another one now, and who changed it as far as that is known."""
    here = isinstance(last, Decision) and last.target is version.status
    by, moment = (
        (last.by.id, last.at.isoformat()) if here and isinstance(last, Decision) else ("", "")
    )
    params = {
        "group": version.group,
        "number": version.number,
        "status": version.status.value,
        "decided_by": by,
        "decided_at": moment,
        "modified_by": version.modified_by,
    }
    return Reason(code, params)


def brief_changed(shown: Brief, now: Brief) -> Reason:
    """Say that the evidence changed, with the first metric that shows it, if one does."""
    before = {metric.name: metric.value for metric in shown.metrics}
    for metric in now.metrics:
        if before.get(metric.name, metric.value) != metric.value:
            return _brief_changed(metric.name, before[metric.name], metric.value)
    return _brief_changed("", "", "")


def _brief_changed(metric: str, before: str, after: str) -> Reason:
    return Reason(ReasonCode.BRIEF_CHANGED, {"metric": metric, "before": before, "after": after})


def outcome_changed(button: ButtonPayload) -> Reason:
    """Say that another version would be next to deploy than the form said."""
    outcome = button.outcome
    params = {
        "number": button.number,
        "target": button.target.value,
        "before": outcome.now,
        "after": outcome.then,
    }
    return Reason(ReasonCode.OUTCOME_CHANGED, params)
