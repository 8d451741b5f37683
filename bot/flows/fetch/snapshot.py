"""Fetch what a job about a version is decided on: one snapshot, as it is at this moment."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.decide.needs import needs_card, people_needed
from bot.core.decide.snapshot import Snapshot
from bot.core.errors import Gone, Held, Unavailable
from bot.core.jobs.messages import CheckForm, ReconcileVersion
from bot.core.registry.registry_id import OWN_REGISTRY, full_group_name
from bot.core.registry.version import group_in
from bot.core.votes.lease import LAG, seconds_until
from bot.flows.fetch.people import fetch_people
from bot.flows.fetch.version import (
    fetch_approved,
    fetch_version,
    with_evidence,
    with_evidence_or_shown,
)

if TYPE_CHECKING:
    from bot.core.decide.record import Record
    from bot.core.evidence.brief import Candidate
    from bot.core.jobs.messages import VersionJob
    from bot.core.registry.version import Arn, DescribedVersion, Version
    from bot.core.votes.request import Request
    from bot.flows.ports import Evidence, Ledger, Ports, Registry


def fetch_snapshot(job: VersionJob, ports: Ports) -> Snapshot:
    """
    Fetch the record, the version with its group and evidence, and the people who matter.

    Raises NotOurs and Forbidden if the registry may not be read, Unavailable if anything is busy,
    or if another worker holds the version. A form is checked all the same, and nothing else done.
    """
    record, servings = ports.ledger.get_with_servings(job.arn, _group_of(job.arn, ports.registry))
    held_for = _held_for(record)
    if held_for and not isinstance(job, CheckForm):
        raise held_by_another(job.arn, held_for)
    try:
        candidate = fetch_version(record.request.arn, ports.registry)
    except Gone:
        _check_old_enough(record, job)
        return replace(_of_deleted(record, ports), held_for=held_for)
    _check_current(candidate.version, record)
    candidate = _with_brief(candidate, record.request, job, ports.evidence)
    snapshot = _snapshot(candidate, record, ports)
    snapshot = replace(snapshot, servings=servings, held_for=held_for)
    return _with_people(job, snapshot, ports)


def _group_of(arn: Arn, registry: Registry) -> str:
    """Return what the group in *arn* is called in the bot."""
    return full_group_name(registry.registry_id_of(arn) or OWN_REGISTRY, group_in(arn))


def _check_old_enough(record: Record, job: VersionJob) -> None:
    """
    Raise Unavailable if the registry may not show the version everywhere yet.

    It was created a moment ago, or an event tells of a moment in which it was there.
    """
    reported = job.reported if isinstance(job, ReconcileVersion) else None
    now = record.read_at
    for moment in (record.request.created, reported and reported.modified):
        # The store's time is cut to whole seconds: a moment ago may be later by it.
        if moment and now - LAG < moment <= now + LAG:
            seconds = seconds_until(moment + LAG, now)
            raise Unavailable(f"the registry does not show {record.request.arn}", seconds)


def _check_current(version: DescribedVersion, record: Record) -> None:
    """
    Raise Unavailable if the registry shows *version* as it was before the bot last saw it.

    Else an older status would be told as a change outside the bot, which nobody made; or an older
    version, which was deleted, would be taken for one that has its ARN now, or for one that is
    still there.
    """
    request = record.request
    was_gone = request.gone_since if request.created == version.created else None
    if seconds := seconds_until(was_gone and was_gone + LAG, record.read_at):
        raise Unavailable(f"the registry shows {version.arn} as it was before", seconds)
    created, modified = request.created, request.modified
    if created and modified and (version.created, version.last_modified) < (created, modified):
        raise Unavailable(f"the registry shows {version.arn} as it was before")


def get_free(arn: Arn, ledger: Ledger) -> Record:
    """Read the record of *arn*. Raises Unavailable, also while another worker holds the version."""
    record = ledger.get(arn)
    if seconds := _held_for(record):
        raise held_by_another(arn, seconds)
    return record


def held_by_another(arn: Arn, seconds: int) -> Held:
    """Return the error that a version is held by another worker for at most *seconds*."""
    return Held(f"another worker holds {arn}", seconds)


def _held_for(record: Record) -> int:
    """Return for how many seconds another worker may hold the version."""
    lease = record.request.lease
    return seconds_until(lease.until, record.read_at) if lease else 0


def _with_brief(
    candidate: Candidate, request: Request, job: VersionJob, evidence: Evidence
) -> Candidate:
    """
    Read the evidence as the job needs it.

    Nobody decides on other evidence than there is now. A card shows it if S3 answers. A version
    without a card, which the sweep looks at as well, is shown to nobody: nothing is read.
    """
    if request.open_decision or not isinstance(job, ReconcileVersion):
        return with_evidence(candidate, evidence)
    if needs_card(request, candidate.version):
        return with_evidence_or_shown(candidate, request, evidence)
    return replace(candidate, brief=request.brief)


def _of_deleted(record: Record, ports: Ports) -> Snapshot:
    """Fetch what is left of a deleted version: the others of its group, if it was there before."""
    versions: tuple[Version, ...] = ()
    if record.request.status is not None:
        versions = fetch_approved(record.request.group, ports.registry)
    return replace(_snapshot(None, record, ports), group_approved=versions)


def fetch_for_card(arn: Arn, ports: Ports) -> Snapshot:
    """Fetch what the card of *arn* shows. Raises Gone, NotOurs, Forbidden, Unavailable."""
    candidate = fetch_version(arn, ports.registry)
    # The ARN may have been asked for in another case than AWS writes it.
    version = candidate.version
    record, servings = ports.ledger.get_with_servings(version.arn, version.group)
    candidate = with_evidence_or_shown(candidate, record.request, ports.evidence)
    snapshot = replace(_snapshot(candidate, record, ports), servings=servings)
    return _with_people(ReconcileVersion(arn), snapshot, ports)


def _with_people(job: VersionJob, snapshot: Snapshot, ports: Ports) -> Snapshot:
    needed = people_needed(job, snapshot)
    people = fetch_people(needed, snapshot.version, ports.rules, ports.directory)
    return replace(snapshot, people=people)


def _snapshot(candidate: Candidate | None, record: Record, ports: Ports) -> Snapshot:
    record = _without_lease(record)
    history_lag = seconds_until(record.request.history_complete_at, record.read_at)
    request, attempt = record.request, record.request.update_attempt
    group = candidate.version.group if candidate else request.group
    rule = ports.rules.find(group)
    return Snapshot(
        stored=record,
        record=record if history_lag else _all_tried(record),
        candidate=candidate,
        rule=rule,
        rules_digest=ports.rules.digest,
        fallback_channel=ports.rules.channel,
        history_lag=history_lag,
        registry_lag=seconds_until(attempt.visible_at, record.read_at) if attempt else 0,
        declined=attempt is not None and attempt.declined,
        resumed=request.open_decision is not None,
        inherited=tuple(notice.id for notice in request.outbox if not notice.untried),
    )


def _without_lease(record: Record) -> Record:
    """Return *record* as if there were no lease: it ran out, or nothing is going to be written."""
    return replace(record, request=replace(record.request, lease=None))


def _all_tried(record: Record) -> Record:
    """Return *record* as it is written before its outbox is delivered, with nothing to wait for."""
    outbox = tuple(replace(notice, untried=False) for notice in record.request.outbox)
    request = replace(record.request, history_complete_at=None, outbox=outbox)
    return replace(record, request=request)
