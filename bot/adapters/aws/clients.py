"""
A client of AWS for each service and site: which one speaks for a version, its ARN says.

At home the bot calls in its own name; elsewhere, in the read role that is lent to it there
(`lent`). Each client is made when it is first needed, and kept.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from bot.core.errors import NotOurs
from bot.core.registry.registry_id import OWN_REGISTRY, RegistryId

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class Clients:
    """
    The clients of the bot, which is at *home*, and looks at *others* as well.

    *make* makes the client of a service at a site, whose name is empty at home.
    """

    def __init__(
        self, home: RegistryId, others: Iterable[RegistryId], make: Callable[[str, RegistryId], Any]
    ) -> None:
        self.sites = (OWN_REGISTRY, *(site for site in others if site != home))
        self._home = home
        self._make = cache(make)

    def at(self, service: str, site: RegistryId) -> Any:
        """The client of *service* at *site*, which is one of ours."""
        return self._make(service, site)

    def of(self, service: str, arn: str) -> Any:
        """The client of *service* where *arn* is. Raises NotOurs."""
        return self.at(service, self.ours(arn))

    def site_of(self, arn: str) -> RegistryId | None:
        """Where *arn* is; None if that is no site of ours, or *arn* is no ARN."""
        _, _, _, region, account, *_ = (*arn.lower().split(":"), *[""] * 5)
        site = RegistryId(f"{account}/{region}")
        if site == self._home:
            return OWN_REGISTRY
        return site if site in self.sites else None

    def ours(self, arn: str) -> RegistryId:
        """Where *arn* is. Raises NotOurs."""
        site = self.site_of(arn)
        if site is None:
            said = "is at no site that this bot looks at; the setting REGISTRIES would add it"
            raise NotOurs(f"{arn} {said}")
        return site
