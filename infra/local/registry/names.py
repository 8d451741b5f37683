"""4, 6. ARNs of groups and packages, and how one is found by ARN or by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.core.utils import camelcase_to_underscores
from moto.sagemaker.exceptions import ValidationError
from moto.sagemaker.utils import arn_formatter

if TYPE_CHECKING:
    from collections.abc import Iterable


def arn_of(kind: str, name: str, account: str, region: str) -> str:
    """
    4. Return the ARN of the ModelPackage or ModelPackageGroup *name*, which may be an ARN.

    moto lower-cases a package's ARN, not a group's. AWS: every ARN of a version in the registry
    pages and on the events page is spelled as its group is.
    """
    if name.startswith("arn:"):
        return name
    resource = camelcase_to_underscores(kind).replace("_", "-")
    return arn_formatter(resource, name, account, region)


def lookup(arn: str, resources: Iterable[Any]) -> Any | None:
    """
    4. Return the resource with exactly this ARN, else the one with this ARN in any case.

    The model says it of an endpoint's name only, "case-insensitive ..., but the case is preserved"
    (CreateEndpointInput); assumed to hold here.
    """
    by_arn = {resource.arn: resource for resource in resources}
    return by_arn.get(arn) or {key.lower(): each for key, each in by_arn.items()}.get(arn.lower())


def find(kind: str, arn: str, resources: Iterable[Any]) -> Any:
    """
    6. Return the resource *arn*, or refuse: it "does not exist."

    moto has other words for a package. AWS: ValidationException with this ending, which its own
    Kubernetes controller relies on (sagemaker-controller, generator.yaml).
    """
    resource = lookup(arn, resources)
    if resource is None:
        raise ValidationError(f"{kind} {arn} does not exist.")
    return resource
