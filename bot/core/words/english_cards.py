"""The card of a version, in English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

SENTENCES: Final[Mapping[str, str]] = {
    "card_summary": "{title}: {state}.{votes}",
    "card_gone": "⚫ Not in the registry any more. There is nothing left to decide.",
    "card_gone_summary": "{title}: {state}",
    "card_failure": "SageMaker says: {reason}",
    "card_registered": "Registered {when}{by}",
    "card_registered_by": " by {name!c}",
    "card_submitted": "Submitted by {who}",
    "card_votes": "Votes",
    "card_nobody_decides": "⚠️ {reason}",
    "card_move_blocked": "⚠️ {move}: {reason}",
    "card_revoke_back": "Revoke, back to {number}…",
    "card_button_label": "{move} {title}",
    "card_withdraw": "Withdraw my vote",
    "card_withdraw_label": "Withdraw my vote on {title}",
    # Who can decide.
    "deciders": "Can decide: {people:or}",
    "deciders_of_move": "{move} needs {roles:and}",
    "deciders_by_veto": "Can veto: {people:or}",
    "deciders_watching": "Also notified: {people:and}",
    "role": "{needs} of {role}",
    "role_people": "{needs} of {role} ({people:or})",
    "approvers": "{needs} of the approvers",
    "approvers_asked": "{needs} of the approvers (notified: {people:and})",
    "approvers_people": "{needs} of {people:or}",
    "people_more": "{count} {count:other|others}",
    # How far the votes have come.
    "poll": "{move}, {have} of {needed} votes: {parts:comma}{uncounted}{enough}",
    "poll_sentence": " {poll}.",
    "poll_counting": "{people:and} for {role}",
    "poll_waiting": "waiting for {roles:and}",
    "poll_missing": "{count} more",
    "poll_uncounted": "; not counted: {people:and}",
    "poll_enough": "; there are enough votes: one of them must press {move} again",
    "poll_override": "🚨 Emergency override: {who} voted for their own version. “{comment}”",
}
