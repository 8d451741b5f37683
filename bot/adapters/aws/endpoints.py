"""
What SageMaker serves: an endpoint, its configuration, its models, and the versions in them.

AWS's habits end here (API model and developer guide): an endpoint is asked for by its name; not
found is a ValidationException; a variant may name no model, and a model no model package.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from bot.adapters.aws.client import DENIED, error_code, retryable_is_unavailable
from bot.core.errors import Forbidden, Gone
from bot.core.followup.endpoints import Endpoint, EndpointStatus
from bot.core.registry.version import Arn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_VERSION: Final = re.compile(r"[^/:]+/[0-9]+")
"""How the name of a version looks, behind its group's; other packages have no number."""


class SageMakerDeployments:
    """`bot.flows.ports.Deployments`, of SageMaker. *sagemaker* is the client for an ARN."""

    def __init__(self, sagemaker: Callable[[Arn], Any]) -> None:
        self._sagemaker = sagemaker

    def look(self, arn: Arn) -> Endpoint:
        sagemaker, name = self._sagemaker(arn), arn.rpartition("/")[2]
        with _as_we_say(f"endpoint {arn}"):
            raw = sagemaker.describe_endpoint(EndpointName=name)
            pending = raw.get("PendingDeploymentSummary") or {}
            return Endpoint(
                arn=Arn(raw["EndpointArn"]),
                name=raw["EndpointName"],
                state=EndpointStatus(raw["EndpointStatus"]),
                versions=_versions(sagemaker, arn, raw.get("EndpointConfigName")),
                coming=_versions(sagemaker, arn, pending.get("EndpointConfigName")),
                reason=raw.get("FailureReason") or "",
                created=raw["CreationTime"],
                modified=raw["LastModifiedTime"],
            )


def _versions(sagemaker: Any, endpoint: Arn, config: str | None) -> tuple[Arn, ...]:
    """The versions in the models of *config*, each once."""
    if not config:
        return ()
    raw = sagemaker.describe_endpoint_config(EndpointConfigName=config)
    variants = [
        *(raw.get("ProductionVariants") or ()),
        *(raw.get("ShadowProductionVariants") or ()),
    ]
    models = dict.fromkeys(each["ModelName"] for each in variants if each.get("ModelName"))
    found = [arn for model in models for arn in _packages(sagemaker, endpoint, model)]
    return tuple(dict.fromkeys(found))


def _packages(sagemaker: Any, endpoint: Arn, model: str) -> Iterator[Arn]:
    raw = sagemaker.describe_model(ModelName=model)
    for container in (raw.get("PrimaryContainer") or {}, *(raw.get("Containers") or ())):
        named = container.get("ModelPackageName") or ""
        if _VERSION.fullmatch(named):  # a bare name is one of the endpoint's own registry
            named = f"{endpoint.rpartition(':')[0]}:model-package/{named}"
        if _VERSION.fullmatch(named.rpartition(":model-package/")[2]):
            yield Arn(named)


@contextmanager
def _as_we_say(what: str) -> Iterator[None]:
    """Let the noes of AWS be what we call them."""
    try:
        with retryable_is_unavailable():
            yield
    except ClientError as error:
        if error_code(error) == "ValidationException":
            raise Gone(f"{what}, or what it serves, is not there any more") from error
        if error_code(error) in DENIED:
            raise Forbidden(f"the bot may not look at {what}") from error
        raise
