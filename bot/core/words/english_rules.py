"""What the rules say, and would have said of the past, in English: for those who write them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

SENTENCES: Final[Mapping[str, str]] = {
    # `rules explain`: the rule, and what would happen.
    "explain_no_rule": "Rule: none matches {group}.",
    "explain_rule": "Rule: {rule}, whose pattern {pattern} matches {group}.",
    "explain_rule_without_name": (
        "Rule: one without a name, whose pattern {pattern} matches {group}."
    ),
    "explain_channel": "Channel: {channel}.",
    "explain_allowed": "{who} may {move} a version of {group}.",
    "explain_refused": "{who} may not {move} a version of {group}.",
    "explain_unknown": (
        "Whether {who} may {move} a version of {group} is unknown: it depends on who is in "
        "{user_groups:and}."
    ),
    "explain_told": "They would be told: {reason}",
    "explain_decides": "It decides at once.",
    "explain_vetoes": "It decides at once, as a veto.",
    "explain_counts": "It counts. {needed}",
    "explain_counts_for_role": "It counts for {role}. {needed}",
    "votes_needed": "{count} more {count:is|are} needed.",
    "votes_needed_by_role": "{count} more {count:is|are} needed: {roles:and}.",
    "votes_needed_of_role": "{count} of {role}",
    "explain_next": "Could vote next: {people:or}.",
    "explain_nobody_next": "Nobody else could vote.",
    "explain_member": "a member of {user_group}",
    "explain_member_named": "a member of {user_group} ({members:or})",
    "explain_member_counted": "a member of {user_group} ({count} people)",
    "explain_override": (
        "This is an emergency override, as they registered it: a reason is needed, and everybody "
        "sees it."
    ),
    "explain_comment_needed": "A comment is needed.",
    "explain_no_comment_needed": "No comment is needed.",
    # What holds whoever makes the move.
    "explain_submitter_may": (
        "Whoever registered it may {move} it, as an emergency override with a reason that "
        "everybody sees."
    ),
    "explain_submitter_may_not": "Whoever registered it may not {move} it.",
    "explain_veto": "Can veto: {people:or}.",
    "explain_pings_nobody": "The card pings nobody.",
    "explain_pings": "The card pings {count} {count:person|people}: {people:and}.",
    "explain_pings_at_least": (
        "The card pings at least {count} {count:person|people}: {people:and}."
    ),
    "explain_thread": "The decision is told in the card's thread.",
    "explain_thread_and_channels": (
        "The decision is told in the card's thread and {channels:and}."
    ),
    "explain_not_asked": "Who is in {user_group} is unknown.",
    "explain_unreadable": (
        "Nobody counts as a member of {user_group}: who is in it could not be read{because}."
    ),
    "explain_because": ", because {failure}",
    # `rules simulate`: an entry of the past, and what would be different.
    "finding": "{group} version {version}, entry {number} ({when}): {difference}",
    "finding_refusal": "{who} was refused to {move} it: “{reason}”",
    "finding_click": "{refusal} {now}",
    "finding_would_decide": "Now it would decide at once.",
    "finding_would_count": "Now it would count as a vote.",
    "finding_made": "{done} by {people:and}.",
    "finding_decision": "{decision} {now}",
    "finding_not_made": "Now it would not be made.{refused}{needed}",
    "finding_needed": " {needed}",
    "finding_told": " {who} would be told: {reason}",
    "finding_by_fewer": "Now fewer votes would make it: by {people:and}.{refused}",
    "finding_earlier": "Now it would be {done} earlier: by the vote of {who}, {when}.",
    "finding_earlier_by_refused": (
        "Now it would be {done} earlier: by the click that was refused to {who}, {when}."
    ),
    "finding_vote_refused": "the vote of {who} to {move} it would be refused now: {reason}",
    "finding_change": "change",
    "finding_vote_decides": "the vote of {who} to {move} it would decide now; {instead}.",
    "finding_instead_nothing_yet": "there is no decision so far",
    "finding_instead_external_change": "instead, the status was changed outside",
    "finding_instead_void": "instead, the votes were void",
    "finding_unknown": "{what} cannot be told, because nobody recorded {gaps:or}.",
    "finding_unknown_click": "{refusal} Whether they would be now",
    "finding_unknown_decision": "{decision} Whether it would be now",
    "finding_unknown_vote": (
        "the vote of {who} to {move} it decided nothing. Whether it would now"
    ),
    "finding_gap_membership": "what {who} was in Slack",
    "finding_gap_in_group": "whether {who} was in {user_group}",
    "finding_gap_others": "who else was in {user_group}",
    "finding_gap_submitter": "who registered it",
}
