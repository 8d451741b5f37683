"""What people are told when something changed, in English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

SENTENCES: Final[Mapping[str, str]] = {
    # In the thread of the card, and in other channels.
    "notice_change": "{change} {outcome}{void}",
    "notice_void": " The votes cast before count no more: {people:and}.",
    "notice_vote": "{people:and} voted to {move}{override}.{polls}",
    "notice_vote_override": " and broke the glass: they registered this version",
    "notice_withdrawn": "{people:and} took their vote to {move} back.{polls}",
    "notice_votes_void": (
        "What this version is judged by has changed; the card shows it as it is now. "
        "These votes count no more: {people:and}."
    ),
    "notice_override": "🚨 {who} broke the glass: they registered {title!b} and vote to {move} it.",
    "notice_not_made": (
        "The decision to {move} came to nothing. {why} It rested on the votes of {people:and}."
    ),
    "notice_private_not_made": "{why} Your decision was not made.",
    "notice_channel": "{title!b}: {notice}{card}",
    "notice_channel_card": " The card is in {channel}.",
    # In private.
    "late": "{title} is {status} by now. {first} The card shows what can be done now.",
    "late_status_pending": "set back to waiting",
    "late_status_approved": "approved",
    "late_status_rejected": "rejected",
    "late_first": "{who} was first, {when}.",
    "late_external": "It was not decided here, but by {name}.",
    "late_unknown": "It was not decided here.",
    "brief_changed": ("What this version is judged by has changed since this was shown.{example}"),
    "brief_changed_example": " For example, {metric} was {before} and is {after}.",
    "brief_changed_refused": (
        "{changed} Nothing was decided. The card shows it as it is now: look again, then decide."
    ),
    "brief_changed_since_decision": (
        "What this version is judged by has changed since the decision was taken."
    ),
    "outcome_changed": (
        "Something else was decided since you opened the form, so your decision would now do what "
        "the form did not say. Nothing was changed. As things stand: {outcome} Press the button "
        "again if you still want it."
    ),
    "declined": (
        "SageMaker did not accept the change of {title}, so nothing has changed. Whoever runs "
        "this bot finds the reason in its log, under decision {decision!c}."
    ),
    "version_gone": (
        "This version is not in the registry any more, so there is nothing left to decide."
    ),
    "version_gone_meanwhile": (
        "This version is not in the registry any more. Whether your decision was made before it "
        "went cannot be told."
    ),
    "override_not_confirmed": (
        "You registered this version: to approve it yourself breaks the glass, and your form did "
        "not say so. Nothing was changed. Press the button again if you want that."
    ),
    "no_vote": "You have no vote on this version to withdraw. The card shows what stands.",
    "registry_not_watched": (
        "This bot does not look at the registry of this version any more, so it decides nothing "
        "there."
    ),
    "registry_unreadable": (
        "AWS does not let this bot look at the registry of this version at the moment. What you "
        "asked for is not lost: the bot tries it again for some minutes."
    ),
    "registry_unreadable_press_again": (
        "AWS does not let this bot look at the registry of this version at the moment. Nothing "
        "was decided. Press the button again in some minutes."
    ),
    # What became of an endpoint. {end} is a full stop, or a colon before SageMaker's reason.
    "endpoint_in_service": "Endpoint {endpoint!b} is in service with {versions:and}.{failed}",
    "endpoint_change_failed": " SageMaker says of a change that failed:",
    "endpoint_failed": "Endpoint {endpoint!b} failed with {versions:and}{end}",
    "endpoint_out_of_service": (
        "Endpoint {endpoint!b} is out of service, with {versions:and}{end}"
    ),
    "endpoint_mixed": (
        "Endpoint {endpoint!b} could be changed neither to the new nor back to the old: "
        "it serves a mix of {versions:and}{end}"
    ),
    "endpoint_not_changed": (
        "Endpoint {endpoint!b} could not be changed to {missed:and}{still}{end}"
    ),
    "endpoint_still_serves": ", and is still in service with {versions:and}",
}
