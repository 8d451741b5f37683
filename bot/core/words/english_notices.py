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
