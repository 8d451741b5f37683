"""Which version is next to deploy, and which one would be after a change of status."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from heapq import nlargest

from bot.core.registry.version import Status, Version


@dataclass(frozen=True, slots=True)
class Outcome:
    """Numbers of the versions next to deploy before and after a change; None if there is none."""

    before: int | None
    after: int | None

    @property
    def changes(self) -> bool:
        """Whether the change leads to a deployment of another version."""
        return self.before != self.after


def next_to_deploy(versions: Iterable[Version]) -> Version | None:
    """The version that the templates deploy: the newest created of those Approved."""
    return next(iter(newest_approved(versions, 1)), None)


def newest_approved(versions: Iterable[Version], most: int) -> list[Version]:
    """Return the newest created Approved versions, the newest first, *most* at most."""
    approved = [version for version in versions if version.status is Status.APPROVED]
    return nlargest(most, approved, key=lambda version: (version.created, version.number))


def outcome_of(version: Version, target: Status, versions: Iterable[Version]) -> Outcome:
    """What is next to deploy now, and what would be with *version* at *target*."""
    others = [other for other in versions if other.number != version.number]
    now = next_to_deploy([*others, version])
    then = next_to_deploy([*others, replace(version, status=target)])
    return Outcome(now.number if now else None, then.number if then else None)
