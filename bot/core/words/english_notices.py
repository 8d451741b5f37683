"""What people are told when something changed, in English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

SENTENCES: Final[Mapping[str, str]] = {
    # In the thread of the card, and in other channels.
    "notice_change": "{change}{warning} {outcome}{void}",
    "notice_deploy_unheard": "⚠️ {why}{people}",
    "notice_missed_at_decision": (
        "⚠️ This version was {status} outside this bot, {when}, while the bot was making the "
        "decision of {who} and did not see it.{warning} After that, the registry showed the "
        "decision: the version was {done}. A pipeline may have started on the other status.{void}"
    ),
    "notice_missed": (
        "⚠️ This version was {status} outside this bot, {when}.{warning} Its status was changed "
        "again before the bot saw that. A pipeline may have started on that status.{void}"
    ),
    "notice_for_voters": " Decided with the votes of {people:and}.",
    "notice_void": " These earlier votes no longer count: {people:and}.",
    "notice_vote": "{people:and} voted to {move}{override}.{polls}",
    "notice_vote_override": " as an emergency override, because they registered this version",
    "notice_withdrawn": "{people:and} withdrew their vote to {move}.{polls}",
    "notice_votes_void": (
        "The evidence has changed, and the card shows what there is now. "
        "These votes no longer count: {people:and}."
    ),
    "notice_override": (
        "🚨 Emergency override: {who} registered {title!b} and voted to {move} it themselves."
    ),
    "notice_not_made": (
        "The decision to {move} was not made. {why} "
        "The decision was based on the votes of {people:and}."
    ),
    "notice_private_not_made": "{why} Your decision was not made.",
    "notice_channel": "{title!b}: {notice}{card}",
    "notice_channel_card": " {place}.",
    "notice_card": "The card",
    "notice_summary": "{notice} “{comment}”",
    # What became of an endpoint. {end} is a full stop, or a colon before SageMaker's reason.
    "endpoint_in_service": (
        "Endpoint {endpoint!b} is in service with {versions:and}{replaced}.{failed}"
    ),
    "endpoint_serves_none": (
        "Endpoint {endpoint!b} is in service with no version of a registry, in place of "
        "{versions:and}."
    ),
    "endpoint_replaced": ", in place of {versions:and}",
    "endpoint_change_failed": " SageMaker says about a change that failed:",
    "endpoint_bad_failed": "⚠️ Endpoint {endpoint!b} failed. It was to serve {versions:and}{end}",
    "endpoint_bad_out_of_service": (
        "⚠️ Endpoint {endpoint!b} is out of service, with {versions:and}{end}"
    ),
    "endpoint_bad_mixed": (
        "⚠️ Endpoint {endpoint!b} could neither be updated nor be rolled back: "
        "it serves a mix of {versions:and}{end}"
    ),
    "endpoint_removed_deleting": (
        "Endpoint {endpoint!b} is being deleted. It served {versions:and}."
    ),
    "endpoint_removed_gone": "Endpoint {endpoint!b} was deleted. It served {versions:and}.",
    "endpoint_not_changed": (
        "⚠️ Endpoint {endpoint!b} could not be changed to {missed:and}{still}{end}"
    ),
    "endpoint_still_serves": ", and is still in service with {versions:and}",
    "endpoint_for_voters": "{people:and}: {sentence}",
}
