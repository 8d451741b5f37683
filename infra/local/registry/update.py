"""
1. UpdateModelPackage changes only what is sent.

moto sets everything that is not sent to null. AWS: UpdateModelPackageInput requires the ARN
alone, and "CustomerMetadataPropertiesToRemove" makes no sense unless the rest stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.core.utils import utcnow

from infra.local.registry.limits import path_of, refuse, violations
from infra.local.registry.service_model import package_fields

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from infra.local.registry.package import Package


def update(package: Package, request: Mapping[str, Any], caller: dict[str, Any]) -> list[str]:
    """Change what *request* sends, and return the names of those fields. Raises ValidationError."""
    values = _new_values(package, request)
    refuse([each for field, value in values.items() for each in _violations(field, value)])
    for field, value in values.items():
        package[field] = value
    package["LastModifiedTime"] = utcnow()
    package["LastModifiedBy"] = caller
    return list(values)


def _new_values(package: Package, request: Mapping[str, Any]) -> dict[str, Any]:
    """Compute the new values: most replace the old ones, three are combined with them."""
    fields = package_fields().keys() - {"ModelPackageArn"}
    values = {field: value for field, value in request.items() if field in fields}
    if {"CustomerMetadataProperties", "CustomerMetadataPropertiesToRemove"} & request.keys():
        values["CustomerMetadataProperties"] = _metadata(package, request)
    if "ModelCard" in request:
        # Assumed: clients send a new ModelCardStatus alone, and the content stays.
        values["ModelCard"] = {**(package["ModelCard"] or {}), **request["ModelCard"]}
    if added := request.get("AdditionalInferenceSpecificationsToAdd"):
        existing = package["AdditionalInferenceSpecifications"] or []
        values["AdditionalInferenceSpecifications"] = existing + added
    return values


def _metadata(package: Package, request: Mapping[str, Any]) -> dict[str, str] | None:
    """
    1. Merge the properties, then remove; nothing left is the same as none.

    moto replaces them all, and fails on a removal that comes alone. The model does not say
    merge; that there is a way to remove single keys implies it.
    """
    merged = {
        **(package["CustomerMetadataProperties"] or {}),
        **request.get("CustomerMetadataProperties", {}),
    }
    for key in request.get("CustomerMetadataPropertiesToRemove", []):
        merged.pop(key, None)
    return merged or None


def _violations(field: str, value: Any) -> Iterator[str]:
    """
    1, 9. Check what an update leads to against Describe's own shape.

    So 60 properties in two calls are refused like 60 in one; and the model says of
    AdditionalInferenceSpecificationsToAdd that there are 15 in total.
    """
    if value is None:
        return iter(())
    return violations(package_fields()[field], value, path_of(field))
