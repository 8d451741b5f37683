"""Endpoints in memory, held to the same contract as SageMaker's (tests/adapters)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bot.core.errors import Gone
from bot.core.followup.endpoints import Endpoint, EndpointMemory, EndpointStatus
from bot.core.registry.version import Arn
from tests.doubles.builders import LATER, NOON

if TYPE_CHECKING:
    from bot.core.registry.version import Version


def an_endpoint(name: str = "fraud-prod") -> Arn:
    return Arn(f"arn:aws:sagemaker:us-east-1:123456789012:endpoint/{name.lower()}")


def a_memory(arn: Arn | None = None, **changes: Any) -> EndpointMemory:
    return EndpointMemory(arn=arn or an_endpoint(), read_at=NOON, **changes)


@dataclass
class FakeEndpoints:
    """`bot.flows.ports.Endpoints` in memory."""

    endpoints: dict[Arn, Endpoint] = field(default_factory=dict)
    deleted: dict[Arn, Endpoint] = field(default_factory=dict)

    def describe(self, arn: Arn) -> Endpoint:
        if arn not in self.endpoints:
            raise Gone(arn)
        return self.endpoints[arn]

    def put(self, *versions: Version, name: str = "fraud-prod", **changes: Any) -> Arn:
        """Let the endpoint *name* be in service with *versions*; a minute after its last change."""
        arn, served = an_endpoint(name), tuple(version.arn for version in versions)
        before, last = self.endpoints.get(arn), self.endpoints.get(arn) or self.deleted.get(arn)
        time = last.modified + timedelta(minutes=1) if last else LATER
        endpoint = Endpoint(
            arn=arn,
            name=name,
            state=EndpointStatus.IN_SERVICE,
            versions=served,
            config=f"config-of-{'-'.join(served)}",
            created=before.created if before else time,
            modified=time,
        )
        self.endpoints[arn] = replace(endpoint, **changes)
        return arn

    def delete_config(self, name: str = "fraud-prod") -> None:
        """Delete the configuration in service: what the endpoint serves is not known any more."""
        arn = an_endpoint(name)
        self.endpoints[arn] = replace(self.endpoints[arn], versions=(), is_complete=False)

    def delete(self, name: str = "fraud-prod") -> None:
        """Delete the endpoint *name*: what is put there afterwards is another one."""
        arn = an_endpoint(name)
        self.deleted[arn] = self.endpoints.pop(arn)
