"""The model registries of all sites as one: which of them is asked, a version's ARN says."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from aws_lambda_powertools import Logger
from botocore.exceptions import ClientError

from bot.adapters.aws.client import code
from bot.adapters.aws.model_registry import SageMakerRegistry
from bot.core.errors import Forbidden, Unavailable
from bot.core.registry.registry_id import registry_in_words, split_group_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.adapters.aws.clients import Clients
    from bot.core.registry.registry_id import RegistryId
    from bot.core.registry.version import Arn, DescribedVersion, Status, Version
    from bot.core.votes.vote import Decision

    AsDecider = Callable[[Decision], Any]

_logger: Final = Logger(child=True)

_RAN_OUT: Final = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired"})
"""What AWS says of keys whose time is over."""


class AllRegistries:
    """
    `bot.flows.ports.Registry`, wherever *clients* reach.

    *decider_at* gives, for a site and its client, who makes the client for one decision there;
    none where the bot decides in its own name.
    """

    def __init__(
        self, clients: Clients, decider_at: Callable[[RegistryId, Any], AsDecider | None]
    ) -> None:
        self._clients = clients
        self._decider_at = decider_at
        self._at = cache(self._made_at)

    @property
    def sites(self) -> tuple[RegistryId, ...]:
        return self._clients.sites

    def site_of(self, arn: Arn) -> RegistryId | None:
        return self._clients.site_of(arn)

    def describe(self, arn: Arn) -> DescribedVersion:
        site = self._clients.ours(arn)
        with _told(site):
            return self._at(site).describe(arn)

    def versions(self, group: str) -> tuple[Version, ...]:
        site, _ = split_group_name(group)
        if site not in self.sites:
            return ()
        with _told(site):
            return self._at(site).versions(group)

    def having(self, status: Status, site: RegistryId) -> tuple[Version, ...]:
        with _logged(site):
            return self._at(site).having(status)

    def groups(self, site: RegistryId) -> tuple[str, ...]:
        with _logged(site):
            return self._at(site).groups()

    def apply(self, decision: Decision) -> None:
        self._at(self._clients.ours(decision.arn)).apply(decision)

    def _made_at(self, site: RegistryId) -> SageMakerRegistry:
        sagemaker = self._clients.at("sagemaker", site)
        return SageMakerRegistry(sagemaker, self._decider_at(site, sagemaker), site)


@contextmanager
def _told(site: RegistryId) -> Iterator[None]:
    """Let any no of AWS at *site* be Forbidden; but keys that ran out are soon renewed."""
    try:
        yield
    except ClientError as error:
        said = f"the registry of {registry_in_words(site)} cannot be asked: {code(error)}"
        raise (Unavailable if code(error) in _RAN_OUT else Forbidden)(said) from error


@contextmanager
def _logged(site: RegistryId) -> Iterator[None]:
    """The same, and say so in the log: of a listing, whoever asks makes do without it."""
    try:
        with _told(site):
            yield
    except (Unavailable, Forbidden) as error:
        _logger.warning("a registry could not be asked", extra={"site": site, "why": str(error)})
        raise
