"""The audit trail as the promises read it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.core.audit.chain import Entry
    from bot.core.registry.version import Arn, DescribedVersion
    from tests.simulation.simulation import Simulation


def trail_of_arn(arn: Arn, simulation: Simulation) -> list[dict[str, Any]]:
    return [_content(entry) for entry in simulation.ledger.entries(arn)]


@lru_cache(10_000)
def _content(entry: Entry) -> dict[str, Any]:
    """Return what *entry* says; trails are read again and again, and nobody changes it."""
    return entry.content


def arns(simulation: Simulation) -> Iterator[Arn]:
    yield from dict.fromkeys(
        [*simulation.registry.registered, *(v.arn for v in simulation.world.deleted)]
    )


def trail_of(version: DescribedVersion, simulation: Simulation) -> list[dict[str, Any]]:
    """
    The trail since *version* was created: its ARN may have been another's before.

    A job that began before that may have seen it, and one that began after that may have seen the
    other version, which SageMaker still showed.
    """
    created = version.created.isoformat()
    trail = trail_of_arn(version.arn, simulation)
    since = [e for e in trail if _time_of(e) >= created]
    cast = {e["id"] for e in since if e["kind"] == "vote"}
    return [e for e in since if e["kind"] != "decision" or e["id"] in cast]


def _time_of(entry: dict[str, Any]) -> str:
    """When what *entry* is about was: of a change outside, the registry knows it."""
    time: str = entry["at"] if entry["kind"] == "external_change" else entry["written"]
    return time
