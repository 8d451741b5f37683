"""Measure what a job led to, for whoever watches over the bot."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from bot.core.jobs.plan import Plan
    from bot.core.jobs.snapshot import Snapshot
    from bot.core.votes.request import Request
    from bot.core.votes.vote import Decision
    from bot.flows.ports import Ports


def measure(plan: Plan, told: Snapshot, ports: Ports) -> None:
    """Measure how long the first card and the decision took, and count a refusal."""
    if told.candidate and _has_card(told.request) and not _has_card(plan.after.request):
        ports.metrics.took("TimeToCard", ports.now() - told.version.created)
    if plan.settled:
        ports.metrics.took("TimeToDecision", ports.now() - _submitted(plan.settled, ports))
    if plan.refused:
        ports.metrics.count("Refused", reason=plan.refused.code.value)


def _has_card(request: Request) -> bool:
    return any(card.ts for card in request.cards)


def _submitted(decision: Decision, ports: Ports) -> datetime:
    """
    When the last vote of *decision* was submitted.

    A job that finishes what another one began was sent later than that.
    """
    return min(decision.at, ports.asked or decision.at)
