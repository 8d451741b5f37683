"""The answers of `/model-status`, the Home and the audit trail, in English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

SENTENCES: Final[Mapping[str, str]] = {
    # What can be asked.
    "help_title": "What you can ask",
    "help_summary": "What you can ask of /model-status.",
    "help_row": "{command!c}  {answer}",
    "help_not_understood": "I do not understand “{question}”.",
    "command_overview": "/model-status",
    "answer_overview": "the groups: what serves, what is next to deploy, how many versions wait",
    "command_group": "/model-status GROUP",
    "answer_group": "the versions of a group, newest first; for one called help, write group help",
    "command_version": "/model-status GROUP 3",
    "answer_version": "the card of a version; GROUP/3 or its ARN works too",
    "command_pending": "/model-status pending",
    "answer_pending": "everything that waits, oldest first",
    "command_history": "/model-status history GROUP",
    "answer_history": "who voted and decided what; GROUP 3 for one version",
    "command_help": "/model-status help",
    "answer_help": "this list",
    # Lists and their pages.
    "list_row": "{title}\n{state}, registered {age} ago",
    "list_card": "Its card",
    "list_open_card": "Open card",
    "list_open_card_label": "Open the card of {title}",
    "page_heading": "{heading}{page}",
    "page": ", page {page}",
    "page_of_pages": ", page {page} of {pages}",
    "page_previous": "◀ Previous",
    "page_next": "Next ▶",
    "age_days": "{count} {count:day|days}",
    "age_hours": "{count} {count:hour|hours}",
    "age_minutes": "{count} {count:minute|minutes}",
    "less_than_a_minute": "less than a minute",
    "overview_heading": "Model package groups, {count} {count:version|versions} waiting",
    "overview_heading_none_waiting": "Model package groups, nothing waiting",
    "overview_empty": "No model package groups yet.",
    "overview_row": "{group}\n{serving}{next}, {waiting}",
    "serving_in_overview": "{endpoint} {doing}; ",
    "overview_next": "version {number} is next to deploy",
    "overview_none_approved": "no version is approved",
    "overview_waiting": "{count} waiting",
    "overview_none_waiting": "none waiting",
    "overview_versions": "Versions",
    "overview_versions_label": "Versions of {group}",
    "versions_heading": "Versions of {group}, newest first",
    "versions_empty": "{group}: no versions in the registry.",
    "versions_row": "Version {number}",
    "pending_heading": "{count} {count:version|versions} waiting for a decision",
    "pending_empty": "Nothing waits for a decision.",
    "home_heading": "Waiting for a decision",
    "home_row": "{title!b}, registered {age} ago; {card}{serving}",
    "serving_in_home": "; {endpoint} {doing}",
    "home_theirs": "A rule names you as an approver of these",
    "home_others": "All others; you may be an approver through a user group",
    "home_card": "its card",
    "home_no_card": "it has no card yet",
    "home_more": "{count} more: {command!c}",
    # What is not there.
    "unknown_group": "There is no model package group “{name}”.",
    "unknown_group_list": "{unknown} {command!c} lists them all.",
    "unknown_group_instead": "{unknown} Did you mean:",
    "unknown_version": "{group} has no version {number}.",
    "unknown_version_instead": "Its versions",
    "unknown_arn": (
        "There is no version {arn!c} in the registry, or this bot is not allowed to read it."
    ),
    "registry_unreachable": "The registry of {registry} could not be read.",
    "registry_own": "the bot's own account",
    "registry_other": "account {account} in {region}",
    # The audit trail.
    "history_needs_group": (
        "Say whose history you want to see: {group!c}, or {version!c} for one version."
    ),
    "history_of_version": "/model-status history GROUP 3",
    "history_empty": "{name}: no votes or decisions here. Deleted versions are not shown.",
    "history_heading": "{name}: {count} {count:entry|entries} in the audit trail{page}",
    "history_left_out": (
        "At most the {entries} newest entries of each of the {versions} newest versions."
    ),
    "history_unreadable": "Entry {number} of {chain!c} cannot be read. Verify the audit trail.",
    "history_row": "{when}  {version!b}: {event}{comment}",
    "history_version": "version {number}",
    "history_comment": " “{comment}”",
    "history_vote": "{who} voted to {move}{override}.",
    "history_override": " as an emergency override",
    "history_withdrawal": "{who} withdrew their vote to {move}.",
    "history_voter": "{who} for {role}",
    "history_decision": "{decision}.",
    "history_missed_at_decision": (
        "{change} The bot was making a decision then and did not see this. After that, the "
        "registry showed the decision."
    ),
    "history_missed": "{change} The status was changed again before the bot saw this.",
    "history_refusal": "{who} tried to {move} and was refused: {why}",
    "history_refusal_any": "decide",
    "history_void": "These votes no longer count: {people:and}. {why}",
}
