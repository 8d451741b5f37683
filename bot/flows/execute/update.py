"""
Make the one update of the registry that a plan asks for, and prove it.

The registry has no conditional update, so the order is what makes a decision happen exactly once:
it is written to the ledger; then one call sets the status; then the version is fetched again, and
the decision's id in its metadata proves that the decision was made.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.errors import Declined, Gone, Unavailable, Unproved
from bot.core.evidence.brief import Candidate
from bot.core.votes.approval_record import decision_in
from bot.core.votes.lease import LAG

if TYPE_CHECKING:
    from bot.core.decide.snapshot import Snapshot
    from bot.core.votes.vote import Decision
    from bot.flows.ports import Registry


def execute(decision: Decision, snapshot: Snapshot, registry: Registry) -> Snapshot:
    """
    Make *decision*; return the snapshot with the version as it is afterwards.

    Raises Unavailable if AWS is busy, or the registry does not show the decision yet. That is
    Unproved if AWS declined: botocore may have tried before, with success, and lost the answer, and
    the registry shows some seconds later what was made.
    """
    declined = not _apply(decision, registry)
    try:
        version = registry.describe(decision.arn)
    except Gone as error:
        raise Unavailable(f"the registry does not show {decision.arn}") from error
    made = decision_in(version.metadata) == decision.id
    if not made and declined:
        raise Unproved(f"AWS declined decision {decision.id}", int(LAG.total_seconds()))
    if not made:
        raise Unavailable(f"the registry does not show decision {decision.id} yet")
    subject = snapshot.subject
    candidate = Candidate.of(version, subject.versions, subject.brief)
    return replace(snapshot, candidate=candidate, updated=True)


def _apply(decision: Decision, registry: Registry) -> bool:
    """Set the status; return False if AWS will not, now or later (the adapter logs why)."""
    try:
        registry.apply(decision)
    except Declined:
        return False
    return True
