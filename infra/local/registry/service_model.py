"""Reads botocore's service models, which state what each operation takes and returns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from moto.core.utils import get_service_model

if TYPE_CHECKING:
    from collections.abc import Mapping

    from moto.core.model import StructureShape


def input_shape(service: str, operation: str) -> StructureShape:
    """Return the shape of what an operation takes."""
    shape = get_service_model(service).operation_model(operation).input_shape
    return cast("StructureShape", shape)


def package_fields() -> Mapping[str, Any]:
    """Return the fields that DescribeModelPackage returns, by name, with their shapes."""
    operation = get_service_model("sagemaker").operation_model("DescribeModelPackage")
    return cast("StructureShape", operation.output_shape).members
