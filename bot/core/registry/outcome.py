"""Which version is next to deploy, and which one would be after a change of status."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.core.registry.version import Status, Version


@dataclass(frozen=True, slots=True)
class Outcome:
    """The number of the live version before and after a change; None where nothing is live."""

    before: int | None
    after: int | None

    @property
    def changes(self) -> bool:
        """Whether production changes at all."""
        return self.before != self.after


def next_to_deploy(versions: Iterable[Version]) -> Version | None:
    """The version that the templates deploy: the newest created of those Approved."""
    approved = [version for version in versions if version.status is Status.APPROVED]
    return max(approved, key=lambda version: (version.created, version.number), default=None)


def outcome_of(version: Version, target: Status, versions: Iterable[Version]) -> Outcome:
    """What is live now, and what would be with *version* at *target*."""
    others = [other for other in versions if other.number != version.number]
    now = next_to_deploy([*others, version])
    then = next_to_deploy([*others, replace(version, status=target)])
    return Outcome(now.number if now else None, then.number if then else None)
