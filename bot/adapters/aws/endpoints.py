"""
SageMaker's endpoints: what each one serves, down to the model package versions.

What is peculiar to AWS is handled here (API model and developer guide; for its errors, `refusals`):
an endpoint is described by its name; a variant may name no model, and a model no model package.

A configuration and a model can be deleted while the endpoint serves (DeleteEndpointConfig: "deletes
only the specified configuration. It does not delete endpoints"), and scripts do so after an update.
That hides nothing else: the endpoint and its other versions are described, as not complete.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from aws_lambda_powertools import Logger
from botocore.exceptions import ClientError

from bot.adapters.aws.client import error_code, retryable_is_unavailable
from bot.adapters.aws.refusals import DENIED, is_missing
from bot.core.errors import Forbidden, Gone, UnknownRefusal
from bot.core.followup.endpoints import Endpoint, EndpointStatus
from bot.core.registry.version import Arn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_logger: Final = Logger(child=True)

_VERSION: Final = re.compile(r"[^/:]+/[0-9]+")
"""The end of a version's ARN: its group and its number; other model packages have no number."""


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
            config = raw.get("EndpointConfigName") or ""
            pending = (raw.get("PendingDeploymentSummary") or {}).get("EndpointConfigName") or ""
            versions, is_complete = _versions(sagemaker, arn, config)
            pending_versions, _ = _versions(sagemaker, arn, pending)
        return Endpoint(
            arn=Arn(raw["EndpointArn"]),
            name=raw["EndpointName"],
            state=EndpointStatus(raw["EndpointStatus"]),
            versions=versions,
            is_complete=is_complete,
            config=config,
            pending_versions=pending_versions,
            pending_config=pending,
            reason=raw.get("FailureReason") or "",
            created=raw["CreationTime"],
            modified=raw["LastModifiedTime"],
        )


def _versions(sagemaker: Any, endpoint: Arn, config: str) -> tuple[tuple[Arn, ...], bool]:
    """Return the versions in the models of *config*, each once, and whether these are all."""
    if not config:
        return (), True
    raw = _existing(sagemaker.describe_endpoint_config, EndpointConfigName=config)
    if raw is None:
        return (), False
    variants = [
        *(raw.get("ProductionVariants") or ()),
        *(raw.get("ShadowProductionVariants") or ()),
    ]
    names = dict.fromkeys(each.get("ModelName") for each in variants)
    models = [
        _existing(sagemaker.describe_model, ModelName=name) if name else None for name in names
    ]
    arns = [arn for model in models if model for arn in _model_packages(model, endpoint)]
    return tuple(dict.fromkeys(arns)), None not in models


def _existing(describe: Callable[..., dict[str, Any]], **name: str) -> dict[str, Any] | None:
    """Return what *describe* says of *name*; None if it was deleted."""
    try:
        return describe(**name)
    except ClientError as error:
        if not is_missing(error):
            raise
        _logger.warning("What an endpoint serves was deleted", extra=name)
        return None


def _model_packages(raw: dict[str, Any], endpoint: Arn) -> Iterator[Arn]:
    """Return the versions in the containers of a model."""
    for container in (raw.get("PrimaryContainer") or {}, *(raw.get("Containers") or ())):
        package = container.get("ModelPackageName") or ""
        if _VERSION.fullmatch(package):  # a bare name is one of the endpoint's own registry
            package = f"{endpoint.rpartition(':')[0]}:model-package/{package}"
        if _VERSION.fullmatch(package.rpartition(":model-package/")[2]):
            yield Arn(package)


@contextmanager
def _errors_translated(what: str) -> Iterator[None]:
    """
    Translate AWS's errors into ours.

    Gone: there is no such endpoint; what it serves is looked for apart (`_existing`). Forbidden: a
    permission is missing, or the Region is not enabled. UnknownRefusal: anything else.
    """
    try:
        with retryable_is_unavailable():
            yield
    except ClientError as error:
        if is_missing(error):
            raise Gone(f"{what} does not exist any more") from error
        if error_code(error) in DENIED | {"UnrecognizedClientException"}:
            raise Forbidden(f"the bot may not describe {what}: {error_code(error)}") from error
        raise UnknownRefusal(f"{what} cannot be described: {error}") from error
