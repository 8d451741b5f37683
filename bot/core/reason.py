"""
Why something was refused, or came to nothing: a stable code with its parameters.

Reasons are stored in the audit trail and in the outbox. The sentence that a person reads is made
at the edge, by `bot.core.words`, so a sentence can be reworded without touching a stored byte.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class ReasonCode(StrEnum):
    """Every reason there is, with the names of its parameters. A code never changes its meaning."""

    # The click no longer fits what holds now.
    NOT_A_MOVE = "not_a_move"
    """source, target: no valid move leads from one status to the other."""
    STATUS_CHANGED = "status_changed"
    """
    group, number, status, decided_by, decided_at, modified_by: the status changed before the
    click was judged. `decided_by` is the Slack id of who decided here, empty if nobody did.
    """
    BRIEF_CHANGED = "brief_changed"
    """metric, before, after: the evidence changed; the three are empty if no metric shows it."""
    OUTCOME_CHANGED = "outcome_changed"
    """
    number, target, before, after: another version would be next to deploy than the form said.
    `before` and `after` are the numbers of the versions next to deploy; null if there is none.
    """
    OVERRIDE_NOT_CONFIRMED = "override_not_confirmed"
    """The vote would be an emergency override, and the form did not say so."""
    VOTE_DECIDES_NOW = "vote_decides_now"
    """
    voted_meanwhile: the vote would decide the move, and the form said that it is one of several.
    Whether that is because somebody else voted since; else the rule, or who is in a role, changed.
    """
    # The version itself.
    NOT_READY = "not_ready"
    """group, number, readiness: SageMaker has not made the version, so it cannot be approved."""
    METADATA_FULL = "metadata_full"
    """entries, limit, excess: the version's metadata leaves no room for the decision's."""
    VERSION_GONE = "version_gone"
    """The registry has no such version any more."""
    VERSION_REPLACED = "version_replaced"
    """The version was deleted, and another one has its group and number now."""
    VERSION_GONE_UNDECIDED = "version_gone_undecided"
    """The version disappeared; whether the decision was made before that is unknown."""
    MADE_ON_ANOTHER_VERSION = "made_on_another_version"
    """The version that was judged is deleted; the decision was made on one with the same ARN."""
    # The rules.
    COMMENT_NEEDED = "comment_needed"
    """move: the rule asks for a comment on this move."""
    NO_RULE = "no_rule"
    """No rule matches the group, so nobody may decide."""
    NO_APPROVER = "no_approver"
    """rule: the rule names no approver."""
    EMPTY_ROLE = "empty_role"
    """rule, role: the rule names nobody for a role."""
    NOT_A_MEMBER = "not_a_member"
    """rule, move, membership: guests, apps and deactivated people may not decide."""
    OWN_VERSION = "own_version"
    """rule, move: nobody may approve what they registered."""
    MAYBE_OWN_VERSION = "maybe_own_version"
    """rule, move, name: the same, where *name*, who registered it, could be several people."""
    SUBMITTER_UNKNOWN = "submitter_unknown"
    """rule, move, name, failure: who registered the version could not be looked up."""
    TOO_FEW_PEOPLE = "too_few_people"
    """rule, needed, able: the roles need more people than can fill them."""
    NOT_AN_APPROVER = "not_an_approver"
    """
    rule, move, users, user_groups, unreadable: the person is in no role that may do this.
    `unreadable` says why members of a user group do not count, by its id; empty if unasked.
    """
    # What kept a decision, or an answer, from being made.
    STATUS_CHANGED_SINCE_DECISION = "status_changed_since_decision"
    """As STATUS_CHANGED, but after the decision was taken and before it was made."""
    BRIEF_CHANGED_SINCE_DECISION = "brief_changed_since_decision"
    """The evidence changed after the decision was taken and before it was made."""
    OUTCOME_CHANGED_SINCE_DECISION = "outcome_changed_since_decision"
    """
    number, target, before, after: as OUTCOME_CHANGED, but after the decision was taken and before
    it was made.
    """
    NOT_ALLOWED_SINCE_DECISION = "not_allowed_since_decision"
    """
    rule, refusal: the rule, or who has a role in it, changed after the decision was taken and
    before it was made. `refusal` is the code for which its last vote would be refused now.
    """
    VOTES_MISSING_SINCE_DECISION = "votes_missing_since_decision"
    """
    rule, have, needed: the same, and too few of the decision's votes count now.
    """
    BRIEF_CHANGED_SINCE_VOTES = "brief_changed_since_votes"
    """metric, before, after: as BRIEF_CHANGED, but for votes that were cast before."""
    DECLINED = "declined"
    """group, number, decision: SageMaker did not accept the update."""
    STATUS_CHANGED_SINCE_VOTES = "status_changed_since_votes"
    """As STATUS_CHANGED, but for votes that were cast before and do not count any more."""
    STATUS_CHANGED_TWICE_SINCE_VOTES = "status_changed_twice_since_votes"
    """group, number: as STATUS_CHANGED_SINCE_VOTES, and it was changed again since."""
    CARD_NOT_POSTED = "card_not_posted"
    """channel, error: Slack does not take cards in the channel, by its own error code."""
    DEPLOY_UNHEARD = "deploy_unheard"
    """number, minutes, endpoints: no endpoint reported the version so long after the change."""
    STILL_TRYING = "still_trying"
    """What was asked for failed several times, is tried again, and is not decided yet."""
    STILL_TRYING_UNKNOWN = "still_trying_unknown"
    """The same, but the registry may have been changed already."""
    LAST_TRY = "last_try"
    """What was asked for failed too often, and is tried for the last time."""
    DEAD_LETTER = "dead_letter"
    """What was asked for failed too often, is not decided, and is not tried again by itself."""
    DEAD_LETTER_UNKNOWN = "dead_letter_unknown"
    """The same, but the registry may have been changed already."""
    ACTED_SINCE = "acted_since"
    """The person voted or withdrew a vote after they pressed the button for this."""
    NO_VOTE = "no_vote"
    """The person has no vote to withdraw."""
    REGISTRY_NOT_WATCHED = "registry_not_watched"
    """The version is in a registry that this bot was not told to watch."""
    REGISTRY_UNREADABLE = "registry_unreadable"
    """AWS does not let the bot read the registry; the job is tried again."""
    REGISTRY_UNREADABLE_PRESS_AGAIN = "registry_unreadable_press_again"
    """The same, where nothing was submitted yet."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A code with its parameters: text, whole numbers, null, and lists or mappings of these."""

    code: ReasonCode
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def stored(self) -> dict[str, Any]:
        """The reason as JSON, as the audit trail stores it."""
        return {"code": self.code.value, "params": dict(self.params)}


def parse_reason(stored: Mapping[str, Any]) -> Reason:
    """Read a reason back. Raises ValueError, KeyError or TypeError if *stored* is none."""
    return Reason(ReasonCode(stored["code"]), dict(stored["params"]))
