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
from bot.core.followup.serving import heard_of

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
    return change.at + timedelta(minutes=minutes)


def watch_deployment(snapshot: Snapshot) -> Snapshot:
    """Stop waiting for an endpoint that has reported; tell people if it is too late for that."""
    request = snapshot.request
    if request.deploy_due is None or request.last is None:
        return snapshot if request.deploy_due is None else snapshot.change(deploy_due=None)
    number = request.last.outcome.after
    if number is None or heard_of(number, snapshot.servings, request.last.at):
        return snapshot.change(deploy_due=None)
    if snapshot.now < request.deploy_due:
        return snapshot
    notice = notices.deploy_unheard(request.last, number, snapshot)
    return snapshot.change(deploy_due=None, outbox=(*request.outbox, notice))
