"""Why something was refused or came to nothing, in English: the templates of `reasons`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_SEE_THE_CARD: Final = "The card shows what can be done now."
_PRESS_AGAIN: Final = "Press the button again if you still want it."
_NOT_READABLE: Final = "AWS does not let this bot read the registry of this version at the moment."

_STATUS_CHANGED: Final = f"{{group}} version {{number}} is now {{status}}. {{who}} {_SEE_THE_CARD}"

CODES: Final[Mapping[str, str]] = {
    # The click no longer fits what holds now.
    "not_a_move": (
        "A version that is {source} cannot be set to {target} here. Nothing was changed. "
        f"{_SEE_THE_CARD}"
    ),
    "status_changed": _STATUS_CHANGED,
    "brief_changed": (
        "The evidence has changed since this card was shown.{example} "
        "The card shows what there is now: look at it again before you decide."
    ),
    "outcome_changed": (
        "Something else was decided since you opened the form, so your decision would now have "
        "another effect than the form said. Nothing was changed. With your decision, "
        f"{{after}}; at the moment, {{before}}. {_PRESS_AGAIN}"
    ),
    "override_not_confirmed": (
        "You registered this version, so approving it yourself is an emergency override, and your "
        f"form did not say so. Nothing was changed. {_PRESS_AGAIN}"
    ),
    "vote_decides_now": (
        "{cause}, so your vote would now decide this at once, and your form did not say so. "
        f"Nothing was changed, and your vote was not recorded. {_PRESS_AGAIN}"
    ),
    # The version itself.
    "not_ready": "{group} version {number} cannot be approved: {readiness}.",
    "metadata_full": (
        "This version has {entries} {entries:entry|entries} of metadata, and SageMaker allows "
        "{limit}. Remove {excess} {excess:entry|entries}, so that the decision can be written down."
    ),
    "version_gone": (
        "This version is not in the registry any more, so there is nothing left to decide."
    ),
    "version_replaced": (
        "The version of this card was deleted, and another one was registered with its name and "
        "number. Nothing was changed."
    ),
    "version_gone_undecided": (
        "This version is not in the registry any more. "
        "Whether your decision was made before it was removed is not known."
    ),
    "made_on_another_version": (
        "The decision was judged on another version, which was deleted at that moment. This one "
        "was registered under its number, and nobody has judged it."
    ),
    # The rules.
    "comment_needed": "To {move} a version of this group, say why in the comment.",
    "no_rule": "Nobody may decide: no rule matches this group.",
    "no_approver": "Nobody may decide: the rule for this group names no approver.{rule}",
    "empty_role": (
        "Nobody may decide: the rule for this group names nobody for the role {role}.{rule}"
    ),
    "not_a_member": "You may not {move} this version: {membership}.{rule}",
    "own_version": "You registered this version, so you may not {move} it.{rule}",
    "maybe_own_version": (
        "{name} registered this version. That may mean you, so you may not {move} it.{rule}"
    ),
    "submitter_unknown": (
        "Nobody may {move} this version: {name} registered it, and the bot could not find out who "
        "that is in Slack, because {failure}.{rule}"
    ),
    "too_few_people": (
        "Nobody may decide: for this move, the rule for this group needs {needed} "
        "{needed:person|people}, and only {able} {able:person|people} can fill its roles.{rule}"
    ),
    "not_an_approver": "You may not {move} this version. {people:or} may.{not_read}{rule}",
    # What kept a decision, or an answer, from being made.
    "status_changed_since_decision": _STATUS_CHANGED,
    "brief_changed_since_decision": (
        "The evidence for this version has changed since the decision was taken."
    ),
    "outcome_changed_since_decision": (
        "Something else was decided after this decision was taken, so it would now have another "
        "effect than its form said. With it, {after}; without it, {before}."
    ),
    "not_allowed_since_decision": (
        "The rule for this group, or who may decide by it, has changed since the decision was "
        "taken: it is not allowed any more.{rule}"
    ),
    "votes_missing_since_decision": (
        "The rule for this group, or who may decide by it, has changed since the decision was "
        "taken: only {have} of the {needed} votes that it needs count now.{rule}"
    ),
    "brief_changed_since_votes": "The evidence for this version has changed.{example}",
    "declined": (
        "SageMaker did not accept the change of {group} version {number}, so nothing has changed. "
        "Whoever runs this bot finds the reason in its log, under decision {decision!c}."
    ),
    "status_changed_since_votes": _STATUS_CHANGED,
    "status_changed_twice_since_votes": (
        "After these votes were cast, the status of {group} version {number} was changed outside "
        "this bot, and then changed again."
    ),
    "card_not_posted": (
        "The card of this version cannot be posted in {channel}: Slack says {error!c}. Is the "
        "channel archived, or is the bot not in it? The bot tries again while the version waits."
    ),
    "deploy_unheard": (
        "{minutes} {minutes:minute|minutes} after version {number} became next to deploy, no "
        "endpoint has reported it. This group has {endpoints:and}. Check the pipeline."
    ),
    "still_trying": (
        "Still trying: this could not be finished yet. Nothing has been decided yet. The bot "
        "tries again for some minutes."
    ),
    "still_trying_unknown": (
        "Still trying: this could not be finished yet. Whether the status was changed already is "
        "not known yet. The bot tries again for some minutes, and decides once at most."
    ),
    "last_try": (
        "Still trying: this could not be finished yet, and this is the last try. If no other "
        "message follows, whoever runs this bot can say what became of it."
    ),
    "dead_letter": (
        "Not done yet: this failed too often. Nothing has been decided. Whoever runs this bot has "
        "been alerted, and can have it tried again; the bot does not try again by itself."
    ),
    "dead_letter_unknown": (
        "Not done yet: this failed too often. Whether the status was changed already is not known "
        "yet. Whoever runs this bot has been alerted, and can have it tried again."
    ),
    "acted_since": (
        "You voted or withdrew your vote after you pressed the button for this, so it does nothing "
        "any more. The card shows which votes count."
    ),
    "no_vote": "You have no vote on this version to withdraw. The card shows which votes count.",
    "registry_not_watched": (
        "This bot does not watch the registry of this version any more, so it decides nothing "
        "there."
    ),
    "registry_unreadable": (
        f"{_NOT_READABLE} What you asked for is not lost: the bot tries it again for some minutes."
    ),
    "registry_unreadable_press_again": (
        f"{_NOT_READABLE} Nothing was decided. Press the button again in some minutes."
    ),
}

TO_OTHERS: Final[Mapping[str, str]] = {
    # The same to everybody else, such as in the history: of the person who was refused.
    "brief_changed": "The evidence has changed since the card was shown to them.{example}",
    "outcome_changed": (
        "Something else was decided since they opened the form, so their decision would have had "
        "another effect than the form said. With it, {after}; without it, {before}."
    ),
    "override_not_confirmed": (
        "They registered this version, so approving it would have been an emergency override, and "
        "their form did not say so."
    ),
    "vote_decides_now": (
        "{cause}, so their vote would have decided this at once, and their form did not say so."
    ),
    "version_gone_undecided": (
        "The version was removed from the registry. "
        "Whether the decision was made before that is not known."
    ),
    "comment_needed": "To {move} a version of this group, a comment has to say why.",
    "not_a_member": "They may not {move} this version: {membership}.{rule}",
    "own_version": "They registered this version, so they may not {move} it.{rule}",
    "maybe_own_version": (
        "{name} registered this version. That may mean them, so they may not {move} it.{rule}"
    ),
    "not_an_approver": "They may not {move} this version. {people:or} may.{not_read}{rule}",
    "acted_since": (
        "They voted or withdrew their vote after they pressed the button for this, so it did "
        "nothing any more."
    ),
    "no_vote": "They have no vote on this version to withdraw.",
}

PARTS: Final[Mapping[str, str]] = {
    "rule": " (Rule: {rule}.)",
    "endpoint": "the endpoint {endpoint!b}",
    "status_PendingManualApproval": "waiting for a decision again",
    "status_Approved": "approved",
    "status_Rejected": "rejected",
    "decided_by": "{who} was first, {when}.",
    "modified_by": "That was changed outside this bot; last changed by {who}.",
    "modified": "That was changed outside this bot.",
    "metric_changed": " For example, {metric} was {before} and is {after}.",
    "next_to_deploy": "version {number} is next to deploy",
    "nothing_to_deploy": "no version is next to deploy",
    "voted_meanwhile": "Somebody else voted meanwhile",
    "votes_needed_changed": "Who counts for this decision has changed meanwhile",
    "not_read": (
        " Nobody counts as a member of {user_groups:or}, which could not be read{because}."
    ),
    "because": ", because {failure}",
    "membership_member": "you are a member of this workspace",
    "membership_guest": "you are a guest in this workspace",
    "membership_stranger": "you are a member of another workspace",
    "membership_robot": "you are an app, not a person",
    "membership_gone": "your account is deactivated in Slack",
    "membership_unknown": "Slack did not say who you are",
    "membership_member_to_others": "they are a member of this workspace",
    "membership_guest_to_others": "they are a guest in this workspace",
    "membership_stranger_to_others": "they are a member of another workspace",
    "membership_robot_to_others": "they are an app, not a person",
    "membership_gone_to_others": "their account is deactivated in Slack",
    "membership_unknown_to_others": "Slack did not say who they are",
    "failure_plan": "user groups need a paid plan of Slack",
    "failure_scope": "the Slack app lacks the scope for it",
    "failure_none": "there is no such user group",
    "failure_unclear": "the name could be that of several people",
    "failure_other": "Slack did not answer",
}

SENTENCES: Final[Mapping[str, str]] = {
    **{f"reason_{code}": template for code, template in CODES.items()},
    **{f"reason_{code}_to_others": template for code, template in TO_OTHERS.items()},
    **{f"reason_part_{name}": template for name, template in PARTS.items()},
}
