"""
SageMaker's endpoints: what each one serves, down to the model package versions.

What is peculiar to AWS is handled here (API model and developer guide): an endpoint is described by
its name; not found is a ValidationException; a variant may name no model, and a model no model
package.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from bot.adapters.aws.client import error_code, retryable_is_unavailable
from bot.adapters.aws.refusals import DENIED
from bot.core.errors import Forbidden, Gone
from bot.core.followup.endpoints import Endpoint, EndpointStatus
from bot.core.registry.version import Arn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_VERSION: Final = re.compile(r"[^/:]+/[0-9]+")
"""The end of a version's ARN: its group and its number; other model packages have no number."""
_NOT_FOUND: Final = "ValidationException"
"""What the Describe operations say of what is not there: the API model has no code for it."""


class SageMakerEndpoints:
    """
    `bot.flows.ports.Endpoints`, of SageMaker.

    *sagemaker_for* returns the client for the registry of an ARN.
    """

    def __init__(self, sagemaker_for: Callable[[Arn], Any]) -> None:
        self._sagemaker_for = sagemaker_for

    def describe(self, arn: Arn) -> Endpoint:
        sagemaker, name = self._sagemaker_for(arn), arn.rpartition("/")[2]
        with _errors_translated(f"endpoint {arn}"):
            raw = sagemaker.describe_endpoint(EndpointName=name)
            pending = raw.get("PendingDeploymentSummary") or {}
            return Endpoint(
                arn=Arn(raw["EndpointArn"]),
                name=raw["EndpointName"],
                state=EndpointStatus(raw["EndpointStatus"]),
                versions=_versions(sagemaker, arn, raw.get("EndpointConfigName")),
                pending_versions=_versions(sagemaker, arn, pending.get("EndpointConfigName")),
                reason=raw.get("FailureReason") or "",
                created=raw["CreationTime"],
                modified=raw["LastModifiedTime"],
            )


def _versions(sagemaker: Any, endpoint: Arn, config: str | None) -> tuple[Arn, ...]:
    """Return the versions in the models of the endpoint configuration *config*, each once."""
    if not config:
        return ()
    raw = sagemaker.describe_endpoint_config(EndpointConfigName=config)
    variants = [
        *(raw.get("ProductionVariants") or ()),
        *(raw.get("ShadowProductionVariants") or ()),
    ]
    models = dict.fromkeys(each["ModelName"] for each in variants if each.get("ModelName"))
    arns = [arn for model in models for arn in _model_packages(sagemaker, endpoint, model)]
    return tuple(dict.fromkeys(arns))


def _model_packages(sagemaker: Any, endpoint: Arn, model: str) -> Iterator[Arn]:
    """Return the versions in the containers of *model*."""
    raw = sagemaker.describe_model(ModelName=model)
    for container in (raw.get("PrimaryContainer") or {}, *(raw.get("Containers") or ())):
        package = container.get("ModelPackageName") or ""
        if _VERSION.fullmatch(package):  # a bare name is one of the endpoint's own registry
            package = f"{endpoint.rpartition(':')[0]}:model-package/{package}"
        if _VERSION.fullmatch(package.rpartition(":model-package/")[2]):
            yield Arn(package)


@contextmanager
def _errors_translated(what: str) -> Iterator[None]:
    """Translate AWS's errors into ours: Unavailable, Gone and Forbidden."""
    try:
        with retryable_is_unavailable():
            yield
    except ClientError as error:
        if error_code(error) == _NOT_FOUND:
            raise Gone(f"{what}, or what it serves, does not exist any more") from error
        if error_code(error) in DENIED:
            raise Forbidden(f"the bot may not describe {what}") from error
        raise
