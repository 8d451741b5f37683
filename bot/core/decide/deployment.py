"""
Watch whether production follows a change of status, where the group has an endpoint.

An endpoint reports when it begins to deploy a version. If none has done so in time, people are
told once: then the pipeline needs somebody to look at it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.core.decide import notices
from bot.core.followup.endpoints import DELETED
from bot.core.followup.standing import heard_of
from bot.core.registry.outcome import next_to_deploy
from bot.core.votes.vote import Decision

if TYPE_CHECKING:
    from datetime import datetime

    from bot.core.decide.snapshot import Snapshot
    from bot.core.votes.vote import Change


def deploy_due(change: Change, snapshot: Snapshot) -> datetime | None:
    """
    Return by when an endpoint should report what *change* puts next to deploy.

    None if nothing is to be deployed, if the rule does not watch it, or if no endpoint of the
    group is known: then nothing can be expected.
    """
    minutes = snapshot.rule.deploy_minutes
    known = any(serving.state not in DELETED for serving in snapshot.servings)
    if not known or not minutes or not change.outcome.changes or change.outcome.after is None:
        return None
    return _since(change, snapshot) + timedelta(minutes=minutes)


def _since(change: Change, snapshot: Snapshot) -> datetime:
    """
    Return since when *change* can have been deployed.

    A decision may be made long after it was written down, if its worker died in between.
    """
    made = snapshot.version.last_modified
    return max(change.at, made) if isinstance(change, Decision) else change.at


def watch_deployment(snapshot: Snapshot) -> Snapshot:
    """Stop waiting for an endpoint that has reported; tell people if it is too late for that."""
    request = snapshot.request
    if request.deploy_due is None:
        return snapshot
    number, minutes = _awaited(snapshot), snapshot.rule.deploy_minutes
    if number is None or not minutes:
        return snapshot.change(deploy_due=None)
    if snapshot.now < request.deploy_due or request.last is None:
        return snapshot
    notice = notices.deploy_unheard(request.last, number, minutes, snapshot)
    return snapshot.change(deploy_due=None, outbox=(*request.outbox, notice))


def _awaited(snapshot: Snapshot) -> int | None:
    """Return the version of which an endpoint should still report; None if there is none."""
    last, newest = snapshot.request.last, next_to_deploy(snapshot.subject.versions)
    known = any(serving.state not in DELETED for serving in snapshot.servings)
    if last is None or newest is None or newest.number != last.outcome.after or not known:
        return None
    return None if heard_of(newest.number, snapshot.servings, last.at) else newest.number
