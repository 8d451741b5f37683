"""Versions, their states, the four moves, and what each causes, in English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

SENTENCES: Final[Mapping[str, str]] = {
    "version_title": "{group} version {number}",
    # On buttons and forms.
    "move_label_approve": "Approve",
    "move_label_reject": "Reject",
    "move_label_reinstate": "Reinstate",
    "move_label_revoke": "Revoke",
    # After "voted to", "you may not".
    "move_verb_approve": "approve",
    "move_verb_reject": "reject",
    "move_verb_reinstate": "reinstate",
    "move_verb_revoke": "revoke",
    # After "the version is".
    "move_done_approve": "approved",
    "move_done_reject": "rejected",
    "move_done_reinstate": "reinstated",
    "move_done_revoke": "revoked",
    # What CI/CD then does.
    "move_effect_approve": "deploys the version",
    "move_effect_reject": "deploys nothing",
    "move_effect_reinstate": "deploys the version",
    "move_effect_revoke": "goes back to the latest version that is still approved",
    "status_pending": "🟡 Waiting for a decision",
    "status_approved": "🟢 Approved",
    "state_approved_live": "🟢 Approved, and live",
    "status_rejected": "🔴 Rejected",
    "state_not_ready_yet": "⏳ Cannot be approved yet: {reason}",
    "state_never_ready": "⚫ Cannot be approved: {reason}",
    "readiness_pending": "SageMaker is still making it",
    "readiness_in_progress": "SageMaker is still making it",
    "readiness_failed": "SageMaker could not make it",
    "readiness_deleting": "it is being deleted",
    # Who made a change, and how.
    "decided_approve": "Approved by {who}{how}",
    "decided_reject": "Rejected by {who}{how}",
    "decided_reinstate": "Reinstated by {who}{how}",
    "decided_revoke": "Revoked by {who}{how}",
    "decision_dated": "{decision}, {when}.",
    "decision_by_veto": " (veto)",
    "decision_with": ", with {people:and}",
    "decision_override": ", as an emergency override 🚨",
    "external_change_pending": "Set back to waiting{by}{when}. This was not decided here.",
    "external_change_approved": "Approved{by}{when}. This was not decided here.",
    "external_change_rejected": "Rejected{by}{when}. This was not decided here.",
    "elsewhere_by": " by {name!c}",
    "elsewhere_when": ", {when}",
    # What a change of status puts live: true before the change and after it.
    "outcome_first": "Version {number} goes live. No other version is approved.",
    "outcome_replaces": "Version {number} goes live, in place of version {before}.",
    "outcome_older": (
        "{now} CI/CD deploys the newest approved version, and version {after} is newer than "
        "version {number}. To put version {number} live, revoke every newer approved version."
    ),
    "outcome_goes_back": (
        "Production goes back from version {number} to version {after}, the latest one that is "
        "still approved."
    ),
    "outcome_none_left": (
        "No other version is approved, so CI/CD finds nothing to deploy and its run fails; "
        "what runs now keeps running until somebody acts."
    ),
    "outcome_unchanged": "Nothing new is deployed. {now}",
    "outcome_stays": "Version {number} stays live.",
    "outcome_none": "No version is approved.",
}
