"""The card of a version and the form, in English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

SENTENCES: Final[Mapping[str, str]] = {
    "card_summary": "{title}: {state}.{change}{outcome}{votes}",
    "card_summary_by": " By {voters:and}.",
    "card_summary_elsewhere": " {change}{comment}",
    "card_summary_comment": " “{comment}”",
    "card_summary_if_approved": " If approved: {outcome}",
    "card_summary_next": " Version {number} is next to deploy.",
    "card_summary_none": " No version is approved.",
    "card_gone": "⚫ Not in the registry any more. There is nothing left to decide.",
    "card_gone_summary": "{title}: {state}",
    "card_revoked": "🔴 Revoked",
    "card_decided_approve": "Approved {when}{by}",
    "card_decided_reject": "Rejected {when}{by}",
    "card_decided_reinstate": "Reinstated {when}{by}",
    "card_decided_revoke": "Revoked {when}{by}",
    "card_by_one": " by {voter}",
    "card_by_several": " with {count} votes:",
    "card_voter_row": "• {voter}",
    "card_voter": "{who}{marks}{comment}",
    "card_voter_marks": " ({marks:comma})",
    "card_voter_veto": "veto",
    "card_voter_override": "🚨 emergency override",
    "card_failure": "SageMaker says: {reason}",
    "card_registered": "Registered {when}{by}{commit}",
    "card_registered_by": " by {name!c}",
    "card_submitted": "Submitted by {who}",
    "card_submitter_without_name": "somebody in Slack whose name is not known",
    "card_commit": ", commit {commit}",
    "card_evidence": "Evidence: {reports:comma}",
    "card_report_elsewhere": "{report} ({uri})",
    "card_no_evaluation": "⚠️ No evaluation registered.",
    "card_note": "⚠️ {note}",
    "card_studio": "Open in SageMaker Studio",
    "card_live": "Live now: version {number}",
    "card_none_approved": "No version is approved",
    "card_votes": "Votes",
    "card_void": "⚠️ These earlier votes no longer count: {people:and}.",
    "card_nobody_decides": "⚠️ {reason}",
    "card_move_blocked": "⚠️ {move}: {reason}",
    "card_button_label": "{move} {title}",
    "card_withdraw": "Withdraw my vote",
    "card_withdraw_label": "Withdraw my vote on {title}",
    "card_place": "{card} is in {channel}",
    # Who can decide.
    "deciders": "Can decide: {people:or}",
    "deciders_alone": "Can {move}: {people:or}",
    "deciders_of_move": "{move} needs {roles:and}",
    "deciders_by_veto": "Can veto: {people:or}",
    "deciders_by_veto_of_approved": "Can revoke by veto: {people:or}",
    "deciders_watching": "Also notified: {people:and}",
    "role": "{needs} of {role}",
    "role_others": "{needs} of other roles",
    "role_people": "{needs} of {role} ({people:or})",
    "approvers": "{needs} of the approvers",
    "approvers_people": "{needs} of {people:or}",
    "people_more": "{count} {count:other|others}",
    "people_count": "{count} {count:person|people}",
    "user_groups": "members of {count} user {count:group|groups}",
    # How far the votes have come.
    "poll": "{move}, {have} of {needed} votes: {parts:comma}{uncounted}{enough}",
    "poll_sentence": " {poll}.",
    "poll_counting": "{people:and} for {role}",
    "poll_waiting": "waiting for {roles:and}",
    "poll_missing": "{count} more",
    "poll_uncounted": "; not counted: {people:and}",
    "poll_enough": "; there are enough votes: one of them must press {move} again",
    "poll_override": "🚨 Emergency override: {who} voted for their own version{comment}",
    "poll_comment": "{who}{comment}",
    "comment": ": “{comment}”",
    "comment_cut": ": “{comment}” (whole in the thread)",
    # The form.
    "form_title": "{move} version {number}",
    "form_override": (
        "🚨 You registered this version. Approving it yourself is an emergency override: everybody "
        "in the channel will see it, with your reason."
    ),
    "form_quorum": "This needs {roles:and}. Yours is one vote. When all of them have voted:",
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
    "refusal_title": "Not possible",
    "refusal_close": "Close",
}
