"""
The sweep: time has passed, so find the versions whose cards may be stale, and send a job for each.

Events can be lost (EventBridge delivers SageMaker's on best effort), and functions crash. One
listing per registry of all versions that wait, held against what the ledger remembers, shows what
was never announced, has buttons that are not valid any more, or has something that was written
down and not carried through.

What that listing cannot show is looked for as well: versions that were registered as Approved
lately, and some groups, endpoints and decided versions in turn. Slack is not asked: that somebody
deleted a card shows when the card is next written. The first sweep of a day writes the checkpoint
of the audit trail as well.

Of what the ledger remembers, only the open records are read, and those whose turn it is: what a
sweep takes does not grow with what was decided.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.core.jobs.messages import ReconcileEndpoint, ReconcileVersion
from bot.core.registry.version import Readiness, Status, arn_key
from bot.flows.clock.checkpoint import write_checkpoint
from bot.flows.clock.decided import decided_in_turn
from bot.flows.clock.lost_events import approved_unseen, endpoints_in_turn
from bot.flows.clock.next_to_deploy import cards_with_another
from bot.flows.fetch.all_registries import versions_with

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from bot.core.decide.record import RecordSummary
    from bot.core.registry.registry_id import RegistryId
    from bot.core.registry.version import Arn, Version
    from bot.core.rules.rule import Rules
    from bot.flows.ports import MetricSink, Ports, Registry

    Summaries = Mapping[str, RecordSummary]

_LATE: Final = timedelta(minutes=10)
"""So long after its slot, a job is taken for lost, and the sweep sends another."""

SAMPLE: Final = 10
"""How many cards of decided versions are looked at each time; each time others."""


def sweep(ports: Ports, sample: int = SAMPLE) -> int:
    """
    Send a job for each version that may be stale; return how many that were.

    With them, jobs for *sample* decided versions, each time for the next ones.
    The versions of a registry that is unreachable are left as they are. When all else is done, the
    sweep raises why it is: Unavailable or Forbidden.
    """
    listing = versions_with(Status.PENDING, ports.registry)
    waiting = listing.items
    summaries = {
        arn_key(summary.arn): summary
        for summary in ports.ledger.open_summaries()
        if _is_reachable(summary.arn, listing.unreachable, ports.registry)
    }
    stale = [each for each in waiting if not _is_current(each, waiting, summaries, ports.rules)]
    left_over = _left_over({arn_key(version.arn) for version in waiting}, summaries)
    waiting_for_slot = {
        key for key, summary in summaries.items() if _waits_for_slot(summary, ports.now())
    }
    stale = [version for version in stale if arn_key(version.arn) not in waiting_for_slot]
    left_over = [arn for arn in left_over if arn_key(arn) not in waiting_for_slot]
    due = _due(summaries, ports.now())
    another = cards_with_another(waiting, summaries, ports.now(), ports.registry)
    approved = approved_unseen(ports.now(), ports.registry, ports.ledger)
    decided = decided_in_turn(ports.ledger, sample)

    def reachable(arns: Iterable[Arn]) -> list[Arn]:
        return [each for each in arns if _is_reachable(each, listing.unreachable, ports.registry)]

    unseen = reachable(approved.items)
    arns = dict.fromkeys(
        [
            *(version.arn for version in stale),
            *left_over,
            *due,
            *another.items,
            *unseen,
            *reachable(decided),
        ]
    )
    endpoints = endpoints_in_turn(ports.ledger, ports.now())
    jobs: list[ReconcileVersion | ReconcileEndpoint] = [
        *(ReconcileVersion(arn, from_sweep=True) for arn in arns),
        *(ReconcileEndpoint(arn, from_sweep=True) for arn in endpoints),
    ]
    moment = ports.now().isoformat()
    ports.queue.send_all((job, f"{moment}.{job.arn}") for job in jobs)
    if decided:
        ports.ledger.save_sweep_place(arn_key(decided[-1]))
    # No event had told of these.
    ports.metrics.count("Repaired", len({*left_over, *another.items, *unseen, *_ready(stale)}))
    if not listing.unreachable:  # else too few would be counted
        _measure(waiting, ports.now(), ports.metrics)
    # Last: should it fail, the jobs are sent all the same.
    write_checkpoint(ports.ledger, ports.now())
    unreachable = [listing.unreachable, approved.unreachable, another.unreachable]
    if error := next((error for each in unreachable for error in each.values()), None):
        raise error  # all else is done; the alarm on errors goes off
    return len(arns)


def _is_reachable(arn: Arn, unreachable: Container[RegistryId], registry: Registry) -> bool:
    """Whether anything is known of *arn* now: its registry is watched, and has answered."""
    registry_id = registry.registry_id_of(arn)
    return registry_id is not None and registry_id not in unreachable


def _measure(waiting: Sequence[Version], now: datetime, metrics: MetricSink) -> None:
    """Measure how many versions wait for people, and for how long the oldest has."""
    metrics.count("Waiting", len(waiting))
    metrics.measure("OldestWaiting", now - min((each.created for each in waiting), default=now))


def _ready(versions: Iterable[Version]) -> Iterator[Arn]:
    """Those of *versions* that SageMaker has made: the others have no card, and need none."""
    ready = (Readiness.COMPLETED, Readiness.FAILED)
    return (version.arn for version in versions if version.readiness in ready)


def _is_current(
    version: Version, waiting: Sequence[Version], summaries: Summaries, rules: Rules
) -> bool:
    """Whether the card of *version*, which waits, is there and says what is known here."""
    summary = summaries.get(arn_key(version.arn))
    if summary is None or summary.status is not Status.PENDING:
        return False
    # A card that calls a version next to deploy which waits again is out of date.
    waiting_numbers = {other.number for other in waiting if other.group == version.group}
    same_rule = summary.rule == rules.find(version.group).digest
    same_version = summary.created in {None, version.created}
    return summary.next_to_deploy not in waiting_numbers and same_rule and same_version


def _left_over(waiting: set[str], summaries: Summaries) -> list[Arn]:
    """Cards that show a waiting version that does not wait any more, and what is unfinished."""
    return [
        summary.arn
        for summary in summaries.values()
        if summary.unfinished
        or (summary.status is Status.PENDING and arn_key(summary.arn) not in waiting)
    ]


def _waits_for_slot(summary: RecordSummary, now: datetime) -> bool:
    """Whether a job of the version waits in the queue for a slot to tell of it."""
    return summary.slot_at is not None and now < summary.slot_at + _LATE


def _due(summaries: Summaries, now: datetime) -> list[Arn]:
    """Versions of which an endpoint should have reported by now."""
    return [
        summary.arn
        for summary in summaries.values()
        if summary.deploy_due is not None and summary.deploy_due <= now
    ]
