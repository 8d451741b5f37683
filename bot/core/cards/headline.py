"""
The headline of a version: its status, and what is known of what serves it.

It never says more than the registry and the endpoints do (infra/adr/0023): the same headline is on
the card, in answers and in notifications.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from bot.core.followup.endpoints import DELETED, EndpointStatus
from bot.core.followup.standing import is_named, standing
from bot.core.registry.outcome import next_to_deploy
from bot.core.registry.version import Readiness, Status
from bot.core.text import Sentence, When
from bot.core.votes.vote import ExternalChange
from bot.core.words import say, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.core.followup.endpoints import Served, Serving
    from bot.core.followup.standing import Standing
    from bot.core.registry.version import Version
    from bot.core.rules.rule import Rule
    from bot.core.votes.vote import Change
    from bot.core.words import Item

_NEVER_READY: Final = (Readiness.FAILED, Readiness.DELETING)
_MOST_ENDPOINTS: Final = 5
_REVOKED: Final = (Status.APPROVED, Status.REJECTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Production:
    """What is known of production where a version is shown."""

    versions: Sequence[Version] = ()
    """All versions of the group, as far as they are known."""
    servings: Sequence[Serving] = ()
    """What the endpoints of the group do."""
    awaited: bool = False
    """Whether an endpoint is expected to report the version that is next to deploy."""


NOT_SEEN: Final = Production()
"""Where no endpoint was ever seen."""


def headline(
    version: Version, production: Production, last: Change | None = None, rule: Rule | None = None
) -> Sentence:
    """Say how *version* stands; *last* is its latest change of status, *rule* the one for it."""
    now = standing(version, production.servings)
    match version.status:
        case Status.PENDING:
            return _pending(version, now)
        case Status.REJECTED:
            return _rejected(version, production, last, now)
        case Status.APPROVED:
            return _approved(version, production, now, _how_approved(last, rule))


def is_around_rule(change: Change | None, rule: Rule) -> bool:
    """Whether *change* is an approval that went around *rule*, which wants a warning of that."""
    return isinstance(change, ExternalChange) and goes_around(change.target, rule)


def goes_around(status: Status, rule: Rule) -> bool:
    """Whether to set *status* outside the bot goes around *rule*, which wants a warning of that."""
    return status is Status.APPROVED and rule.warn_outside and bool(rule.roles or rule.moves)


def not_ready(version: Version) -> str:
    """Say why a version that is not Completed cannot be approved."""
    return text(f"readiness_{version.readiness.name.lower()}")


def _pending(version: Version, now: Standing) -> Sentence:
    if serving := (*now.serving, *now.mixed):
        return say("headline_pending_serving", endpoints=list(serving))
    if version.readiness is Readiness.COMPLETED:
        return say("headline_pending")
    if version.readiness in _NEVER_READY:
        return say("state_never_ready", reason=not_ready(version))
    return say("state_not_ready_yet", reason=not_ready(version))


def _rejected(
    version: Version, production: Production, last: Change | None, now: Standing
) -> Sentence:
    revoked = last is not None and (last.source, last.target) == _REVOKED
    if serving := [*now.serving, *now.mixed]:
        return _rejected_and_serving(version, production, serving, revoked=revoked)
    if not revoked:
        return say("headline_rejected")
    if now.others and is_named(version, production.servings):
        versions, count = _numbers(now.others), len(now.others)
        if now.is_back:
            return say("headline_revoked_again", versions=versions)
        return say("headline_revoked_others", versions=versions, count=count)
    return say("headline_revoked")


def _rejected_and_serving(
    version: Version, production: Production, serving: Sequence[Item], *, revoked: bool
) -> Sentence:
    endpoints = list(serving)
    if not revoked:
        return say("headline_rejected_serving", endpoints=endpoints)
    pending = {each.number for one in production.servings for each in one.pending}
    if others := sorted(pending - {version.number}):
        versions, count = _numbers(others), len(others)
        return say(
            "headline_revoked_deploying", endpoints=endpoints, versions=versions, count=count
        )
    return say("headline_revoked_serving", endpoints=endpoints)


def _how_approved(last: Change | None, rule: Rule | None) -> tuple[str, bool]:
    """Say how the version became Approved, and whether that is a warning."""
    if not isinstance(last, ExternalChange) or last.target is not Status.APPROVED:
        return text("approved"), False
    around = rule.name if rule and is_around_rule(last, rule) else ""
    if last.source is None:
        created = text("approved_at_creation")
        return text("approved_at_creation_around", rule=around) if around else created, bool(around)
    outside = text("approved_outside")
    return text("approved_around", rule=around) if around else outside, bool(around)


def _icon(name: str, *, warning: bool) -> str:
    return text(f"icon_{'warning' if warning else name}")


def _approved(
    version: Version, production: Production, now: Standing, how: tuple[str, bool]
) -> Sentence:
    approved, warning = how
    if now.failed:
        return _failed(approved, now)
    if now.deploying:
        endpoints: list[Item] = list(now.deploying)
        running = _icon("running", warning=warning)
        return say("headline_deploying", icon=running, approved=approved, endpoints=endpoints)
    if now.mixed:
        mixed: list[Item] = list(now.mixed)
        return say("headline_mixed", approved=approved, endpoints=mixed, count=len(mixed))
    if now.serving:
        since = say("headline_since", when=When(now.since)) if now.since else ()
        good, serving = _icon("good", warning=warning), list(now.serving)
        return say("headline_serving", icon=good, approved=approved, endpoints=serving, since=since)
    return _not_serving(version, production, now, approved, warning=warning)


def _failed(approved: str, now: Standing) -> Sentence:
    if serving := [*now.serving, *now.mixed]:
        failed: list[Item] = list(now.failed)
        return say("headline_partly", approved=approved, serving=serving, failed=failed)
    return say("headline_failed", approved=approved, still=_still(now))


def _still(now: Standing) -> Sentence:
    if not now.others:
        return ()
    return say("headline_still", versions=_numbers(now.others), count=len(now.others))


def _not_serving(
    version: Version, production: Production, now: Standing, approved: str, *, warning: bool
) -> Sentence:
    newest = next_to_deploy(production.versions)
    is_next = newest is not None and newest.number == version.number

    if not now.is_known and now.deleted:
        idle, deleted = _icon("idle", warning=warning), list(now.deleted)
        many = len(deleted)
        return say("headline_deleted", icon=idle, approved=approved, endpoints=deleted, count=many)
    if not now.is_known:
        good = _icon("good", warning=warning)
        if is_next:
            return say("headline_next", icon=good, approved=approved)
        return say("headline_not_next", icon=good, approved=approved)
    if is_next and production.awaited:
        running = _icon("running", warning=warning)
        return say("headline_awaited", icon=running, approved=approved, still=_still(now))
    # Only then is the card updated when an endpoint changes, so that it may name what serves.
    may_name = is_next or is_named(version, production.servings)
    idle, others = _icon("idle", warning=warning), _others(now) if may_name else ()
    return say("headline_not_serving", icon=idle, approved=approved, others=others)


def _others(now: Standing) -> Sentence:
    if not now.others:
        return ()
    return say("headline_others", versions=_numbers(now.others), count=len(now.others))


def _numbers(numbers: Sequence[int]) -> Sentence:
    shown: list[Item] = [str(number) for number in numbers]
    return say("headline_versions", count=len(shown), numbers=shown)


def _served(served: Sequence[Served]) -> Sentence:
    return _numbers(sorted(each.number for each in served))


def short(production: Production) -> Production:
    """Return *production* for a list, where there is no room for times."""
    return replace(production, servings=[replace(each, since=None) for each in production.servings])


def serving_lines(production: Production) -> Iterator[Sentence]:
    """Say of each endpoint of the group what it serves, and what is being or failed to deploy."""
    for serving in _shown(production.servings):
        yield say("serving_line", endpoint=serving.name, doing=_doing(serving))


def overview_of(servings: Sequence[Serving]) -> str:
    """Say the same at the beginning of a line of the overview."""
    return _in_a_line(servings, "overview")


def home_servings(servings: Sequence[Serving]) -> str:
    """Say the same at the end of a line of the Home."""
    return _in_a_line(servings, "home")


def _in_a_line(servings: Sequence[Serving], place: str) -> str:
    shown = (replace(serving, since=None) for serving in _shown(servings))
    return "".join(
        text(f"serving_in_{place}", endpoint=each.name, doing=_doing(each)) for each in shown
    )


def next_line(production: Production) -> Sentence:
    """Say which version is next to deploy."""
    newest = next_to_deploy(production.versions)
    return say("next_to_deploy", number=newest.number) if newest else say("next_to_deploy_none")


def _shown(servings: Sequence[Serving]) -> Sequence[Serving]:
    known = [serving for serving in servings if serving.state not in DELETED]
    return sorted(known, key=lambda serving: serving.name)[:_MOST_ENDPOINTS]


def _doing(serving: Serving) -> Sentence:
    pending, failed = serving.pending, serving.failed
    more = say("serving_pending", versions=_served(pending), count=len(pending)) if pending else ()
    missed = say("serving_failed", versions=_served(failed)) if failed else ()
    return say("serving_doing", state=_state(serving), pending=more, failed=missed)


def _state(serving: Serving) -> Sentence:
    if not serving.versions and not serving.is_complete:
        return say("serving_unknown")
    if not serving.versions:
        return say("serving_nothing")
    versions = _served(serving.versions)
    if serving.state is EndpointStatus.MIXED:
        return say("serving_mix", versions=versions)
    since = say("headline_since", when=When(serving.since)) if serving.since else ()
    return say("serving_versions", versions=versions, since=since)
