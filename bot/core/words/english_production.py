"""What a version's status means for production, in English: next to deploy, and serving."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

SENTENCES: Final[Mapping[str, str]] = {
    # How a version became Approved; after the icon of a headline.
    "approved": "Approved",
    "approved_outside": "Approved outside this bot",
    "approved_around": "Approved outside this bot, around the rule {rule}",
    "approved_at_creation": "Registered as Approved",
    "approved_at_creation_around": "Registered as Approved, around the rule {rule}",
    "icon_good": "🟢",
    "icon_running": "⏳",
    "icon_idle": "⚪",
    "icon_warning": "⚠️",
    # The headline of a card, and the state in a list.
    "headline_serving": "{icon} {approved}, serving on {endpoints:and}{since}",
    "headline_deploying": "{icon} {approved}, deploying to {endpoints:and}…",
    "headline_failed": "⚠️ {approved}, NOT serving: deployment failed{still}",
    "headline_partly": "⚠️ {approved}, serving on {serving:and}; deployment to {failed:and} failed",
    "headline_mixed": "⚠️ {approved}, {endpoints:and} {count:serves|serve} a mix of versions",
    "headline_not_serving": "{icon} {approved}, not serving{others}",
    "headline_awaited": "{icon} {approved}, next to deploy{still}",
    "headline_next": "{icon} {approved}; next to deploy",
    "headline_not_next": "{icon} {approved}; not next to deploy",
    "headline_deleted": "{icon} {approved}, not serving: {endpoints:and} {count:is|are} deleted",
    "headline_since": " since {when}",
    "headline_still": ", {versions} still {count:serves|serve}",
    "headline_others": ": {versions} {count:is|are}",
    "headline_versions": "{count:version|versions} {numbers:and}",
    "headline_rejected": "🔴 Rejected",
    "headline_rejected_serving": "⚠️ Rejected, but serving on {endpoints:and}",
    "headline_revoked_serving": "⚠️ Revoked, still serving on {endpoints:and}",
    "headline_revoked_deploying": (
        "⏳ Revoked, still serving on {endpoints:and} while {versions} {count:is|are} deployed"
    ),
    "headline_revoked_again": "↩️ Revoked; {versions} serving again",
    "headline_revoked_others": "↩️ Revoked; {versions} {count:is|are} serving",
    "headline_revoked": "↩️ Revoked",
    "headline_pending": "🟡 Waiting for a decision",
    "headline_pending_serving": "⚠️ Waiting for a decision, but serving on {endpoints:and}",
    # Each endpoint of the group, on a card.
    "serving_line": "{endpoint!b} {doing}",
    "serving_doing": "{state}{pending}{failed}",
    "serving_versions": "serves {versions}{since}",
    "serving_mix": "serves a mix of versions, {versions} among them",
    "serving_unknown": "serves what the bot cannot read",
    "serving_nothing": "serves no version of this group",
    "serving_pending": "; {versions} {count:is|are} being deployed",
    "serving_failed": "; {versions} failed to deploy",
    "next_to_deploy": "Next to deploy: version {number}",
    "next_to_deploy_none": "No version is approved",
    # What a change of status causes: true before the change and after it.
    "outcome_first": "Version {number} is next to deploy. No other version is approved.",
    "outcome_replaces": "Version {number} is next to deploy, in place of version {before}.",
    "outcome_older": (
        "{now} CI/CD deploys the newest approved version, and version {after} is newer than "
        "version {number}. To deploy version {number}, revoke every newer approved version."
    ),
    "outcome_goes_back": (
        "Version {after} is next to deploy: the latest one that is still approved."
    ),
    "outcome_none_left": (
        "No version is approved any more, so CI/CD finds nothing to deploy. What an endpoint "
        "serves now, it serves until somebody changes the endpoint."
    ),
    "outcome_unchanged": "{now}",
    "outcome_stays": "Version {number} stays next to deploy.",
    "outcome_none": "No version is approved.",
}
