"""The model registries of all accounts and Regions as one: an ARN says which one is meant."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from aws_lambda_powertools import Logger

from bot.adapters.aws.model_registry import SageMakerRegistry
from bot.core.errors import Forbidden, Unavailable
from bot.core.registry.registry_id import split_group_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from bot.adapters.aws.registry_clients import RegistryClients
    from bot.core.registry.registry_id import RegistryId
    from bot.core.registry.version import Arn, DescribedVersion, Status, Version
    from bot.core.votes.vote import Decision

    DecisionClient = Callable[[Decision], Any]

_logger: Final = Logger(child=True)


class AllRegistries:
    """
    `bot.flows.ports.Registry`, for every registry that *clients* knows.

    *decision_client_for* returns, for a registry and its client of SageMaker, what makes the
    client for one decision there; None where the bot decides in its own name.
    """

    def __init__(
        self,
        clients: RegistryClients,
        decision_client_for: Callable[[RegistryId, Any], DecisionClient | None],
    ) -> None:
        self._clients = clients
        self._decision_client_for = decision_client_for
        self._registry = cache(self._new_registry)

    @property
    def registry_ids(self) -> tuple[RegistryId, ...]:
        return self._clients.registry_ids

    def registry_id_of(self, arn: Arn) -> RegistryId | None:
        return self._clients.find_registry(arn)

    def describe(self, arn: Arn) -> DescribedVersion:
        return self._registry_of(arn).describe(arn)

    def versions(
        self, group: str, *, status: Status | None = None, most: int | None = None
    ) -> tuple[Version, ...]:
        registry_id, _ = split_group_name(group)
        if registry_id not in self.registry_ids:
            return ()
        return self._registry(registry_id).versions(group, status=status, most=most)

    def versions_with_status(
        self, status: Status, registry_id: RegistryId, *, created_after: datetime | None = None
    ) -> tuple[Version, ...]:
        with _failures_are_logged(registry_id):
            return self._registry(registry_id).versions_with_status(status, created_after)

    def groups(self, registry_id: RegistryId, *, most: int | None = None) -> tuple[str, ...]:
        with _failures_are_logged(registry_id):
            return self._registry(registry_id).groups(most=most)

    def apply(self, decision: Decision) -> None:
        self._registry_of(decision.arn).apply(decision)

    def _registry_of(self, arn: Arn) -> SageMakerRegistry:
        return self._registry(self._clients.registry_of(arn))

    def _new_registry(self, registry_id: RegistryId) -> SageMakerRegistry:
        sagemaker = self._clients.client("sagemaker", registry_id)
        decision_client = self._decision_client_for(registry_id, sagemaker)
        return SageMakerRegistry(sagemaker, decision_client, registry_id)


@contextmanager
def _failures_are_logged(registry_id: RegistryId) -> Iterator[None]:
    """Log that a registry cannot be listed: whoever asks makes do with the others."""
    try:
        yield
    except (Unavailable, Forbidden) as error:
        details = {"registry": registry_id, "reason": str(error)}
        _logger.warning("A registry could not be listed", extra=details)
        raise
