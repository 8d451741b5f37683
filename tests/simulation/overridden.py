"""What the bot promises of changes outside that a decision came after without having seen them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.core.jobs.messages import ReconcileVersion
from bot.core.registry.version import arn_key
from tests.simulation.doubles import REGISTRY_LAG
from tests.simulation.required import require

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.core.jobs.messages import Job
    from bot.core.registry.version import Arn
    from bot.core.votes.vote import Decision
    from tests.simulation.doubles import Move
    from tests.simulation.simulation import Simulation

    Trails = Mapping[Arn, Sequence[dict[str, Any]]]

CHANGES = {"decision", "external_change"}


def check_overridden(trails: Trails, simulation: Simulation) -> None:
    """Each that can be known is in the trail and told, and no other is."""
    deleted = {arn_key(version.arn) for version in simulation.world.deleted}
    threads = {p.key for p in simulation.chat.posted if p.thread}
    recorded = [e for each in trails.values() for e in each if e["kind"] == "overridden_change"]
    for entry in recorded:
        _check_came_in_between(entry, simulation)
    for decision, move in simulation.registry.overridden:
        if arn_key(decision.arn) in deleted or not _is_known(decision, move, trails, simulation):
            continue
        ids = [e["id"] for e in recorded if _is_about(e, decision, move)]
        require(len(ids) == 1, "what a decision overrode is in the trail", decision.id)
        require(
            f"{ids[0]}.overridden.thread" in threads or simulation.world.refused,
            "what a decision overrode is told in the thread",
            decision.id,
        )


def _check_came_in_between(entry: dict[str, Any], simulation: Simulation) -> None:
    """Between the bot's look, which may be some seconds old, and the decision of *entry*."""
    registry = simulation.registry
    (decision,) = [update for update in registry.updates if update.id == entry["decision"]]
    earliest, latest = decision.at - REGISTRY_LAG, registry.made[decision.id]
    moves = [move for move in registry.moves if _is_about(entry, decision, move)]
    require(
        any(earliest <= move.at <= latest for move in moves),
        "what was not overridden is not in the trail as such",
        entry,
    )


def _is_about(entry: dict[str, Any], decision: Decision, move: Move) -> bool:
    """Whether *entry* says that *decision* overrode *move*, or another like it in its second."""
    second = _cut(datetime.fromisoformat(entry["at"]))
    same = (entry["decision"], entry["target"]) == (decision.id, move.status)
    return move.arn == decision.arn and same and second == _cut(move.at)


def _is_known(decision: Decision, move: Move, trails: Trails, simulation: Simulation) -> bool:
    """
    Whether the bot can know that *decision* came after *move*.

    It was proved by the job that made it; and when an event of *move* came, nothing had been
    changed since, also as far as the bot could see.
    """
    if move.status is decision.target:
        return False
    made = simulation.registry.made[decision.id]
    changes = [e for e in trails[decision.arn] if e["kind"] in CHANGES]
    index = [e["id"] for e in changes].index(decision.id)
    if changes[index]["written"] > made.isoformat():
        return False  # somebody may have set the status after it, and set it back
    noticed = [datetime.fromisoformat(e["written"]) for e in changes[index + 1 :]]
    later = [*noticed, *simulation.registry.changed_since(decision.arn, made)]
    until = min(later, default=datetime.max.replace(tzinfo=UTC))
    return any(
        message.taken and message.done and made < message.taken and message.done < until
        for message in simulation.queue.finished
        if _reports(message.job, move)
    )


def _reports(job: Job, move: Move) -> bool:
    """Whether *job* is of an event of *move* that cannot be older than what it replaced."""
    if not isinstance(job, ReconcileVersion) or job.arn != move.arn or job.reported is None:
        return False
    modified = job.reported.modified
    return (
        job.reported.status is move.status
        and modified in {move.at, _cut(move.at)}
        and modified > move.before
    )


def _cut(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)
