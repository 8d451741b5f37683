"""The form in which somebody decides, and the receipt that it becomes, in English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

SENTENCES: Final[Mapping[str, str]] = {
    "form_title": "{move} version {number}",
    # What the move makes of production, after a colon. {now} is empty, or that it is at once.
    "production_now": " now",
    "production_first": "version {number} is deployed{now}. No other version is approved.",
    "production_replaces": "version {number} is deployed{now}, in place of version {before}.",
    "production_older": (
        "nothing new is deployed. Version {after} is newer than version {number}, and stays next "
        "to deploy. To deploy version {number}, revoke every newer approved version."
    ),
    "production_back": (
        "version {after}, the latest one that is still approved, is next to deploy{now}. CI/CD "
        "deploys it where version {number} serves."
    ),
    "production_none_left": (
        "no version is approved any more, so CI/CD finds nothing to deploy and its run fails. "
        "What an endpoint serves, it serves until somebody changes the endpoint."
    ),
    "production_stays": "nothing new is deployed. Version {number} stays next to deploy.",
    "production_none": "nothing new is deployed. No version is approved.",
    # What the vote does.
    "form_once_decided": "Once this is decided: {production}",
    "form_checking": "⏳ Checking what your vote does…",
    "form_unchecked": (
        "⚠️ What your vote does could not be checked so far. The bot tries again for some minutes. "
        "You can submit the form all the same: your vote is checked before it counts."
    ),
    "form_not_checked": (
        "⚠️ What your vote does is not shown, because the bot's queue did not answer. You can "
        "submit the form all the same: your vote is checked before it counts."
    ),
    "form_decides": "Your vote decides it: {production}",
    "form_completes": "Your vote completes it: {production}",
    "form_veto_reject": "Your veto rejects it alone: {production}",
    "form_veto_revoke": "Your veto revokes it alone: {production}",
    "form_one_of": ("Your vote is {have} of {needed}; then {missing:and} {many:is|are} missing."),
    "form_not_counted": (
        "Your vote does not count, because others have filled your roles; "
        "{missing:and} {many:is|are} still missing."
    ),
    "form_missing": "{number} more",
    "form_voted_already": "You already voted to {move} it. Submitting changes your comment.",
    "form_voted_otherwise": "You voted to {move} it. Submitting takes that vote back.",
    "form_override": (
        "🚨 You registered this version. Approving it yourself is an emergency override: everybody "
        "in the channel will see it, with your reason."
    ),
    # The votes so far, each above its comment.
    "form_vote": "{who} voted for it{role}, {when}{override}",
    "form_vote_role": ", for {role}",
    "form_vote_override": ". 🚨 Emergency override: they registered this version",
    "form_vote_own": "Your comment so far",
    "form_votes_more": "{count} more {count:person|people} voted for it",
    # The label of the button, at most 24 characters; a longer one is cut to the move.
    "submit_deploy": "{move} and deploy",
    "submit_one_of": "{move} ({have} of {needed})",
    "submit_back": "{move}, back to v{after}",
    "submit_veto": "Veto",
    "submit_comment": "Change my comment",
    "form_comment": "Comment",
    "form_hint": (
        "SageMaker stores it with your name as the approval description (about 900 characters of "
        "it), and the thread below the card shows it."
    ),
    "form_footnote": (
        "This is what SageMaker's project templates do when a status changes. "
        "Your own pipeline may do something else."
    ),
    "form_cancel": "Cancel",
    # The form that cannot be submitted, and the receipt.
    "refusal_title": "Not possible",
    "form_close": "Close",
    "receipt_working": "⏳ Working on it…",
    "receipt_close": (
        "You can close this. The thread below the card says what came of it, and the bot tells you "
        "in private if it could not be done."
    ),
    "receipt_decided": "✅ Done: {version} is {done}.",
    "receipt_production": "What CI/CD does: {production}",
    "receipt_recorded": "✅ Done: your vote to {move} {version} is recorded.",
    "form_still_trying": "⏳ {reason}",
    "form_not_done": "⚠️ {reason}",
    "receipt_one_of": (
        "That is {have} of {needed} votes; {missing:and} {many:is|are} still missing."
    ),
    "receipt_comment": "Your comment",
}
