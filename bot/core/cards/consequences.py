"""
What a change of status puts live, in words. True before the change and after it.

The facts come from `transitions.outcome`; this file only says them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.registry.version import Status

if TYPE_CHECKING:
    from bot.core.registry.outcome import Outcome


def consequence(number: int, target: Status, outcome: Outcome) -> str:
    """What happens to production when version *number* becomes *target*."""
    if target is Status.APPROVED:
        return _approving(number, outcome)
    if outcome.changes:
        return _taking_back(number, outcome)
    return f"Nothing new is deployed. {_staying(outcome)}"


def _approving(number: int, outcome: Outcome) -> str:
    if outcome.then != number:
        return (
            f"{_staying(outcome)} CI/CD deploys the newest approved version, and version "
            f"{outcome.then} is newer than version {number}. To put version {number} live, "
            "revoke every newer approved one."
        )
    if outcome.now is None:
        return f"Version {number} goes live. No other version is approved."
    return f"Version {number} goes live, in place of version {outcome.now}."


def _taking_back(number: int, outcome: Outcome) -> str:
    if outcome.then is None:
        return (
            "No other version is approved, so CI/CD finds nothing to deploy and its run fails; "
            "what runs keeps running until somebody acts."
        )
    return (
        f"Production goes back from version {number} to version {outcome.then}, the latest one "
        "that is still approved."
    )


def _staying(outcome: Outcome) -> str:
    return (
        "No version is approved." if outcome.now is None else f"Version {outcome.now} stays live."
    )
