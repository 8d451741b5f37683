"""What the bot promises of changes outside: each of which an event comes is in the trail, once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.core.jobs.messages import ReconcileVersion, VersionJob
from bot.core.registry.version import arn_key
from tests.simulation.doubles import REGISTRY_LAG, SECOND
from tests.simulation.required import require

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.core.jobs.messages import Job
    from bot.core.registry.version import Arn
    from bot.core.votes.vote import Decision
    from tests.simulation.doubles import Move
    from tests.simulation.simulation import Look, Simulation

    Entries = Sequence[dict[str, Any]]
    Trails = Mapping[Arn, Entries]

CHANGES = {"decision", "external_change"}
UNTIL_LOOK = timedelta(seconds=20)
"""In so long after an update, the same job looks at the version, though both calls are slow."""


def check_missed(trails: Trails, simulation: Simulation) -> None:
    """Each change that can be known is in the trail and told, and no other is."""
    for trail in trails.values():
        for entry in trail:
            if entry["kind"] == "missed_change":
                _check_was_made(entry, simulation)
                _check_told(entry["id"], simulation)
    deleted = {arn_key(version.arn) for version in simulation.world.deleted}
    for move in simulation.registry.moves:
        if arn_key(move.arn) not in deleted and _is_known(move, simulation):
            _check_recorded(move, trails[move.arn], simulation)
    for decision, move in simulation.registry.overridden:
        if arn_key(decision.arn) not in deleted:
            _check_overridden(decision, move, trails[decision.arn], simulation)


def _check_was_made(entry: dict[str, Any], simulation: Simulation) -> None:
    """Somebody made the change, and while the decision was made with which it is named."""
    registry = simulation.registry
    moves = [move for move in registry.moves if _is_about(entry, move)]
    require(moves, "a change outside that was missed was made", entry)
    if entry["decision"]:
        (decision,) = [update for update in registry.updates if update.id == entry["decision"]]
        earliest = decision.at - REGISTRY_LAG
        latest = registry.made[decision.id] + UNTIL_LOOK
        require(
            any(earliest <= move.at <= latest for move in moves),
            "a change that is said to have come while a decision was made did",
            entry,
        )


def _check_told(id_: str, simulation: Simulation) -> None:
    told = any(posted.key.startswith(f"{id_}.missed.") for posted in simulation.chat.posted)
    require(told or simulation.world.refused, "a change outside that was missed is told", id_)


def _check_recorded(move: Move, trail: Entries, simulation: Simulation) -> None:
    """
    Check that *move* is in the trail once, if it changed anything that the bot saw.

    It did not if it set the status that the bot knew of before it, or next after it, when it worked
    on the event: so it may have been an edit. What came first within a second is not known.
    """
    many = [e["kind"] for e in trail if e["kind"] != "decision" and _is_about(e, move)]
    alike = [each for each in simulation.registry.moves if _is_alike(each, move)]
    promise = "a change outside is in the trail once, if an event tells of it"
    require(len(many) <= len(alike), promise, (move, many))
    if not many:
        kinds = (CHANGES, {*CHANGES, "missed_change"})  # it may have been set back meanwhile
        known = _known_at_last_look(move, trail, simulation)
        may_be_an_edit = (
            _is_known_next_to(move, [e for e in known if e["kind"] in each], simulation)
            for each in kinds
        )
        require(any(may_be_an_edit), promise, move)


def _known_at_last_look(move: Move, trail: Entries, simulation: Simulation) -> Entries:
    """The entries that were written when the bot last looked because of an event of *move*."""
    looks = [look for look in _looks(move.arn, simulation) if _reports(look.job, move)]
    last = max((look.ended for look in looks), default=simulation.clock())
    return [entry for entry in trail if datetime.fromisoformat(entry["written"]) <= last]


def _is_known_next_to(move: Move, changes: Entries, simulation: Simulation) -> bool:
    """Whether the status of *move* is that before it or after it, by *changes*."""
    second = _cut(move.at)
    times = sorted(((_time(e, simulation), e) for e in changes), key=lambda each: each[0])
    earlier = [e for time, e in times if time < second]
    before = earlier[-1:]
    # A decision that was proved only by a look after the move: which came first is unknown.
    before += earlier[-2:-1] if before and _proved_after(before[0], move) else []
    meanwhile = [e for time, e in times if _cut(time) == second]
    later = [(time, e) for time, e in times if time >= second + SECOND]
    after = [e for _, e in later[:1]]
    # The same, of a decision and the next change.
    after += [e for time, e in later[1:2] if after[0]["written"] >= time.isoformat()]
    shown = [_shown_by(e, move, simulation) for e in (*before, *meanwhile)]
    shown += [] if before else [_shown_at_first(move.arn, simulation)]
    return move.status in {e["target"] for e in after}.union(*shown)


def _proved_after(entry: dict[str, Any], move: Move) -> bool:
    """Whether *entry* is of a decision that was made before *move*, and proved after it."""
    return entry["kind"] == "decision" and datetime.fromisoformat(entry["written"]) > move.at


def _is_alike(one: Move, other: Move) -> bool:
    """Whether *one* set the same status as the *other* in the same second."""
    what, second = (one.arn, one.status), _cut(one.at)
    return what == (other.arn, other.status) and second == _cut(other.at)


def _shown_by(change: dict[str, Any], move: Move, simulation: Simulation) -> set[str]:
    """The statuses that the bot may have seen after *change*, before *move*."""
    written = datetime.fromisoformat(change["written"])
    looks = _looks(move.arn, simulation)
    was_seen = any(look.began <= written <= look.ended < move.at for look in looks)
    return {change["target"]} | (set() if was_seen else {change["source"]})


def _shown_at_first(arn: Arn, simulation: Simulation) -> set[str]:
    """The statuses of *arn* up to the end of the bot's first look at it."""
    first = min(look.ended for look in _looks(arn, simulation))
    registered = [v.status for v in simulation.world.registrations if v.arn == arn]
    moves = [m.status for m in simulation.registry.moves if m.arn == arn and m.at <= first]
    return {*registered, *moves}


def _time(change: dict[str, Any], simulation: Simulation) -> datetime:
    """When *change* was made, by the registry's clock."""
    if change["kind"] == "decision":
        return simulation.registry.made[change["id"]]
    return datetime.fromisoformat(change["at"])


def _is_about(entry: dict[str, Any], move: Move) -> bool:
    """Whether *entry* is about *move*, or another like it in its second."""
    if entry["kind"] not in {"missed_change", "external_change"}:
        return False
    time, group = datetime.fromisoformat(entry["at"]), f"{entry['group']}/{entry['version']}"
    is_of_version = arn_key(move.arn).endswith(f"/{group}")
    return is_of_version and entry["target"] == move.status and _cut(time) == _cut(move.at)


def _is_known(move: Move, simulation: Simulation) -> bool:
    """Whether the bot saw the version before *move*, and an event of it came later."""
    version = simulation.registry.registered[move.arn]
    looks = _looks(move.arn, simulation)
    was_seen = any(version.created < look.began and look.ended < move.at for look in looks)
    return was_seen and any(_reports(each.job, move) for each in simulation.queue.finished)


def _looks(arn: Arn, simulation: Simulation) -> list[Look]:
    return [look for look in simulation.looks if _arn_of(look.job) == arn]


def _arn_of(job: Job) -> Arn | None:
    """The version that *job* looked at; one of the sweep's may be done without a look."""
    is_from_sweep = isinstance(job, ReconcileVersion) and job.from_sweep
    return job.arn if isinstance(job, VersionJob) and not is_from_sweep else None


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


def _check_overridden(
    decision: Decision, move: Move, trail: Entries, simulation: Simulation
) -> None:
    """Check that *decision* is named with *move*, if nothing hid that it came last."""
    entries = [e for e in trail if e["kind"] == "missed_change" and _is_about(e, move)]
    made = simulation.registry.made[decision.id]
    proved = next(e["written"] for e in trail if _is_decision(e, decision))
    is_proved_at_once = proved <= made.isoformat()
    later = simulation.registry.changed_since(decision.arn, made)
    for entry in entries if is_proved_at_once and not later else []:
        require(
            entry["decision"] == decision.id,
            "a decision that overrode a change outside is named with it",
            entry,
        )


def _is_decision(entry: dict[str, Any], decision: Decision) -> bool:
    """Whether *entry* is that of *decision*, whose last vote has the same id."""
    return entry["kind"] == "decision" and entry["id"] == decision.id


def _cut(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)
