"""Measure what a job led to, for whoever watches over the bot."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from bot.core.decide.plan import Plan
    from bot.core.decide.snapshot import Snapshot
    from bot.core.votes.request import Request
    from bot.core.votes.vote import Decision
    from bot.flows.ports import MetricSink


def measure(
    plan: Plan, told: Snapshot, now: datetime, job_sent_at: datetime | None, metrics: MetricSink
) -> None:
    """Measure how long the first card and the decision took, and count a refusal."""
    if told.candidate and _has_card(told.request) and not _has_card(plan.after.request):
        metrics.measure("TimeToCard", now - told.version.created)
    if plan.made:
        metrics.measure("TimeToDecision", now - _submitted(plan.made, job_sent_at))
    if plan.refused:
        metrics.count("Refused", reason=plan.refused.code.value)


def _has_card(request: Request) -> bool:
    return any(card.ts for card in request.cards)


def _submitted(decision: Decision, job_sent_at: datetime | None) -> datetime:
    """
    When the last vote of *decision* was submitted.

    A job that finishes what another one began was sent later than that.
    """
    return min(decision.at, job_sent_at or decision.at)
