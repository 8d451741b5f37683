"""
The clients of AWS for each registry that the bot serves; an ARN says which registry it is in.

In its own registry the bot calls in its own name, elsewhere in the read role (`read_roles`).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from bot.core.errors import NotOurs
from bot.core.registry.registry_id import OWN_REGISTRY, RegistryId

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class RegistryClients:
    """
    The clients of a bot that runs at *own* and serves the registries *others* as well.

    *make* makes the client of a service for a registry; the bot's own is OWN_REGISTRY. Each client
    is made on first use, and kept.
    """

    def __init__(
        self, own: RegistryId, others: Iterable[RegistryId], make: Callable[[str, RegistryId], Any]
    ) -> None:
        self.registry_ids = (OWN_REGISTRY, *(each for each in others if each != own))
        self._own = own
        self._make = cache(make)

    def client(self, service: str, registry_id: RegistryId) -> Any:
        """Return the client of *service* for one of `registry_ids`."""
        return self._make(service, registry_id)

    def client_for(self, service: str, arn: str) -> Any:
        """Return the client of *service* for the registry of *arn*. Raises NotOurs."""
        return self.client(service, self.registry_of(arn))

    def find_registry(self, arn: str) -> RegistryId | None:
        """Return the registry of *arn*; None if the bot does not serve it, or it is no ARN."""
        _, _, _, region, account, *_ = (*arn.lower().split(":"), *[""] * 5)
        registry_id = RegistryId(f"{account}/{region}")
        if registry_id == self._own:
            return OWN_REGISTRY
        return registry_id if registry_id in self.registry_ids else None

    def registry_of(self, arn: str) -> RegistryId:
        """Return the registry of *arn*. Raises NotOurs if the bot does not serve it."""
        registry_id = self.find_registry(arn)
        if registry_id is None:
            raise NotOurs(
                f"{arn} is in no registry that this bot serves; "
                "the setting REGISTRIES would add its account and Region"
            )
        return registry_id
