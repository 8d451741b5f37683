"""Versions, the four moves, and who made a change, in English."""

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
    "decision_override_by": "; 🚨 emergency override by {who}{comment}",
    "external_change_pending": "Set back to waiting outside this bot{by}{when}.",
    "external_change_approved": "Approved outside this bot{by}{when}.",
    "external_change_rejected": "Rejected outside this bot{by}{when}.",
    "external_status_pending": "set back to waiting",
    "external_status_approved": "approved",
    "external_status_rejected": "rejected",
    "external_creation": "Registered as Approved{by}{when}.",
    "external_changed_by": "; last changed by {name!c}",
    "external_created_by": " by {name!c}",
    "external_when": ", {when}",
    "warning_reason": " ⚠️ {why}",
    "warning_around": " ⚠️ This went around the rule {rule}{people}.",
    "warning_around_people": ", by which {people:or} {count:decides|decide}",
}
