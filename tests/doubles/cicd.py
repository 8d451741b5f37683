"""A stand-in for CI/CD, which deploys: models, endpoint configurations, endpoints."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from bot.core.registry.version import Arn
from infra.local.endpoints import FAILS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROLE = "arn:aws:iam::123456789012:role/serves"


class CiCd:
    """Deploys to the SageMaker of *client*."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._numbers: Iterator[int] = count(1)
        self._mark = uuid4().hex[:8]

    def create(self, name: str, packages: Iterable[str] = (), fails: str = "") -> Arn:
        """Create the endpoint *name* with a model for each of *packages*, or with one of none."""
        config = self.config(self.models(packages), fails)
        response = self._client.create_endpoint(EndpointName=name, EndpointConfigName=config)
        return Arn(response["EndpointArn"])

    def update(self, name: str, packages: Iterable[str], fails: str = "") -> None:
        config = self.config(self.models(packages), fails)
        self._client.update_endpoint(EndpointName=name, EndpointConfigName=config)

    def delete(self, name: str) -> None:
        self._client.delete_endpoint(EndpointName=name)

    def models(self, packages: Iterable[str]) -> list[str]:
        containers = [{"ModelPackageName": package} for package in packages]
        return [self.model(each) for each in containers or [{"Image": "an-image"}]]

    def model(self, *containers: dict[str, str], many: bool = False) -> str:
        """A model of one container, or with *many* of all of them in a row."""
        definition: Any = (
            {"Containers": containers} if many else {"PrimaryContainer": containers[0]}
        )
        name = self._name("model")
        self._client.create_model(ModelName=name, ExecutionRoleArn=ROLE, **definition)
        return name

    def config(self, models: Iterable[str], fails: str = "") -> str:
        """A configuration with a variant for each of *models*; whatever is deployed may fail."""
        name = self._name("config")
        variants = [
            {
                "VariantName": model,
                "ModelName": model,
                "InstanceType": "ml.m5.large",
                "InitialInstanceCount": 1,
                "InitialVariantWeight": 1.0,
            }
            for model in models
        ]
        tags = [{"Key": FAILS, "Value": fails}] if fails else []
        self._client.create_endpoint_config(
            EndpointConfigName=name, ProductionVariants=variants, Tags=tags
        )
        return name

    def _name(self, kind: str) -> str:
        return f"{kind}-{self._mark}-{next(self._numbers)}"
