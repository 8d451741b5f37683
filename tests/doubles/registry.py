"""A model registry in memory, held to the same contract as SageMaker's (tests/adapters)."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.core.errors import Declined, Gone, NotOurs
from bot.core.registry.registry_id import OWN_REGISTRY, RegistryId, split_group_name
from bot.core.registry.version import Version, arn_key
from bot.core.votes.approval_record import description, metadata
from tests.doubles.builders import HERE, LATER, THERE

if TYPE_CHECKING:
    from datetime import datetime

    from bot.core.errors import BotError
    from bot.core.registry.version import Arn, DescribedVersion, Status
    from bot.core.votes.vote import Decision


class FakeRegistry:
    """
    `bot.flows.ports.Registry` in memory, with one other registry.

    *updates* are the calls that changed something; *unreachable* registries do not answer, and why.
    """

    def __init__(self, *versions: DescribedVersion) -> None:
        self.registry_ids = (OWN_REGISTRY, THERE)
        self.unreachable: dict[RegistryId, BotError] = {}
        self.registered = {version.arn: version for version in versions}
        self.updates: list[Decision] = []
        self._tokens: set[str] = set()

    def add(self, version: DescribedVersion) -> DescribedVersion:
        """Register *version*, or replace it."""
        self.registered[version.arn] = version
        return version

    def move_outside(
        self,
        arn: Arn,
        status: Status,
        by: str = "somebody-else",
        comment: str = "",
        at: datetime = LATER,
    ) -> None:
        """Change the status, as the console, an SDK or a pipeline does."""
        version = self.registered[arn]
        changed = replace(version, status=status, modified_by=by, modified=_later(version, at))
        self.registered[arn] = replace(changed, comment=comment or version.comment)

    def registry_id_of(self, arn: Arn) -> RegistryId | None:
        _, _, _, region, account, _ = arn.split(":", 5)
        registry_id = RegistryId(f"{account}/{region}")
        registry_id = OWN_REGISTRY if registry_id == HERE else registry_id
        return registry_id if registry_id in self.registry_ids else None

    def _check_reachable(self, registry_id: RegistryId | None, arn: Arn | None = None) -> None:
        if registry_id is None:
            raise NotOurs(arn)
        if registry_id in self.unreachable:
            raise self.unreachable[registry_id]

    def describe(self, arn: Arn) -> DescribedVersion:
        self._check_reachable(self.registry_id_of(arn), arn)
        for version in self.registered.values():
            if arn_key(version.arn) == arn_key(arn):
                return version
        raise Gone(arn)

    def versions(
        self, group: str, *, status: Status | None = None, most: int | None = None
    ) -> tuple[Version, ...]:
        self._check_reachable(split_group_name(group)[0])
        listed = [
            version
            for version in self.registered.values()
            if version.group == group and status in {None, version.status}
        ]
        listed.sort(key=lambda version: (version.created, version.number), reverse=True)
        return tuple(map(_listed, listed[:most]))

    def versions_with_status(
        self, status: Status, registry_id: RegistryId, *, created_after: datetime | None = None
    ) -> tuple[Version, ...]:
        return tuple(
            _listed(version)
            for version in self._in_registry(registry_id)
            if version.status is status
            and (created_after is None or version.created > created_after)
        )

    def groups(self, registry_id: RegistryId, *, most: int | None = None) -> tuple[str, ...]:
        return tuple(sorted({version.group for version in self._in_registry(registry_id)})[:most])

    def _in_registry(self, registry_id: RegistryId) -> list[DescribedVersion]:
        self._check_reachable(registry_id)
        return [
            version
            for version in self.registered.values()
            if self.registry_id_of(version.arn) == registry_id
        ]

    def apply(self, decision: Decision) -> None:
        self._check_reachable(self.registry_id_of(decision.arn), decision.arn)
        if decision.id in self._tokens:
            return
        if decision.arn not in self.registered:
            raise Declined("ValidationException")
        self._tokens.add(decision.id)
        self.updates.append(decision)
        version = self.registered[decision.arn]
        self.registered[decision.arn] = replace(
            version,
            status=decision.target,
            comment=description(decision),
            metadata={**version.metadata, **metadata(decision)},
            modified=_later(version, decision.at),
            modified_by="the-bots-role",
        )


def _later(version: DescribedVersion, time: datetime) -> datetime:
    """Return *time*, or a second after *version* was last modified: it never is before that."""
    return max(time, (version.modified or version.created) + timedelta(seconds=1))


def _listed(described: DescribedVersion) -> Version:
    """A listing tells less than describing does."""
    return Version(**{field.name: getattr(described, field.name) for field in fields(Version)})
