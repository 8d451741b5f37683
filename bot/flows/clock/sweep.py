"""
Time passes: find the versions whose card may be stale, and put each in its line.

Events can be lost (EventBridge delivers SageMaker's on best effort), and functions crash. One
listing for each registry of all that waits, held against what the ledger remembers, shows what
was never announced, has spent buttons, or has a change that was never carried through. It does
not ask Slack: that a card was deleted by hand shows when it is next drawn. The first sweep of a
day gathers the audit trail as well.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final

from bot.core.jobs.messages import ReconcileVersion
from bot.core.registry.version import Readiness, Status
from bot.flows.clock.checkpoint import write_checkpoint
from bot.flows.fetch import all_registries

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

    from bot.core.jobs.record import RecordSummary
    from bot.core.registry.registry_id import RegistryId
    from bot.core.registry.version import Arn, Version
    from bot.flows.ports import Ports

SAMPLE: Final = 10
"""How many decided cards are looked at each time; each time others."""


def sweep(ports: Ports) -> int:
    """
    Announce whatever may be stale; returns how many versions that were.

    Where a registry cannot be asked, its versions are left as they are, and when all else is done
    it raises why: Unavailable or Forbidden.
    """
    moment = ports.now().isoformat()
    heard = all_registries.having(Status.PENDING, ports)
    waiting = heard.found
    rows = {
        row.arn: row for row in ports.ledger.summaries() if _is_known(row.arn, heard.silent, ports)
    }
    untrue = [version for version in waiting if not _is_true(version, waiting, rows, ports)]
    left_over = _left_over({version.arn for version in waiting}, rows)
    arns = [*(version.arn for version in untrue), *left_over, *_sample(rows, moment)]
    stale = dict.fromkeys(arns)
    ports.queue.send_all((ReconcileVersion(arn), f"{moment}.{arn}") for arn in stale)
    ports.metrics.count(
        "Repaired", len({*left_over, *_finished(untrue)})
    )  # no event had told of it
    if not heard.silent:  # else what waits there would look decided
        _measure(waiting, ports)
    write_checkpoint(ports)  # at the end: what is stale does not wait for it, should it fail
    for error in heard.silent.values():
        raise error  # all else is done; so an alarm hears of it
    return len(stale)


def _is_known(arn: Arn, silent: Container[RegistryId], ports: Ports) -> bool:
    """Whether anything can be said of *arn* now: whether its site is ours, and has answered."""
    site = ports.registry.site_of(arn)
    return site is not None and site not in silent


def _measure(waiting: Sequence[Version], ports: Ports) -> None:
    """Measure what waits for people."""
    now = ports.now()
    oldest = min((version.created for version in waiting), default=now)
    ports.metrics.count("Waiting", len(waiting))
    ports.metrics.took("OldestWaiting", now - oldest)


def _finished(versions: Iterable[Version]) -> Iterator[Arn]:
    """Those of *versions* that SageMaker has made: the others have no card, and need none."""
    made = (Readiness.COMPLETED, Readiness.FAILED)
    return (version.arn for version in versions if version.readiness in made)


def _is_true(
    version: Version, waiting: Sequence[Version], rows: Mapping[Arn, RecordSummary], ports: Ports
) -> bool:
    """Whether the card of *version*, which waits, is there and says what can be known here."""
    row = rows.get(version.arn)
    if row is None or row.status is not Status.PENDING:
        return False
    waiting_numbers = {other.number for other in waiting if other.group == version.group}
    return (
        row.next_to_deploy not in waiting_numbers
        and row.rule == ports.rules.find(version.group).digest
    )


def _left_over(waiting: set[Arn], rows: Mapping[Arn, RecordSummary]) -> list[Arn]:
    """Cards drawn as waiting whose version does not wait, and what was left half done."""
    return [
        row.arn
        for row in rows.values()
        if row.unfinished or (row.status is Status.PENDING and row.arn not in waiting)
    ]


def _sample(rows: Mapping[Arn, RecordSummary], moment: str) -> list[Arn]:
    """Some cards of decided versions, in case the event of a change outside was lost."""
    decided = [row.arn for row in rows.values() if row.status not in (None, Status.PENDING)]
    return sorted(decided, key=lambda arn: sha256(f"{moment}{arn}".encode()).digest())[:SAMPLE]
